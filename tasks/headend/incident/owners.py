"""Who acts on each cause: the first thing that a hand-over has to say."""

from __future__ import annotations

from collections.abc import Mapping

from headend.model.diagnosis import Cause

USER, IDENTITY, VPN = "the user", "the identity team", "the VPN team"
TOKEN, PKI = "the token or MFA team", "the certificate team"
SERVER, DESKTOP = "the owner of the AAA server", "the desktop team"

_OWNERS: Mapping[Cause, str] = {
    Cause.BAD_CREDENTIALS: USER,
    Cause.ACCOUNT_UNKNOWN: IDENTITY,
    Cause.ACCOUNT_LOCKED: IDENTITY,
    Cause.ACCOUNT_DISABLED: IDENTITY,
    Cause.ACCOUNT_EXPIRED: IDENTITY,
    Cause.PASSWORD_EXPIRED: USER,
    Cause.PASSWORD_MUST_CHANGE: USER,
    Cause.LOGON_HOURS: IDENTITY,
    Cause.LOGON_WORKSTATION: IDENTITY,
    Cause.TOKEN_REQUIRED: f"{USER}, then {VPN}",
    Cause.TOKEN_REJECTED: f"{USER}, then {TOKEN}",
    Cause.TOKEN_NEXT_CODE: USER,
    Cause.TOKEN_NEW_PIN: USER,
    Cause.MFA_TIMEOUT: f"{USER}, then {TOKEN}",
    Cause.MFA_DENIED: f"{USER}, then {TOKEN}",
    Cause.CERTIFICATE_MISSING: DESKTOP,
    Cause.CERTIFICATE_STORE_LOCKED: f"{PKI}, with {DESKTOP}",
    Cause.CERTIFICATE_EXPIRED: PKI,
    Cause.CERTIFICATE_UNTRUSTED: f"{VPN}, with {PKI}",
    Cause.CERTIFICATE_REVOKED: PKI,
    Cause.CERTIFICATE_REVOCATION_UNAVAILABLE: PKI,
    Cause.CERTIFICATE_MISMATCH: VPN,
    Cause.CERTIFICATE_USAGE: PKI,
    Cause.SERVER_UNREACHABLE: f"{VPN}, with {SERVER}",
    Cause.SERVER_SECRET_MISMATCH: f"{VPN}, with {SERVER}",
    Cause.SERVER_BIND_FAILED: f"{IDENTITY}, with {VPN}",
    Cause.SERVER_TLS_FAILED: f"{SERVER}, with {VPN}",
    Cause.CLOCK_SKEW: f"{VPN}, with {SERVER}",
    Cause.TUNNEL_GROUP_WRONG: USER,
    Cause.GROUP_NOT_AUTHORIZED: f"{IDENTITY}, with {VPN}",
    Cause.POSTURE_FAILED: DESKTOP,
    Cause.SAML_FAILED: f"{IDENTITY}, with {VPN}",
    Cause.CLIENT_ABORTED: USER,
    Cause.NONE: "nobody",
}


def owner(cause: Cause) -> str:
    """Return who acts on a cause; what is decided on the headend is its own team's."""
    return _OWNERS.get(cause, VPN)
