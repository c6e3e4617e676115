"""The configuration modes: what opens each of them, and which words it knows."""

from __future__ import annotations

import re
from typing import Final

ROOTS: Final = frozenset(
    [
        "hostname",
        "domain-name",
        "enable",
        "names",
        "ip",
        "interface",
        "object",
        "object-group",
        "access-list",
        "clock",
        "pager",
        "terminal",
        "logging",
        "ldap",
        "aaa-server",
        "aaa",
        "http",
        "ssl",
        "crypto",
        "quota",
        "ssh",
        "ntp",
        "route",
        "threat-detection",
        "webvpn",
        "group-policy",
        "dynamic-access-policy-record",
        "username",
        "tunnel-group",
        "tunnel-group-map",
        "prompt",
        "failover",
        "call-home",
        "event",
        "banner",
        "snmp-server",
        "dns",
        "privilege",
    ]
)
_HOST: Final = (
    "timeout key authentication-port accounting-port ldap-base-dn ldap-scope "
    "ldap-naming-attribute ldap-login-password ldap-login-dn server-type ldap-attribute-map "
    "ldap-over-ssl server-port radius-common-pw retry-interval mschapv2-capable nas-id"
)
# heading, mode in the prompt, words that a line in that mode may begin with
_MODES: Final = tuple(
    (re.compile(pattern), mode, frozenset(words.split()))
    for pattern, mode, words in (
        (
            r"aaa-server \S+ protocol \S+$",
            "config-aaa-server-group",
            (
                "max-failed-attempts reactivation-mode accounting-mode interim-accounting-update "
                "authorize-only dynamic-authorization"
            ),
        ),
        (r"aaa-server \S+ (\(\S+\) )?host \S+", "config-aaa-server-host", _HOST),
        (
            r"tunnel-group \S+ general-attributes$",
            "config-tunnel-general",
            (
                "address-pool authentication-server-group secondary-authentication-server-group "
                "authorization-server-group authorization-required accounting-server-group "
                "default-group-policy username-from-certificate "
                "secondary-username-from-certificate strip-realm strip-group "
                "password-management authenticated-session-username "
                "override-account-disable authentication-attr-from-server"
            ),
        ),
        (
            r"tunnel-group \S+ webvpn-attributes$",
            "config-tunnel-webvpn",
            (
                "authentication group-alias group-url pre-fill-username radius-reject-message "
                "proxy-auth saml without-csd customization"
            ),
        ),
        (
            r"group-policy \S+ attributes$",
            "config-group-policy",
            (
                "banner dns-server wins-server vpn-simultaneous-logins vpn-idle-timeout "
                "vpn-session-timeout vpn-tunnel-protocol vpn-filter vpn-access-hours group-lock "
                "split-tunnel-policy split-tunnel-network-list default-domain address-pools webvpn"
            ),
        ),
        (
            r"username \S+ attributes$",
            "config-username",
            (
                "vpn-group-policy service-type group-lock vpn-simultaneous-logins vpn-filter "
                "vpn-tunnel-protocol vpn-access-hours webvpn"
            ),
        ),
        (
            r"webvpn$",
            "config-webvpn",
            (
                "enable anyconnect anyconnect-essentials tunnel-group-list certificate-group-map "
                "tunnel-group-preference saml cache http-headers error-recovery"
            ),
        ),
        (
            r"crypto ca trustpoint \S+$",
            "config-ca-trustpoint",
            "enrollment validation-usage revocation-check crl id-usage subject-name keypair fqdn",
        ),
        (
            r"crypto ca certificate map \S+ \d+$",
            "ca-certificate-map",
            "subject-name issuer-name alt-subject-name extended-key-usage",
        ),
        (r"ldap attribute-map \S+$", "config-ldap-attribute-map", "map-name map-value"),
        (
            r"interface \S+$",
            "config-if",
            "nameif security-level ip description shutdown speed duplex",
        ),
        (
            r"dynamic-access-policy-record \S+$",
            "config-dynamic-access-policy-record",
            "action priority description user-message network-acl",
        ),
    )
)
GROUP_WEBVPN: Final = frozenset(["anyconnect", "url-list", "filter", "homepage", "port-forward"])


def mode_of(text: str) -> tuple[str, frozenset[str]] | None:
    """Return the name and the words of the mode that a line opens; None when it opens none."""
    for pattern, mode, words in _MODES:
        if pattern.match(text):
            return mode, words
    return None
