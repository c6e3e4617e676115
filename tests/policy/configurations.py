"""Configurations for the policy's tests: the lab's own, and what it lacks."""

from functools import cache

from headend.lab import HeadendSpec
from headend.lab.configuration import Configuration as LabConfiguration
from headend.lab.startup import startup_text
from headend.policy.configuration import Configuration

# What a headend with every way in adds to the lab's.
EVERY_WAY = """\
aaa-server TOKENS protocol sdi
aaa-server TOKENS (inside) host 10.9.0.9
tunnel-group DefaultWEBVPNGroup general-attributes
 authentication-server-group AD
 authorization-server-group AD-LOOKUP
tunnel-group PLAIN type remote-access
tunnel-group PLAIN webvpn-attributes
 group-url https://vpn.example/plain enable
 group-url https://vpn.example/old disable
tunnel-group TWO type remote-access
tunnel-group TWO general-attributes
 authentication-server-group (outside) AD LOCAL
 secondary-authentication-server-group TOKENS use-primary-username
 default-group-policy GP-MISSING
tunnel-group TWO webvpn-attributes
 authentication aaa certificate
 group-alias "two factors" enable
 group-url https://vpn.example/two enable
tunnel-group SSO type remote-access
tunnel-group SSO webvpn-attributes
 authentication saml
 saml identity-provider https://idp.example/
 group-alias sso enable
tunnel-group ASK type remote-access
tunnel-group ASK general-attributes
 authentication-server-group BADKEY
 override-account-disable
tunnel-group ASK webvpn-attributes
 proxy-auth sdi
 group-alias ask enable
group-policy DfltGrpPolicy attributes
 vpn-simultaneous-logins 1
 vpn-filter value STOP
username localuser attributes
 vpn-group-policy GP-CONTRACTOR
 vpn-simultaneous-logins 7
crypto ca certificate map PEOPLE 10
 issuer-name attr cn eq issuing-ca-01
 subject-name attr cn eq jdoe
crypto ca certificate map PEOPLE 20
 subject-name co laptop
 extended-key-usage co clientauth
webvpn
 certificate-group-map PEOPLE 10 CERT
 certificate-group-map PEOPLE 20 STAFF
"""


@cache
def lab_text(extra: str = "") -> str:
    spec = HeadendSpec("vpn-1", extra_configuration=extra)
    return LabConfiguration(startup_text(spec)).text()


@cache
def lab(extra: str = "") -> Configuration:
    return Configuration.parse(lab_text(extra))
