"""From a diagnosis to the smallest change that would have let the attempt through, or to none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from headend.change.catalogue import CATALOGUE
from headend.model.change import Proposal
from headend.model.diagnosis import Cause, Diagnosis

_Propose = Callable[[Diagnosis], Iterator[Proposal]]
# What nothing on a headend mends, and who does.
_ELSEWHERE: Mapping[Cause, str] = {
    Cause.BAD_CREDENTIALS: "The user types the right password, or the identity team resets it",
    Cause.ACCOUNT_UNKNOWN: "The identity team looks for the account, and the user types its name",
    Cause.ACCOUNT_LOCKED: "The identity team unlocks the account and finds out what locked it",
    Cause.ACCOUNT_DISABLED: "The identity team enables the account, if they shall have it",
    Cause.ACCOUNT_EXPIRED: "The identity team extends the account, if they shall have it",
    Cause.PASSWORD_EXPIRED: "The user changes the password: nothing on the headend will fix it",
    Cause.PASSWORD_MUST_CHANGE: "The user sets a new password, at a domain computer or the portal",
    Cause.LOGON_HOURS: "The identity team changes the logon hours, or the user waits",
    Cause.LOGON_WORKSTATION: "The identity team adds this workstation to the account",
    Cause.TOKEN_REJECTED: "The user enters a fresh code; the identity team resynchronises it",
    Cause.TOKEN_NEXT_CODE: "The user waits for the next code and enters it",
    Cause.TOKEN_NEW_PIN: "The user sets the new PIN that the token server asks for",
    Cause.MFA_DENIED: "The user approves the push, or reports that it was not theirs",
    Cause.CERTIFICATE_EXPIRED: "A new certificate is issued",
    Cause.CERTIFICATE_REVOKED: "Find out why it was revoked; a new certificate is issued",
    Cause.CERTIFICATE_MISSING: "The certificate is enrolled into the store that the client reads",
    Cause.CERTIFICATE_UNTRUSTED: "The client presents a certificate of the company's own issuer",
    Cause.CERTIFICATE_USAGE: "A certificate with Client Authentication usage is issued",
    Cause.SERVER_SECRET_MISMATCH: "Both ends get the same shared secret, by who owns the server",
    Cause.SERVER_BIND_FAILED: "The directory account with which the headend binds is mended",
    Cause.SERVER_TLS_FAILED: "The server's certificate, or the headend's trust in it, is mended",
    Cause.CLOCK_SKEW: "The clocks follow the same time servers again",
    Cause.TUNNEL_GROUP_WRONG: "The user chooses the tunnel group that is theirs",
    Cause.POSTURE_FAILED: "The client is brought to what the posture check demands",
    Cause.CLIENT_ABORTED: "The user tries once more, and waits for the answer",
}
_NONE = "Nothing on the headend will fix this"


def proposals(diagnosis: Diagnosis) -> tuple[Proposal, ...]:
    """Return what would have let the attempt through, the least exposure first.

    Where an option needs no change on the headend it comes first. ``parameters`` holds what the
    diagnosis tells already.
    """
    found: dict[tuple[str | None, str], Proposal] = {}
    for finding in diagnosis.causes:
        for one in _of_cause(finding.cause, diagnosis):
            found.setdefault((one.kind, one.title), one)
    return tuple(sorted(found.values(), key=lambda one: one.exposure))


def _of_cause(cause: Cause, diagnosis: Diagnosis) -> Iterator[Proposal]:
    if cause in _ELSEWHERE:
        yield Proposal(None, _NONE, _ELSEWHERE[cause], 0, {})
    yield from _CHANGES.get(cause, _nothing)(diagnosis)


def _nothing(_diagnosis: Diagnosis) -> Iterator[Proposal]:
    yield from ()


def _without_token(diagnosis: Diagnosis) -> Iterator[Proposal]:
    yield Proposal(
        None,
        "Ask the identity team for a time-limited exemption",
        "The token policy lives on the server: no change on the headend, and it ends by itself",
        0,
        {},
    )
    group, user = diagnosis.tunnel_group, diagnosis.user
    for kind, why in (
        ("password-and-certificate", "Two factors stay: password and certificate"),
        ("certificate-for-user", "The certificate alone, for this user; not at the logon screen"),
        ("certificate-for-device", "The machine's certificate; works at the logon screen"),
    ):
        subject = None if kind == "certificate-for-device" else user
        yield _change(kind, why, {"tunnel_group": group, "subject": subject})


def _slow(diagnosis: Diagnosis) -> Iterator[Proposal]:
    why = "The push is answered after the headend gave up waiting"
    given = {"server_group": diagnosis.server_group, "server": diagnosis.server}
    yield _change("server-timeout", why, given)


def _local_lock(diagnosis: Diagnosis) -> Iterator[Proposal]:
    if (diagnosis.server_group or "").upper() == "LOCAL" and diagnosis.user:
        yield _change(
            "unlock-local-user",
            "The headend itself locked its local user",
            {"user": diagnosis.user},
        )


def _no_group(_diagnosis: Diagnosis) -> Iterator[Proposal]:
    yield Proposal(
        None,
        "Put the user into a directory group that is mapped already",
        "No change on the headend, and it is reviewed where memberships are",
        0,
        {},
    )
    yield _change("ldap-map-value", "The user's directory group is not mapped to a policy", {})


def _too_many(diagnosis: Diagnosis) -> Iterator[Proposal]:
    yield Proposal(
        None,
        "End the user's stale session",
        "The next login works, and nobody else is reached",
        0,
        {},
    )
    why = "The policy allows fewer sessions than are in use"
    yield _change("simultaneous-logins", why, {"group_policy": diagnosis.group_policy})


def _server_gone(diagnosis: Diagnosis) -> Iterator[Proposal]:
    yield Proposal(
        None, "Bring the server back", "Everybody who depends on it is without it", 0, {}
    )
    why = "Another server group that knows the same people judges until the server is back"
    yield _change("move-server-group", why, {"tunnel_group": diagnosis.tunnel_group})


def _change(kind: str, why: str, given: Mapping[str, str | None]) -> Proposal:
    known = {parameter.name for parameter in CATALOGUE[kind].parameters}
    fit = {name: value for name, value in given.items() if name in known and value}
    return Proposal(kind, kind, why, CATALOGUE[kind].exposure, fit)


_CHANGES: Mapping[Cause, _Propose] = {
    Cause.TOKEN_REQUIRED: _without_token,
    Cause.TOKEN_REJECTED: _without_token,
    Cause.CERTIFICATE_STORE_LOCKED: _without_token,
    Cause.MFA_TIMEOUT: _slow,
    Cause.ACCOUNT_LOCKED: _local_lock,
    Cause.GROUP_NOT_AUTHORIZED: _no_group,
    Cause.SIMULTANEOUS_LOGINS: _too_many,
    Cause.SERVER_UNREACHABLE: _server_gone,
}
