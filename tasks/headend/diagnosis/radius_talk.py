"""The challenges of a RADIUS conversation, what the server said, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headend.diagnosis.verdicts import radius_words, statuses
from headend.model.diagnosis import Stage

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt, Entry

_REPLY_MESSAGE, _USER_PASSWORD, _EMPTY = "18", "2", "2"


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer of the server: its word, its text, and whether the user came back to it.

    ``empty`` is true where what came back was seen to be empty.
    """

    word: str
    entry: Entry
    text: str = ""
    text_entry: Entry | None = None
    answered: bool = False
    empty: bool = False


def talk(attempt: Attempt) -> list[Turn]:
    """Return the server's answers in order, from RADIUS debug or, failing that, from AAA's."""
    turns: list[Turn] = attempt.recall(_talk)
    return turns


def _talk(attempt: Attempt) -> list[Turn]:
    words = radius_words(attempt)
    if not words:
        words = [
            (word, entry)
            for word, entry in statuses(attempt, Stage.PRIMARY, Stage.SECONDARY)
            if entry.event.fields["status_of"] == "Authentication"
        ]
    turns = []
    for index, (word, entry) in enumerate(words):
        end = words[index + 1][1] if index + 1 < len(words) else None
        text = _text(attempt, words[index - 1][1] if index else None, entry, end)
        after = _between(attempt, entry, end)
        answered = end is not None or any(_is_request(one) for one in after)
        empty = any(_is_empty(one) for one in after)
        words_said = text.event.fields.get("value", "") if text is not None else ""
        turns.append(Turn(word, entry, words_said, text, answered, empty))
    return turns


def _between(attempt: Attempt, start: Entry | None, end: Entry | None) -> list[Entry]:
    begin = start.place + 1 if start is not None else 0
    finish = end.place if end is not None else len(attempt.entries)
    return attempt.entries[begin:finish]


def _text(
    attempt: Attempt, before: Entry | None, entry: Entry, after: Entry | None
) -> Entry | None:
    """Return the Reply-Message of an answer; it stands before the verdict."""
    around = _between(attempt, before, entry)
    if entry.event.kind == "code":
        around = around + _between(attempt, entry, after)
    found = None
    for one in around:
        fields = one.event.fields
        if (
            one.event.kind == "attribute"
            and fields.get("type") == _REPLY_MESSAGE
            and "vendor" not in fields
        ):
            found = one
    return found


def _is_request(entry: Entry) -> bool:
    if entry.event.facility != "radius":
        return False
    return (
        entry.event.kind in {"new-request", "add", "send"} or entry.event.fields.get("code") == "1"
    )


def _is_empty(entry: Entry) -> bool:
    fields = entry.event.fields
    if entry.event.kind == "answer":
        return "response" not in fields
    return (
        entry.event.kind == "attribute"
        and fields.get("type") == _USER_PASSWORD
        and "vendor" not in fields
        and fields.get("length") == _EMPTY
    )
