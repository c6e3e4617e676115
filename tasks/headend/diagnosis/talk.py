"""The talk of a login with its servers: each answer, what the server said, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headend.diagnosis.answers import answers
from headend.diagnosis.verdicts import statuses
from headend.model.diagnosis import Stage

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt, Entry

_REPLY_MESSAGE, _USER_PASSWORD, _EMPTY = "18", "2", "2"
_MICROSOFT, _MSCHAP_ERROR = "311", "2"
# Of a server that speaks to the headend in words of its own, the field that holds them.
_WORDS = {
    "next-code": "next_code", "new-pin": "new_pin", "rejected": "rejected", "error": "error",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer of the server: its word, its text, and whether the user came back to it.

    ``empty`` is true where what came back was seen to be empty; ``error`` is the MS-CHAP-Error
    that came with a reject.
    """

    word: str
    entry: Entry
    text: str = ""
    text_entry: Entry | None = None
    answered: bool = False
    empty: bool = False
    error: Entry | None = None

    @property
    def unconfirmed(self) -> bool:
        """Whether it was read from debug whose spelling nobody has confirmed."""
        return self.entry.event.facility == "sdi"


def talk(attempt: Attempt) -> list[Turn]:
    """Return the servers' answers in order, from their own debug or, failing that, from AAA's."""
    turns: list[Turn] = attempt.recall(_talk)
    return turns


def _talk(attempt: Attempt) -> list[Turn]:
    given = answers(attempt) or [
        (word, entry)
        for word, entry in statuses(attempt, Stage.PRIMARY, Stage.SECONDARY)
        if entry.event.fields["status_of"] == "Authentication"
    ]
    turns = []
    for index, (word, entry) in enumerate(given):
        before = given[index - 1][1] if index else None
        end = given[index + 1][1] if index + 1 < len(given) else None
        after = _between(attempt, entry, end)
        said, error = _attributes(_around(attempt, before, entry, after))
        turns.append(
            Turn(
                word,
                entry,
                _text(entry, said),
                said[-1] if said else None,
                end is not None or any(map(_is_answer, after)),
                any(map(_is_empty, after)),
                error,
            )
        )
    return turns


def _between(attempt: Attempt, start: Entry | None, end: Entry | None) -> list[Entry]:
    begin = start.place + 1 if start is not None else 0
    finish = end.place if end is not None else len(attempt.entries)
    return attempt.entries[begin:finish]


def _around(
    attempt: Attempt, before: Entry | None, entry: Entry, after: list[Entry]
) -> list[Entry]:
    """Return where the words of an answer stand: before the verdict, or behind a bare code."""
    if entry.event.facility == "tacacs":
        return after
    around = _between(attempt, before, entry)
    return around + after if entry.event.kind == "code" else around


def _attributes(around: list[Entry]) -> tuple[list[Entry], Entry | None]:
    """Return the Reply-Messages (or the TACACS+ message) and the last MS-CHAP-Error."""
    said: list[Entry] = []
    error = None
    for entry in around:
        fields = entry.event.fields
        if entry.event.kind == "message" and entry.event.facility == "tacacs":
            said = said or [entry]
        elif entry.event.kind != "attribute":
            continue
        elif fields.get("type") == _REPLY_MESSAGE and "vendor" not in fields:
            said.append(entry)
        elif fields.get("vendor") == _MICROSOFT and fields.get("type") == _MSCHAP_ERROR:
            error = entry
    return said, error


def _text(entry: Entry, said: list[Entry]) -> str:
    if said:
        texts = (one.event.fields.get("value") or one.event.fields.get("message") for one in said)
        return "; ".join(filter(None, texts))
    return entry.event.fields.get(_WORDS.get(entry.event.kind, ""), "")


def _is_answer(entry: Entry) -> bool:
    kind = entry.event.kind
    if entry.event.facility == "radius":
        return kind in {"new-request", "add", "send"} or entry.event.fields.get("code") == "1"
    return entry.event.facility == "tacacs" and kind == "response"


def _is_empty(entry: Entry) -> bool:
    fields = entry.event.fields
    if entry.event.kind in {"answer", "response"}:
        return "response" not in fields
    return (
        entry.event.kind == "attribute"
        and fields.get("type") == _USER_PASSWORD
        and "vendor" not in fields
        and fields.get("length") == _EMPTY
    )
