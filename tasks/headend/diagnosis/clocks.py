"""The headend's clock being set, and the rejected logins near which it was."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from headend.diagnosis.answers import answers
from headend.diagnosis.attempt import when
from headend.diagnosis.bounded import Bounded
from headend.diagnosis.messages import CLOCK

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster
    from headend.model.event import Event

# A clock that was wrong for a login was wrong some minutes before or after as well.
_SECONDS = 600
_LOOKED_BACK = 64
_SOURCES = 64


class Clocks:
    """Gives 771002, which names no login, to the logins that a server rejected about then."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._set: Bounded[str, Event] = Bounded(_SOURCES)

    def __bool__(self) -> bool:
        return bool(self._set)

    def feed(self, event: Event) -> None:
        """Take note that the clock was set."""
        self._set.put(event.line.source, event)
        for attempt in islice(self._roster.recent(), _LOOKED_BACK):
            self.attach(attempt)

    def attach(self, attempt: Attempt) -> None:
        """Tell a rejected login of the clock, once."""
        event = self._set.get(attempt.source)
        if event is None or attempt.first("syslog", CLOCK) is not None:
            return
        given = answers(attempt)
        if given and given[-1][0] == "REJECT" and _near(attempt, event):
            attempt.add(event)


def _near(attempt: Attempt, event: Event) -> bool:
    then, now = attempt.moment(), when(event)
    return then is None or now is None or abs((now - then).total_seconds()) <= _SECONDS
