# ruff: noqa: E501 - a table of messages, one a line
"""What the client's own messages rule: little, for it says "Login failed" to nearly everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis.client_words import CLIENT
from headend.diagnosis.facts import who
from headend.diagnosis.rules_tls import sent_no_certificate
from headend.diagnosis.ruling import Ruling, ruling
from headend.model.diagnosis import Cause, Stage
from headend.model.line import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.words import Words

_Meanings = tuple[tuple[Cause, Stage, float], ...]

# Each message, what it can mean, and what the client told the user.
_MESSAGES: dict[str, tuple[_Meanings, str]] = {
    "certificate-mismatch": (((Cause.CERTIFICATE_MISMATCH, Stage.CERTIFICATE, 0.6),), "that its certificate does not match"),
    "certificate-expired": (((Cause.CERTIFICATE_EXPIRED, Stage.CERTIFICATE, 0.75),), "that its certificate is expired"),
    "mechanism": (((Cause.GROUP_POLICY_DENIED, Stage.GROUP_POLICY, 0.6), (Cause.GROUP_NOT_AUTHORIZED, Stage.AUTHORIZATION, 0.5)), "that the policy does not allow this way to connect"),
    "access-criteria": (((Cause.DAP_DENIED, Stage.GROUP_POLICY, 0.75), (Cause.POSTURE_FAILED, Stage.GROUP_POLICY, 0.5)), "that its environment does not meet the access criteria"),
    "password-expired": (((Cause.PASSWORD_EXPIRED, Stage.PRIMARY, 0.75),), "that the password is expired"),
    "too-many": (((Cause.SIMULTANEOUS_LOGINS, Stage.GROUP_POLICY, 0.85),), "that there are too many sessions of this user"),
    "license": (((Cause.LICENSE_EXHAUSTED, Stage.SESSION, 0.7),), "that no session licence is left"),
    "no-address": (((Cause.ADDRESS_POOL_EXHAUSTED, Stage.SESSION, 0.8),), "that the headend had no address to give"),
    "draining": (((Cause.HEADEND_DRAINING, Stage.SESSION, 0.8),), "that the headend is about to reload"),
    "posture-failed": (((Cause.POSTURE_FAILED, Stage.GROUP_POLICY, 0.8),), "that the computer did not pass the posture check"),
    "sso-failed": (((Cause.SAML_FAILED, Stage.PRIMARY, 0.6),), "that single sign-on failed"),
    "no-permission": (((Cause.GROUP_NOT_AUTHORIZED, Stage.AUTHORIZATION, 0.6),), "that it has no dial-in permission"),
    "cancelled": (((Cause.CLIENT_ABORTED, Stage.PRIMARY, 0.8),), "that the user cancelled"),
    "unattended": (((Cause.CLIENT_ABORTED, Stage.PRIMARY, 0.7),), "that nobody answered its prompt in time"),
    "untrusted-server": (((Cause.UNKNOWN, Stage.TLS, 0.5),), "that it does not trust the headend's certificate"),
}  # fmt: skip

# Where the tunnel group shows the server's own words (radius-reject-message).
_SHOWN = 0.75


def client_rules(attempt: Attempt, words: Words) -> Iterator[Ruling]:
    """Yield what the client's messages allow to say of ``attempt``."""
    if attempt.first(CLIENT) is None:
        return
    for kind, (meanings, told) in _MESSAGES.items():
        entry = attempt.first(CLIENT, kind)
        if entry is not None:
            for cause, stage, confidence in meanings:
                yield ruling(cause, stage, confidence, f"The client told the user {told}.", entry)
    yield from _certificate(attempt)
    yield from _login_failed(attempt, words)
    yield from _no_answer(attempt)


def _certificate(attempt: Attempt) -> Iterator[Ruling]:
    missing = attempt.first(CLIENT, "certificate-missing")
    refused = attempt.first(CLIENT, "certificate-refused")
    early = attempt.first(CLIENT, "before-logon")
    count = attempt.last(CLIENT, "certificates")
    nothing_sent = sent_no_certificate(attempt)
    if missing is None and refused is not None and count is not None:
        missing = count if int(count.event.fields["found"]) == 0 else None
    if early is not None and (missing or nothing_sent) is not None:
        said = (
            "The client ran before Windows logon and found no certificate: the user's store is "
            "closed then, only the machine's can be read."
        )
        sure = 0.92 if missing is not None and nothing_sent is not None else 0.8
        proof = (early, missing, nothing_sent, refused)
        yield ruling(Cause.CERTIFICATE_STORE_LOCKED, Stage.CERTIFICATE, sure, said, *proof)
    if missing is not None:
        said = "The client found no certificate to offer to the headend."
        sure = 0.5 if early is not None else 0.8
        yield ruling(Cause.CERTIFICATE_MISSING, Stage.CERTIFICATE, sure, said, missing, refused)
    elif refused is not None and nothing_sent is None:
        said = (
            'The client says "Certificate Validation Failure" when it has no certificate and when '
            "the headend refused the one it sent."
        )
        for cause, sure in (
            (Cause.CERTIFICATE_MISSING, 0.45),
            (Cause.CERTIFICATE_UNTRUSTED, 0.3),
            (Cause.CERTIFICATE_EXPIRED, 0.3),
        ):
            yield ruling(cause, Stage.CERTIFICATE, sure, said, refused, weak=True)


def _login_failed(attempt: Attempt, words: Words) -> Iterator[Ruling]:
    failed = attempt.first(CLIENT, "login-failed", "denied")
    if failed is None:
        return
    text = failed.event.fields.get("reason") or failed.event.fields.get("denied", "")
    named = words.reason(text)
    if named is not None:
        said = f'The client told the user: "{visible(text)}".'
        yield ruling(named[0], Stage.PRIMARY, min(named[1], _SHOWN), said, failed)
        return
    said = (
        f"The client only says that the login of {who(attempt)} failed: it says so of a wrong "
        "password, of a locked, disabled or expired account and of a policy alike."
    )
    yield ruling(Cause.BAD_CREDENTIALS, Stage.PRIMARY, 0.3, said, failed, weak=True)


def _no_answer(attempt: Attempt) -> Iterator[Ruling]:
    quiet = attempt.first(CLIENT, "timed-out", "unreached", "communication")
    if quiet is None:
        return
    if quiet.event.kind == "communication":
        said = "The client could not agree with the headend on a connection."
        yield ruling(Cause.UNKNOWN, Stage.TLS, 0.4, said, quiet, weak=True)
        return
    said = "The client got no answer from the headend: its network, the path or a firewall."
    yield ruling(Cause.UNKNOWN, Stage.TLS, 0.5, said, quiet, weak=True)
    said = "A headend that shuns the client's address stays as silent as this."
    yield ruling(Cause.CLIENT_SHUNNED, Stage.TLS, 0.3, said, quiet, weak=True)
