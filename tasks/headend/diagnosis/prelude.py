"""What a headend says of servers before a login has a name: dead ones, clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis.bounded import Bounded
from headend.diagnosis.messages import HANDSHAKE_FAILED, REJECTS
from headend.diagnosis.nearness import near

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster
    from headend.model.event import Event

_KEPT = 256


class Prelude:
    """Holds nameless events until an attempt turns out to be theirs."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._marks: Bounded[str, Event] = Bounded(_KEPT)
        self._unshaken: Bounded[str, Event] = Bounded(_KEPT)
        self._skews: Bounded[str, Event] = Bounded(_KEPT)

    def __bool__(self) -> bool:
        return bool(self._marks or self._unshaken or self._skews)

    def server(self, event: Event) -> None:
        """Remember that a server failed a handshake, was taken out of service, or came back."""
        server = event.fields.get("server")
        if server is None:
            return
        if event.kind == HANDSHAKE_FAILED:
            self._unshaken.put(server, event)
            return
        self._marks.pop(server, None)
        if event.fields.get("server_state") in {"FAILED", "SUSPENDED"}:
            self._marks.put(server, event)

    def skew(self, event: Event) -> None:
        """Remember that Kerberos refused a login for the clocks, and does not say whose."""
        self._skews.put(event.fields.get("server", ""), event)

    def finish(self) -> None:
        """Open an attempt for each refusal that none turned out to be told of."""
        while self._skews:
            event = self._skews.popitem(last=False)[1]
            self._roster.open(event).add(event)

    def attach(self, attempt: Attempt, event: Event) -> None:
        """Give ``attempt``, which ``event`` told more of, what was held for it."""
        server = event.fields.get("server", "")
        if (
            event.kind in {"113014", "no-server"}
            or event.fields.get("status_word") == "UNAVAILABLE"
        ):
            asked = server or attempt.value("aaa", "server", "server") or ""
            for mark in (self._marks.get(asked), self._unshaken.pop(asked, None)):
                if mark is not None and mark.line.source == event.line.source:
                    attempt.add(mark)
        if event.kind == "113013" and len(self._skews) == 1:
            # "Unable to complete" names no server: the only one whose clock differs.
            server, skew = next(iter(self._skews.items()))
            if skew.line.source == event.line.source and near(attempt, skew):
                attempt.add(self._skews.pop(server))
        elif server and event.kind in REJECTS and server in self._skews:
            attempt.add(self._skews.pop(server))
