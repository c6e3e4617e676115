"""Attempts as the user's client saw them, which know neither the user's name nor the address."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from headend.diagnosis.attempt import when
from headend.diagnosis.bounded import Bounded
from headend.diagnosis.client_words import AFTER_LOGIN, BEFORE_LOGIN, CLIENT, TELLING
from headend.diagnosis.messages import TUNNEL
from headend.diagnosis.nearness import apart
from headend.diagnosis.verdicts import exchanged, outcome_of, statuses
from headend.model.diagnosis import Outcome, Stage

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster
    from headend.model.event import Event

_KEPT = 256
_EVENTS = 200
_LOOKED_BACK = 256
# The clocks of client and headend agree within the time that a login takes.
_SECONDS = 120


@dataclass(slots=True, eq=False)
class _Try:
    """What one client said from "Contacting" to the end of that try."""

    events: list[Event] = field(default_factory=list)
    told: bool = False


class Clients:
    """Holds the tries of clients until every headend was heard; then each finds its attempt."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._open: Bounded[str, _Try] = Bounded(_KEPT)
        self._done: Bounded[_Try, _Try] = Bounded(_KEPT)
        self._tries = 0

    def feed(self, event: Event) -> None:
        """Take one message of a client."""
        source = event.line.source
        current = self._open.get(source)
        again = event.kind == "contacting" or (event.kind == "credentials" and self._lost(current))
        if current is None or (again and current.told):
            if current is not None:
                self._close(current)
            current = _Try()
            gone = self._open.put(source, current)
            if gone is not None:
                self._close(gone[1])
        if len(current.events) < _EVENTS:
            current.events.append(event)
        current.told = current.told or event.kind in TELLING

    @staticmethod
    def _lost(current: _Try | None) -> bool:
        """Return whether the try was refused: what is typed now is the next one's."""
        last = (
            next((one.kind for one in reversed(current.events) if one.kind in TELLING), "")
            if current
            else ""
        )
        return last in {"login-failed", "denied"}

    def finish(self) -> None:
        """Let each try tell of the one attempt of that time, or be an attempt of its own."""
        for current in self._open.values():
            self._close(current)
        self._open.clear()
        while self._done:
            self._place(self._done.popitem(last=False)[1])

    def _close(self, current: _Try) -> None:
        if current.told:
            self._tries += 1
            gone = self._done.put(current, current)
            if gone is not None:
                self._place(gone[1])

    def _place(self, current: _Try) -> None:
        attempt = self._seen_by_headend(current) or self._roster.open(current.events[0])
        for event in current.events:
            attempt.add(event, Stage.TLS)
        attempt.label = attempt.label or next(
            (one.fields["gateway"] for one in current.events if "gateway" in one.fields), None
        )

    def _seen_by_headend(self, current: _Try) -> Attempt | None:
        """Return the only attempt of that time which ended as the client says."""
        told = next((one for one in reversed(current.events) if when(one) is not None), None)
        kinds = [one.kind for one in current.events]
        found = [
            attempt
            for attempt in islice(self._roster.recent(), _LOOKED_BACK)
            if attempt.first(CLIENT) is None
            and _ends_as(attempt, kinds)
            and self._can_be(attempt, told)
        ]
        return found[0] if len(found) == 1 else None

    def _can_be(self, attempt: Attempt, told: Event | None) -> bool:
        """Return whether the times agree; debug has none, and then a single try is that login."""
        if told is None or attempt.moment() is None:
            return self._tries == 1 and attempt.session
        return apart(attempt, told) <= _SECONDS


def _ends_as(attempt: Attempt, kinds: list[str]) -> bool:
    """Return whether the headend can have seen the attempt end as its client did."""
    outcome = outcome_of(attempt)
    if kinds[-1] == "connected":
        return outcome is Outcome.ACCEPTED
    if not AFTER_LOGIN.isdisjoint(kinds):
        answers = [word for word, _ in statuses(attempt)]
        rejected = "REJECT" in answers or exchanged(attempt) is Outcome.REJECTED
        return not rejected and attempt.first("syslog", *TUNNEL) is None
    early = "credentials" not in kinds and not BEFORE_LOGIN.isdisjoint(kinds)
    if early and (attempt.session or exchanged(attempt) is not None):
        return False
    return outcome is not Outcome.ACCEPTED
