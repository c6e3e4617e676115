# ruff: noqa: E501 - a table of reasons, one a line
"""What a failed TLS handshake with a client rules (syslog 725014 gives OpenSSL's words)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from headend.diagnosis.facts import who
from headend.diagnosis.messages import HANDSHAKE_FAILED
from headend.diagnosis.ruling import Ruling, ruling
from headend.model.diagnosis import Cause, Stage
from headend.model.line import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt, Entry


class Meaning(NamedTuple):
    """What a reason means: cause, stage, confidence, and what the headend met."""

    cause: Cause
    stage: Stage
    confidence: float
    words: str


_REASONS: tuple[tuple[re.Pattern[str], Meaning], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), found)
    for pattern, found in (
        (r"did not return a certificate|no certificate returned", Meaning(Cause.CERTIFICATE_MISSING, Stage.CERTIFICATE, 0.9, "the client sent no certificate, and one is asked for")),
        (r"alert (?:unknown ca|bad certificate|certificate unknown|unsupported certificate|certificate expired)", Meaning(Cause.UNKNOWN, Stage.TLS, 0.55, "the client does not accept the headend's own certificate")),
        (r"certificate has expired|certificate is not yet valid", Meaning(Cause.CERTIFICATE_EXPIRED, Stage.CERTIFICATE, 0.85, "the client's certificate is expired or not valid yet")),
        (r"certificate revoked", Meaning(Cause.CERTIFICATE_REVOKED, Stage.CERTIFICATE, 0.85, "the client's certificate is revoked")),
        (r"certificate verify failed|no certificate assigned|unable to get local issuer", Meaning(Cause.CERTIFICATE_UNTRUSTED, Stage.CERTIFICATE, 0.6, "the client's certificate could not be verified")),
        (r"unsupported protocol|no protocols available|wrong ssl version|version too low|unknown protocol|alert protocol version|inappropriate fallback", Meaning(Cause.UNKNOWN, Stage.TLS, 0.6, "client and headend have no TLS version in common")),
        (r"no shared cipher|no ciphers? (?:available|match)|alert handshake failure|dh key too small|ee key too small|no suitable (?:key share|signature)", Meaning(Cause.UNKNOWN, Stage.TLS, 0.6, "client and headend have no cipher or key size in common")),
    )
)  # fmt: skip


def meaning(reason: str) -> Meaning | None:
    """Return what the reason of a failed handshake means, ``None`` where it says nothing."""
    return next((found for pattern, found in _REASONS if pattern.search(reason[:200])), None)


def sent_no_certificate(attempt: Attempt) -> Entry | None:
    """Return the line in which the headend says that its client sent no certificate."""
    why = attempt.last("syslog", "725014")
    found = meaning(why.event.fields.get("reason", "")) if why is not None else None
    told = found is not None and found.cause is Cause.CERTIFICATE_MISSING
    return why if told else attempt.first("crypto-ca", "missing")


def tls_rules(attempt: Attempt) -> Iterator[Ruling]:
    """Yield why the handshake with the client of ``attempt`` failed."""
    failed = attempt.last("syslog", HANDSHAKE_FAILED)
    if failed is None or "client_ip" not in failed.event.fields:
        return
    why = attempt.last("syslog", "725014")
    reason = why.event.fields.get("reason", "") if why is not None else ""
    found = meaning(reason)
    if found is not None:
        said = (
            f"The TLS handshake with {who(attempt)} failed: {found.words} "
            f'("{visible(reason)[:100]}").'
        )
        yield ruling(found.cause, found.stage, found.confidence, said, why, failed)
