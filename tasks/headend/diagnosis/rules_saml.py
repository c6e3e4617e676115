"""What a refused SAML assertion rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headend.diagnosis.attempt import when
from headend.diagnosis.facts import who
from headend.diagnosis.ruling import Ruling, ruling
from headend.model.diagnosis import Cause, Stage
from headend.model.line import visible
from headend.parse.stamp import instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt, Entry

# Words of the reason, and what to compare.
_REASONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        ("audience", "the identity provider addresses it to another entity id than the headend's"),
        ("signature|verify", "its signature does not fit the identity provider's certificate"),
        ("provider.{0,30}unknown|unknown.{0,30}provider|entity", "its issuer is not configured"),
        ("recipient|destination|assertion consumer", "it is addressed to another URL"),
        ("in.?response.?to|request id|relay state", "it answers no request of this headend"),
    )
)
_TIME = re.compile(r"expired|not (?:yet )?valid|notbefore|notonorafter|clock|time", re.IGNORECASE)
# Beyond this the two are in different time zones rather than wrong.
_SECONDS = 50 * 60


def saml_rules(attempt: Attempt) -> Iterator[Ruling]:
    """Yield why the headend took no assertion for ``attempt``."""
    refused = attempt.first("saml", "refused") or attempt.first("saml", "failed")
    told = attempt.first("syslog", "716162", "716160")
    entry = refused or told
    if entry is None:
        return
    reason = _reason(refused) or _reason(told)
    library = attempt.first("saml", "library")
    quoted = f' ("{visible(reason)[:200]}")' if reason else ""
    late = _TIME.search(reason[:500]) is not None
    words = next((said for pattern, said in _REASONS if pattern.search(reason[:500])), "")
    said = f"The headend refused the SAML assertion for {who(attempt)}{quoted}"
    window = attempt.first("saml", "window")
    off = _outside(entry, window) if late else None
    if late:
        yield ruling(Cause.SAML_FAILED, Stage.PRIMARY, 0.75, f"{said}.", refused, told, window)
        if off is None:
            text = (
                f"{said}: either it took too long to arrive, or the clocks of headend and "
                "identity provider differ."
            )
            yield ruling(Cause.CLOCK_SKEW, Stage.PRIMARY, 0.6, text, refused, told, window)
        else:
            text = (
                f"The assertion for {who(attempt)} is valid only {off} by the headend's clock: "
                "the clocks of headend and identity provider differ."
            )
            yield ruling(Cause.CLOCK_SKEW, Stage.PRIMARY, 0.85, text, refused, told, window)
        return
    text = f"{said}: {words}." if words else f"{said}."
    yield ruling(Cause.SAML_FAILED, Stage.PRIMARY, 0.92, text, library, refused, told)


def _reason(entry: Entry | None) -> str:
    if entry is None:
        return ""
    fields = entry.event.fields
    return fields.get("refused") or fields.get("failed") or fields.get("reason", "")


def _outside(entry: Entry, window: Entry | None) -> str | None:
    """Return how far the headend's clock was before the assertion's time, where both are told."""
    now = when(entry.event)
    opens = instant(window.event.fields["not_before"]) if window is not None else None
    if now is None or opens is None:
        return None
    if now.year != opens.year:
        now, opens = now.replace(year=1904), opens.replace(year=1904)
    early = (opens - now).total_seconds()
    return f"from {round(early)} seconds later" if 0 < early < _SECONDS else None
