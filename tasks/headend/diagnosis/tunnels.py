"""The set-up of tunnels and their addresses, whose messages name no user."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from headend.diagnosis.bounded import Bounded
from headend.diagnosis.messages import STARTED, TUNNEL
from headend.diagnosis.nearness import near
from headend.diagnosis.verdicts import outcome_of
from headend.model.diagnosis import Outcome, Stage

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster
    from headend.model.event import Event

_SOURCES = 256
_EVENTS = 50
_LOOKED_BACK = 16
# Between the end of the login and the tunnel lies little more than a round trip.
_SECONDS = 30
_REFUSED = frozenset({"no-address", "error"})
# The messages that say so of a login by name.
_NAMED = frozenset({"722020", "722041"})


class Tunnels:
    """Gives what was said of a tunnel to the newest login that was accepted and has none yet."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._open: Bounded[str, list[Event]] = Bounded(_SOURCES)
        self._pools: Bounded[str, Event] = Bounded(_SOURCES)

    def __bool__(self) -> bool:
        return bool(self._pools)

    def feed(self, event: Event) -> Attempt | None:
        """Take a line of ``debug webvpn anyconnect``; only a refusal makes an attempt of it."""
        source = event.line.source
        state = event.fields.get("state")
        if state == "HEADER_PROCESSING" or source not in self._open:
            self._open.put(source, [])
        told = self._open[source]
        if len(told) < _EVENTS:
            told.append(event)
        if state == "CONNECTED":
            del self._open[source]
        if state != "ERROR":
            return None
        del self._open[source]
        if not any(one.kind in _REFUSED for one in told):
            return None
        attempt = self._newest(event) or self._roster.open(told[0])
        for one in told:
            attempt.add(one, Stage.SESSION)
        return attempt

    def finish(self) -> None:
        """Open an attempt for each tunnel that was refused an address, where the lines end."""
        while self._open:
            told = self._open.popitem(last=False)[1]
            if any(one.kind in _REFUSED for one in told):
                attempt = self._newest(told[0]) or self._roster.open(told[0])
                for one in told:
                    attempt.add(one, Stage.SESSION)

    def pool(self, event: Event) -> Attempt | None:
        """Take a message that no address could be assigned."""
        attempt = self._newest(event)
        if attempt is None:
            self._pools.put(event.line.source, event)
        else:
            attempt.add(event, Stage.SESSION)
        return attempt

    def attach(self, attempt: Attempt, event: Event) -> None:
        """Give ``attempt``, which got no address, the failure of the pool before it."""
        if event.kind not in _NAMED:
            return
        held = self._pools.pop(event.line.source, None)
        if held is not None and near(attempt, held, _SECONDS):
            attempt.add(held, Stage.SESSION)

    def _newest(self, event: Event) -> Attempt | None:
        for attempt in islice(self._roster.recent(), _LOOKED_BACK):
            if (
                attempt.source == event.line.source
                and near(attempt, event, _SECONDS)
                and attempt.first("syslog", *TUNNEL) is None
                and attempt.first("webvpn") is None
                and (
                    outcome_of(attempt) is Outcome.ACCEPTED
                    or attempt.first("syslog", *STARTED, *_NAMED) is not None
                )
            ):
                return attempt
        return None
