"""Dynamic access policies as ``debug dap`` shows them, by the user that they are applied to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headend.diagnosis.bounded import Bounded
from headend.diagnosis.nearness import near
from headend.model.diagnosis import Stage
from headend.model.user import bare_name

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster
    from headend.model.event import Event

_SOURCES = 256
_USERS = 256
_EVENTS = 500


@dataclass(slots=True)
class _Request:
    """One evaluation of the policies, from ``DAP_open`` to ``DAP_close``."""

    source: str
    events: list[Event] = field(default_factory=list)
    user: str | None = None
    terminated: bool = False


class AccessPolicies:
    """Holds what was said of a user's policies until the login that they judge is known."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._open: Bounded[str, _Request] = Bounded(_SOURCES)
        self._held: Bounded[str, _Request] = Bounded(_USERS)

    def __bool__(self) -> bool:
        return bool(self._held)

    def feed(self, event: Event) -> Attempt | None:
        """Take a line of ``debug dap``; return the attempt that it ended the judging of."""
        source = event.line.source
        request = self._open.get(source)
        if request is None or event.kind == "opened":
            if request is not None:
                self._hold(request)
            request = _Request(source)
            self._open.put(source, request)
        if len(request.events) < _EVENTS:
            request.events.append(event)
        request.user = request.user or event.fields.get("user")
        request.terminated = request.terminated or event.kind == "terminate"
        if event.kind != "closed":
            return None
        del self._open[source]
        return self._hold(request)

    def attach(self, attempt: Attempt) -> None:
        """Give ``attempt`` what was said of its user before it had the name."""
        request = self._held.get(bare_name(attempt.user or ""))
        if request is not None and _judges(request, attempt):
            del self._held[bare_name(attempt.user or "")]
            _tell(attempt, request)

    def finish(self) -> None:
        """Place what the capture cut off; a termination that no login claimed is an attempt."""
        for request in list(self._open.values()):
            self._hold(request)
        self._open.clear()
        while self._held:
            request = self._held.popitem(last=False)[1]
            if request.terminated:
                attempt = self._roster.open(request.events[0])
                attempt.name(request.user)
                _tell(attempt, request)

    def _hold(self, request: _Request) -> Attempt | None:
        for attempt in self._roster.of_user(request.user or ""):
            if _judges(request, attempt):
                _tell(attempt, request)
                return attempt
        self._held.put(bare_name(request.user or ""), request)
        return None


def _judges(request: _Request, attempt: Attempt) -> bool:
    return (
        attempt.source == request.source
        and attempt.first("dap") is None
        and near(attempt, request.events[0])
    )


def _tell(attempt: Attempt, request: _Request) -> None:
    for event in request.events:
        attempt.add(event, Stage.GROUP_POLICY)
