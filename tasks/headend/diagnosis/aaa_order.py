"""The order in which an AAA session is told, by which lines without a key find theirs."""

from __future__ import annotations

from collections import OrderedDict
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
_REPEATED = ("status_word", "auth_status", "final")
_LOOKED_AT = 16


class Order:
    """How far each open session was told; those that stand alike, in the order of their coming."""

    def __init__(self) -> None:
        self._stands: dict[Attempt, str] = {}
        self._words: dict[Attempt, str] = {}
        self._at: dict[str, OrderedDict[Attempt, None]] = {}
        # How many lines were told before the first and the last one of each session.
        self._lines = 0
        self._first: dict[Attempt, int] = {}
        self._last: dict[Attempt, int] = {}

    def told(self, attempt: Attempt, event: Event) -> None:
        """Take note that ``event`` was said in the session of ``attempt``."""
        kind = event.kind
        self._lines += 1
        self._first.setdefault(attempt, self._lines)
        self._last[attempt] = self._lines
        if kind == "task" and event.fields.get("message_type") != "0":
            return
        if "callback" in event.fields:
            self._words[attempt] = _WORDS.get(event.fields["callback"], "")
            return
        self._leave(attempt)
        self._stands[attempt] = kind
        self._at.setdefault(kind, OrderedDict())[attempt] = None

    def forget(self, attempt: Attempt) -> None:
        """Drop a session: nothing more of it will be told."""
        self._leave(attempt)
        for known in (self._stands, self._words, self._first, self._last):
            known.pop(attempt, None)

    def place(self, event: Event, here: Attempt | None) -> Attempt | None:
        """Return the session that ``event`` belongs to, if it can be said next in any.

        Among those that stand equally near to it that is ``here``, the session of the line
        before, or else the one that has waited longest.
        """
        for kind in _AFTER.get(event.kind, ()):
            stand = self._at.get(kind, ())
            agreeing = [one for one in islice(stand, _LOOKED_AT) if self._agrees(one, event)]
            if here is not None and here in stand and self._agrees(here, event):
                agreeing.insert(0, here)
            if agreeing:
                if event.kind == "user":
                    self._mark(agreeing)
                return agreeing[0]
        return None

    def _mark(self, attempts: list[Attempt]) -> None:
        """Mark what may get each other's name: sessions that spoke while the other was open."""
        chosen = attempts[0]
        for other in attempts[1:]:
            if other is not chosen and self._last[other] > self._first[chosen]:
                chosen.guessed = other.guessed = True

    def _agrees(self, attempt: Attempt, event: Event) -> bool:
        """Return whether an answer in words is the one that the callback gave as a number."""
        word = self._words.get(attempt)
        said = next((event.fields[name] for name in _REPEATED if name in event.fields), word)
        return not word or said == word

    def _leave(self, attempt: Attempt) -> None:
        kind = self._stands.get(attempt)
        if kind is not None:
            here = self._at[kind]
            del here[attempt]
            if not here:
                del self._at[kind]
