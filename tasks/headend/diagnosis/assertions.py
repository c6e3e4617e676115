"""SAML assertions that were refused: debug and syslog tell of each, and seldom whose it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headend.diagnosis.bounded import Bounded
from headend.diagnosis.messages import Phase
from headend.diagnosis.nearness import near
from headend.diagnosis.roster import host_of

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster
    from headend.model.event import Event

_SOURCES = 256
_EVENTS = 50
_REFUSALS = frozenset({"refused", "failed"})


@dataclass(slots=True)
class _Flow:
    """What was said since the last login by SAML, and the attempt that it turned out to be."""

    events: list[Event] = field(default_factory=list)
    attempt: Attempt | None = None


class Assertions:
    """Makes one attempt of each refusal; the lines before it say why, those behind it when."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._flows: Bounded[str, _Flow] = Bounded(_SOURCES)

    def feed(self, event: Event) -> Attempt | None:
        """Take a line of ``debug webvpn saml``, or syslog 716160 and 716162."""
        flow = self._flow(event)
        refused = event.facility == "syslog" or event.kind in _REFUSALS
        if flow.attempt is None and not refused:
            if len(flow.events) < _EVENTS:
                flow.events.append(event)
            return None
        if flow.attempt is None:
            flow.attempt = self._roster.open(event)
            for held in flow.events:
                self._tell(flow.attempt, held)
            flow.events.clear()
        self._tell(flow.attempt, event)
        return flow.attempt

    def _flow(self, event: Event) -> _Flow:
        flow = self._flows.get(event.line.source)
        if flow is None or (flow.attempt is not None and _another(flow.attempt, event)):
            flow = _Flow()
            self._flows.put(event.line.source, flow)
        return flow

    @staticmethod
    def _tell(attempt: Attempt, event: Event) -> None:
        attempt.add(event)
        attempt.name(event.fields.get("user"))
        if event.facility == "syslog":
            attempt.reached = Phase.REFUSED
            attempt.host = attempt.host or host_of(event)


def _another(attempt: Attempt, event: Event) -> bool:
    """Return whether ``event`` is of another login: the same was said, or long ago."""
    begins = event.kind in {"refused", "library"} or event.facility == "syslog"
    told = attempt.first(event.facility, event.kind) is not None
    return (begins and told) or not near(attempt, event)
