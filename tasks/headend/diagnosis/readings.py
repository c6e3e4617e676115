"""What the reason that a server gave with its reject means, whichever way it gave one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from headend.diagnosis import reason_codes
from headend.diagnosis.words import without_name
from headend.model.line import visible

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt, Entry
    from headend.diagnosis.talk import Turn
    from headend.diagnosis.words import Words
    from headend.model.diagnosis import Cause

# A site writes its own Reply-Messages: what they say is likely, a number is sure.
_WORDS_AT_MOST = 0.85
_QUOTED = 200


class Reading(NamedTuple):
    """A cause that a server named, how surely, and the line in which it did."""

    cause: Cause
    confidence: float
    entry: Entry | None


def readings(attempt: Attempt, words: Words, turn: Turn) -> list[Reading]:
    """Return what the reason of one answer means; nothing where it gave none that is known."""
    if turn.error is not None:
        _, meanings, message = reason_codes.mschap(turn.error.event.fields.get("value", ""))
        if not meanings:
            meanings = _likely(words.reason(message, attempt.user))
        if meanings:
            return [Reading(*one, turn.error) for one in meanings]
    meanings = _numbered(turn, attempt.user) or _likely(words.reason(turn.text, attempt.user))
    return [Reading(*one, turn.text_entry) for one in meanings]


def _numbered(turn: Turn, user: str | None) -> tuple[reason_codes.Meaning, ...]:
    if turn.entry.event.facility == "kerberos":
        return reason_codes.kerberos(turn.entry.event.fields.get("code", ""))
    return reason_codes.nps(without_name(turn.text, user))


def _likely(found: reason_codes.Meaning | None) -> tuple[reason_codes.Meaning, ...]:
    return ((found[0], min(found[1], _WORDS_AT_MOST)),) if found else ()


def quote(turn: Turn) -> str:
    """Return the server's words in quotes, with a blank before, or nothing."""
    text = turn.text
    if turn.error is not None:
        number, _, message = reason_codes.mschap(turn.error.event.fields.get("value", ""))
        text = f"MS-CHAP error {number} {message}".rstrip() if number else text
    return f' ("{visible(text)[:_QUOTED]}")' if text else ""
