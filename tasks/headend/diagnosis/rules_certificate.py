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

_UNCHECKED = "its revocation could not be checked"
_NAMELESS = "no user name could be taken from it"
_UNMAPPED = "no certificate map matches it"
_KINDS: dict[str, tuple[Cause, float, str]] = {
    "expired": (Cause.CERTIFICATE_EXPIRED, 0.95, "it is expired or not valid yet"),
    "revoked": (Cause.CERTIFICATE_REVOKED, 0.95, "it is revoked"),
    "untrusted": (Cause.CERTIFICATE_UNTRUSTED, 0.9, "no trustpoint fits its issuer"),
    "717031": (Cause.CERTIFICATE_UNTRUSTED, 0.9, "no trustpoint fits its issuer"),
    "no-usage": (Cause.CERTIFICATE_USAGE, 0.95, "its key usage does not allow this login"),
    "missing": (Cause.CERTIFICATE_MISSING, 0.9, "the client sent none"),
    "113025": (Cause.CERTIFICATE_MISMATCH, 0.85, _NAMELESS),
}
# What a login can come through all the same, when nothing shows that this one did.
_DOUBTS: dict[str, tuple[Cause, float, str]] = {
    "usage": (Cause.CERTIFICATE_USAGE, 0.8, "its key usage does not allow this login"),
    "unchecked": (Cause.CERTIFICATE_REVOCATION_UNAVAILABLE, 0.7, _UNCHECKED),
    "717032": (Cause.CERTIFICATE_REVOCATION_UNAVAILABLE, 0.8, _UNCHECKED),
    "717010": (Cause.CERTIFICATE_REVOCATION_UNAVAILABLE, 0.6, _UNCHECKED),
    "717012": (Cause.CERTIFICATE_REVOCATION_UNAVAILABLE, 0.5, _UNCHECKED),
    "717015": (Cause.CERTIFICATE_REVOCATION_UNAVAILABLE, 0.7, _UNCHECKED),
    "717018": (Cause.CERTIFICATE_REVOCATION_UNAVAILABLE, 0.7, _UNCHECKED),
    "717019": (Cause.CERTIFICATE_REVOCATION_UNAVAILABLE, 0.7, _UNCHECKED),
    "no-map": (Cause.CERTIFICATE_MISMATCH, 0.7, _UNMAPPED),
    "717037": (Cause.CERTIFICATE_MISMATCH, 0.7, _UNMAPPED),
    "113026": (Cause.CERTIFICATE_MISMATCH, 0.8, _NAMELESS),
    "113028": (Cause.CERTIFICATE_MISMATCH, 0.75, _NAMELESS),
}
_ANY = {**_KINDS, **_DOUBTS}
_DETAILS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        ("revoked", "revoked"),
        ("revocation|CRL|OCSP", "unchecked"),
        (
            "date is out.of.range|expired|not (?:yet )?valid yet|not yet valid|validity",
            "expired",
        ),
        (
            "trustpoint|issuer|self.signed|untrusted|chain is (?:invalid|incomplete)|no suitable",
            "untrusted",
        ),
        ("signature.{0,40}(?:fail|invalid|wrong)", "untrusted"),
        ("usage|EKU|purpose", "no-usage"),
        (
            "no (?:client |peer )?certificate|certificate (?:was )?not (?:sent|presented)",
            "missing",
        ),
    )
)
_FAILED = ("717009", "717027", "failed")
_SYSLOG = tuple(kind for kind in (*_ANY, *_FAILED) if kind.isdigit())
_DEBUG = tuple(kind for kind in (*_ANY, *_FAILED) if not kind.isdigit())
_ASKED = ("113004", "113005", "113008", "113010", "113012", "113015", "113016", "113017")
# What a verdict is based on is more than a doubt.
_SAID = 0.85


def certificate_rules(attempt: Attempt) -> Iterator[Ruling]:
    """Yield what is wrong with the certificate of ``attempt``, each cause once."""
    told = [*attempt.find("crypto-ca", *_DEBUG), *attempt.find("syslog", *_SYSLOG)]
    if not told:
        return
    doubtless = _went_on(attempt)
    found: dict[str, list[Entry]] = {}
    for entry in told:
        kind = entry.event.kind
        refused = kind in _FAILED
        if refused:
            fields = entry.event.fields
            kind = _detail(entry.event.line.text if kind == "failed" else fields.get("detail", ""))
        if kind in _KINDS or (kind in _DOUBTS and (refused or not doubtless)):
            found.setdefault(kind, []).append(entry)
    causes: set[Cause] = set()
    for kind, entries in found.items():
        cause, confidence, words = _ANY[kind]
        if cause not in causes:
            causes.add(cause)
            said = f"The headend refused the client certificate{_subject(told)}: {words}."
            if any(entry.event.kind in _FAILED for entry in told):
                confidence = max(confidence, _SAID)
            yield ruling(cause, Stage.CERTIFICATE, confidence, said, *entries)


def _went_on(attempt: Attempt) -> bool:
    """Return whether the login came past its certificate."""
    asked = ("aaa", "radius", "ldap", "tacacs", "sdi")
    return (
        any(attempt.first(facility) is not None for facility in asked)
        or attempt.first("syslog", *_ASKED) is not None
    )


def _detail(text: str) -> str:
    return next((kind for pattern, kind in _DETAILS if pattern.search(text[:500])), "")


def _subject(told: list[Entry]) -> str:
    subjects = (entry.event.fields.get("subject") for entry in told)
    subject = next((one for one in subjects if one), "")
    return f" of {visible(subject)[:200]}" if subject else ""
