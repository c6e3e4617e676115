"""The configuration text with which a lab headend starts."""

from __future__ import annotations

from typing import Final

from headend.lab.directory import (
    BASE_DN,
    BIND_DN,
    BIND_PASSWORD,
    CONTRACTOR_GROUP,
    LOCAL_PASSWORDS,
    STAFF_GROUP,
    TRUSTPOINT,
)
from headend.lab.spec import LOGIN, HeadendSpec

# The secret that each RADIUS server holds; the headends' "key" lines are compared by the packets.
RADIUS_SECRETS: Final[dict[tuple[str, int], str]] = {
    ("10.20.1.5", 1812): "Rsa-shared-0815",
    ("10.20.1.6", 1812): "Server-side-4242",
}

_TEXT: Final = """\
hostname {name}
domain-name corp.example
enable password {enable} pbkdf2
names
ip local pool VPN-POOL 10.99.0.10-10.99.0.250 mask 255.255.255.0
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address {public_ip} 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.20.0.2 255.255.255.0
clock timezone UTC 0
pager lines 24
logging enable
logging timestamp
logging buffer-size 262144
logging buffered informational
ldap attribute-map AD-MAP
  map-name memberOf Group-Policy
  map-value memberOf "{contractors}" GP-CONTRACTOR
  map-value memberOf "{staff}" GP-STAFF
aaa-server RSA protocol radius
aaa-server RSA (inside) host 10.20.1.5
 timeout 5
 key {rsa}
 authentication-port 1812
aaa-server DEADRAD protocol radius
aaa-server DEADRAD (inside) host 10.20.1.9
 key Dead-shared-1
 authentication-port 1812
aaa-server BADKEY protocol radius
aaa-server BADKEY (inside) host 10.20.1.6
 key Headend-side-4343
 authentication-port 1812
aaa-server AD protocol ldap
aaa-server AD (inside) host 10.20.2.10
 ldap-base-dn {base}
 ldap-scope subtree
 ldap-naming-attribute sAMAccountName
 ldap-login-password {bind_password}
 ldap-login-dn {bind_dn}
 server-type microsoft
 ldap-attribute-map AD-MAP
aaa-server AD-LOOKUP protocol ldap
aaa-server AD-LOOKUP (inside) host 10.20.2.10
 ldap-base-dn {base}
 ldap-scope subtree
 ldap-naming-attribute userPrincipalName
 ldap-login-password {bind_password}
 ldap-login-dn {bind_dn}
 server-type microsoft
aaa-server AD-DEVICES protocol ldap
aaa-server AD-DEVICES (inside) host 10.20.2.10
 ldap-base-dn {base}
 ldap-scope subtree
 ldap-naming-attribute dNSHostName
 ldap-login-password {bind_password}
 ldap-login-dn {bind_dn}
 server-type microsoft
aaa authentication ssh console LOCAL
crypto ca trustpoint {trustpoint}
 enrollment terminal
 validation-usage ssl-client
 revocation-check crl
 crl configure
ssh stricthostkeycheck
ssh timeout 5
ssh 0.0.0.0 0.0.0.0 inside
ntp server 10.20.3.1
webvpn
 enable outside
 anyconnect image disk0:/anyconnect-win-4.10.08029-webdeploy-k9.pkg 1
 anyconnect enable
 tunnel-group-list enable
group-policy GP-STAFF internal
group-policy GP-STAFF attributes
 dns-server value 10.20.3.53
 vpn-simultaneous-logins 3
 vpn-tunnel-protocol ssl-client
 split-tunnel-policy tunnelall
 webvpn
  anyconnect modules value vpngina
  anyconnect profiles value CORP-PROFILE type user
group-policy GP-CONTRACTOR internal
group-policy GP-CONTRACTOR attributes
 vpn-simultaneous-logins 1
 vpn-tunnel-protocol ssl-client
 group-lock value CONTRACTOR
group-policy GP-NOACCESS internal
group-policy GP-NOACCESS attributes
 vpn-simultaneous-logins 0
 vpn-tunnel-protocol ssl-client
dynamic-access-policy-record DfltAccessPolicy
username {admin} password {admin_password} pbkdf2 privilege {privilege}
{local_users}tunnel-group CORP type remote-access
tunnel-group CORP general-attributes
 address-pool VPN-POOL
 authentication-server-group RSA
 default-group-policy GP-STAFF
tunnel-group CORP webvpn-attributes
 group-alias CORP enable
tunnel-group STAFF type remote-access
tunnel-group STAFF general-attributes
 address-pool VPN-POOL
 authentication-server-group AD
 default-group-policy GP-NOACCESS
tunnel-group STAFF webvpn-attributes
 group-alias STAFF enable
tunnel-group CONTRACTOR type remote-access
tunnel-group CONTRACTOR general-attributes
 address-pool VPN-POOL
 authentication-server-group AD
 default-group-policy GP-NOACCESS
tunnel-group CONTRACTOR webvpn-attributes
 group-alias CONTRACTOR enable
tunnel-group CERT type remote-access
tunnel-group CERT general-attributes
 address-pool VPN-POOL
 authorization-server-group AD-LOOKUP
 default-group-policy GP-STAFF
 authorization-required
 username-from-certificate UPN
tunnel-group CERT webvpn-attributes
 authentication certificate
 group-alias CERT enable
tunnel-group LOCALVPN type remote-access
tunnel-group LOCALVPN general-attributes
 address-pool VPN-POOL
 default-group-policy GP-STAFF
tunnel-group LOCALVPN webvpn-attributes
 group-alias LOCALVPN enable
tunnel-group DEADRAD type remote-access
tunnel-group DEADRAD general-attributes
 address-pool VPN-POOL
 authentication-server-group DEADRAD
 default-group-policy GP-STAFF
tunnel-group DEADRAD webvpn-attributes
 group-alias DEADRAD enable
tunnel-group BADKEY type remote-access
tunnel-group BADKEY general-attributes
 address-pool VPN-POOL
 authentication-server-group BADKEY
 default-group-policy GP-STAFF
tunnel-group BADKEY webvpn-attributes
 group-alias BADKEY enable
prompt hostname{prompt}
"""

