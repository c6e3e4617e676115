"""What the validation of a client certificate rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headend.diagnosis.ruling import Ruling, ruling
from headend.model.diagnosis import Cause, Stage
from headend.model.line import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt, Entry

_KINDS: dict[str, tuple[Cause, float, str]] = {
    "expired": (Cause.CERTIFICATE_EXPIRED, 0.95, "it is expired or not valid yet"),
    "revoked": (Cause.CERTIFICATE_REVOKED, 0.95, "it is revoked"),
    "untrusted": (Cause.CERTIFICATE_UNTRUSTED, 0.9, "no trustpoint fits its issuer"),
    "717031": (Cause.CERTIFICATE_UNTRUSTED, 0.9, "no trustpoint fits its issuer"),
    "usage": (Cause.CERTIFICATE_USAGE, 0.9, "its key usage does not allow this login"),
    "unchecked": (
        Cause.CERTIFICATE_REVOCATION_UNAVAILABLE,
        0.7,
        "its revocation could not be checked",
    ),
    "717032": (
        Cause.CERTIFICATE_REVOCATION_UNAVAILABLE,
        0.8,
        "its revocation could not be checked",
    ),
    "missing": (Cause.CERTIFICATE_MISSING, 0.9, "the client sent none"),
    "no-map": (Cause.CERTIFICATE_MISMATCH, 0.7, "no certificate map matches it"),
    "717037": (Cause.CERTIFICATE_MISMATCH, 0.7, "no certificate map matches it"),
    "113025": (Cause.CERTIFICATE_MISMATCH, 0.7, "no user name could be taken from it"),
}
_DETAILS: tuple[tuple[str, str], ...] = (
    (r"date is out.of.range|expired|not (?:yet )?valid yet|not yet valid|validity", "expired"),
    (r"revocation (?:check|status).{0,40}(?:fail|unavail|unable|unknown)|CRL|OCSP", "unchecked"),
    (r"revoked", "revoked"),
    (
        r"trustpoint|issuer|self.signed|untrusted|chain is (?:invalid|incomplete)|no suitable",
        "untrusted",
    ),
    (r"usage|EKU|purpose", "usage"),
    (r"no (?:client |peer )?certificate|certificate (?:was )?not (?:sent|presented)", "missing"),
)
_FAILED = ("717009", "717027", "717052", "failed")


def certificate_rules(attempt: Attempt) -> Iterator[Ruling]:
    """Yield what is wrong with the certificate of ``attempt``, each cause once."""
    found: dict[str, list[Entry]] = {}
    for entry in attempt.entries:
        kind = entry.event.kind
        if kind in _FAILED:
            kind = _detail(
                entry.event.line.text if kind == "failed" else entry.event.fields.get("detail", "")
            )
        if kind in _KINDS:
            found.setdefault(kind, []).append(entry)
    causes: set[Cause] = set()
    for kind, entries in found.items():
        cause, confidence, words = _KINDS[kind]
        if cause not in causes:
            causes.add(cause)
            said = f"The headend refused the client certificate{_subject(attempt)}: {words}."
            yield ruling(cause, Stage.CERTIFICATE, confidence, said, *entries)


def _detail(text: str) -> str:
    for pattern, kind in _DETAILS:
        if re.search(pattern, text[:500], re.IGNORECASE):
            return kind
    return ""


def _subject(attempt: Attempt) -> str:
    for entry in attempt.entries:
        subject = entry.event.fields.get("subject")
        if subject:
            return f" of {visible(subject)[:200]}"
    return ""
