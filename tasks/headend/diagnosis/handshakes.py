"""TLS handshakes with clients, which end before a login has a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headend.diagnosis.bounded import Bounded
from headend.diagnosis.facts import server as asked_server
from headend.diagnosis.messages import HANDSHAKE_FAILED
from headend.diagnosis.nearness import near
from headend.diagnosis.roster import host_of
from headend.diagnosis.rules_tls import meaning
from headend.diagnosis.verdicts import connect_failed
from headend.model.diagnosis import Stage

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster
    from headend.model.event import Event

_BEGUN, _DONE, _REASON = "725001", "725002", "725014"
_KEPT = 256
_ADDRESS = re.compile(r"[0-9A-Fa-f.:]{3,45}")


class Handshakes:
    """Remembers how the handshake with each address ended, and why: 725014 names no address."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._with_server: Bounded[str, bool] = Bounded(_KEPT)
        self._reasons: Bounded[str, Event] = Bounded(_KEPT)
        self._ended: Bounded[str, tuple[Event, ...]] = Bounded(_KEPT)

    def __bool__(self) -> bool:
        return bool(self._ended)

    def feed(self, event: Event) -> None:
        """Take one 725xxx message."""
        kind, stream = event.kind, _stream(event)
        if kind == _BEGUN:
            self._with_server.put(stream, "server" in event.fields)
        elif kind == _REASON:
            self._reasons.put(stream, event)
        elif kind in {_DONE, HANDSHAKE_FAILED}:
            self._with_server.pop(stream, None)
            reason = self._reasons.pop(stream, None)
            address = event.fields.get("client_ip")
            if address is not None:
                told = (event,) if reason is None else (reason, event)
                gone = self._ended.put(address, told)
                if gone is not None:
                    self._open(*gone)

    def with_server(self, event: Event) -> bool:
        """Return whether the headend is in a handshake with a server, not a client."""
        return bool(self._with_server) and self._with_server.get(_stream(event), False)

    def attach(self, attempt: Attempt) -> None:
        """Give ``attempt`` the handshake that its client had just made."""
        told = self._ended.get(attempt.client_ip or "")
        if told is not None and near(attempt, told[-1]):
            del self._ended[attempt.client_ip or ""]
            for event in told:
                attempt.add(event, Stage.TLS)

    def finish(self) -> None:
        """Open an attempt for each client that got no further, where the headend said why."""
        while self._ended:
            self._open(*self._ended.popitem(last=False))

    def _open(self, address: str, told: tuple[Event, ...]) -> None:
        reason = told[0].fields.get("reason", "")
        if told[-1].kind != HANDSHAKE_FAILED or meaning(reason) is None:
            # The Internet is full of clients that are none.
            return
        near_by = (one for one in self._roster.at_address(address) if near(one, told[-1]))
        attempt = next(near_by, None) or self._roster.open(told[0])
        attempt.locate(address)
        for event in told:
            attempt.add(event, Stage.TLS)


def unsecured_by_name(attempt: Attempt) -> bool:
    """Return whether LDAPS failed with a server that is known by name: syslog has its address."""
    failed = connect_failed(attempt)
    if failed is None or not failed.event.fields.get("uri", "").startswith("ldaps:"):
        return False
    return _ADDRESS.fullmatch(asked_server(attempt) or "") is None


def _stream(event: Event) -> str:
    return host_of(event) or event.line.source