# More tunnel groups, for a specification's ``extra_configuration``: tokens asked for natively, and
# single sign-on.
WITH_SDI: Final = """\
aaa-server TOKENS protocol sdi
aaa-server TOKENS (inside) host 10.20.1.7
tunnel-group TOKENS type remote-access
tunnel-group TOKENS general-attributes
 address-pool VPN-POOL
 authentication-server-group TOKENS
 default-group-policy GP-STAFF
tunnel-group TOKENS webvpn-attributes
 group-alias TOKENS enable
"""
WITH_SAML: Final = """\
tunnel-group SSO type remote-access
tunnel-group SSO general-attributes
 address-pool VPN-POOL
 default-group-policy GP-STAFF
tunnel-group SSO webvpn-attributes
 authentication saml
 group-alias SSO enable
"""


def startup_text(spec: HeadendSpec) -> str:
    """Return the saved configuration of a headend with this personality, secrets in clear."""
    text = _TEXT.format(
        name=spec.name,
        public_ip=spec.public_ip,
        enable=LOGIN.enable,
        admin=LOGIN.username,
        admin_password=LOGIN.password,
        privilege=spec.privilege,
        staff=STAFF_GROUP,
        contractors=CONTRACTOR_GROUP,
        base=BASE_DN,
        bind_dn=BIND_DN,
        bind_password=BIND_PASSWORD,
        rsa=RADIUS_SECRETS["10.20.1.5", 1812],
        trustpoint=TRUSTPOINT,
        local_users="".join(
            f"username {name} password {password} pbkdf2 privilege 0\n"
            f"username {name} attributes\n service-type remote-access\n"
            for name, password in LOCAL_PASSWORDS.items()
        ),
        prompt=" priority state" if spec.prompt_style == "priority-state" else "",
    )
    extra = [
        *(["logging debug-trace", "logging buffered debugging"] if spec.debug_trace else []),
        *([] if spec.hide_username else ["no logging hide username"]),
        *(["aaa authorization exec LOCAL auto-enable"] if spec.auto_enable else []),
        *([] if spec.failover_role is None else ["failover"]),
    ]
    return text + "".join(f"{line}\n" for line in extra) + spec.extra_configuration
