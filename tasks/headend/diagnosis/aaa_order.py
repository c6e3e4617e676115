"""The order in which an AAA session is told, by which lines without a key find theirs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from headend.diagnosis.attempt import Attempt
    from headend.model.event import Event

# Behind which lines each line without a key stands, the nearest first.
_AFTER: dict[str, tuple[str, ...]] = {
    "step": ("task", "opened", "policy-lookup", "new-state"),
    "server": ("step",),
    "no-server": ("step",),
    "user": ("server", "no-server", "step", "task"),
    "status": ("handle", "error"),
    "state": ("status", "handle", "error"),
    "policies": ("state", "policies"),
    "new-state": ("policies", "state"),
    "policy-lookup": ("new-state",),
    "login-limit": ("new-state",),
    "final": ("login-limit", "new-state", "policies", "state", "error", "status"),
    "closing": ("final",),
}
_WORDS = {"1": "ACCEPT", "-1": "REJECT", "2": "CHALLENGE", "-3": "UNAVAILABLE"}
# Where an answer is repeated in words.
_REPEATED = {"status": "status_word", "state": "auth_status", "final": "final"}
_LOOKED_AT = 16


@dataclass(slots=True, eq=False)
class _Place:
    """How far one session was told: its last line's kind, the callback's word, and when."""

    kind: str
    first: int
    last: int
    word: str = ""


class Order:
    """How far each open session was told; those that stand alike, in the order of their coming."""

    def __init__(self) -> None:
        self._places: dict[Attempt, _Place] = {}
        self._at: defaultdict[str, dict[Attempt, None]] = defaultdict(dict)
        self._lines = 0

    def told(self, attempt: Attempt, event: Event) -> None:
        """Take note that ``event`` was said in the session of ``attempt``."""
        self._lines += 1
        place = self._places.get(attempt)
        if place is None:
            place = self._places[attempt] = _Place("", self._lines, self._lines)
        place.last = self._lines
        kind = event.kind
        if kind == "callback":
            place.word = _WORDS.get(event.fields["callback"], "")
        elif kind != "task" or event.fields["message_type"] == "0":
            self._at[place.kind].pop(attempt, None)
            place.kind = kind
            self._at[kind][attempt] = None

    def forget(self, attempt: Attempt) -> None:
        """Drop a session: nothing more of it will be told."""
        place = self._places.pop(attempt, None)
        if place is not None:
            self._at[place.kind].pop(attempt, None)

    def place(self, event: Event, here: Attempt | None) -> Attempt | None:
        """Return the session that ``event`` belongs to, if it can be said next in any.

        Among those that stand equally near to it that is ``here``, the session of the line
        before, or else the one that has waited longest.
        """
        kind = event.kind
        for before in _AFTER.get(kind, ()):
            stand = self._at.get(before)
            if not stand:
                continue
            if kind == "user" and len(stand) > 1:
                self._mark(stand)
            if here is not None and here in stand and self._agrees(here, event):
                return here
            for attempt in islice(stand, _LOOKED_AT):
                if self._agrees(attempt, event):
                    return attempt
        return None

    def _mark(self, stand: Iterable[Attempt]) -> None:
        """Mark what may get each other's name: sessions that spoke while the other was open."""
        for one, other in combinations(islice(stand, _LOOKED_AT), 2):
            ours, theirs = self._places[one], self._places[other]
            if ours.last > theirs.first and theirs.last > ours.first:
                one.guessed = other.guessed = True

    def _agrees(self, attempt: Attempt, event: Event) -> bool:
        """Return whether an answer in words is the one that the callback gave as a number."""
        field = _REPEATED.get(event.kind)
        if field is None:
            return True
        word = self._places[attempt].word
        return not word or event.fields.get(field, word) == word
