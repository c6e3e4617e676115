"""Lines of ``debug tacacs`` to exchanges, by session id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis.bounded import Bounded
from headend.diagnosis.exchanges import Exchange, Placement
from headend.model.diagnosis import Stage

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.model.event import Event

_OPEN = 16_384
_AUTHORIZATION, _ACCOUNTING = "2", "3"
_FINAL = frozenset({"PASS", "FAIL", "ERROR", "PASS_ADD", "PASS_REPL", "FOLLOW", "RESTART"})


class Tacacs:
    """The TACACS+ exchanges of one debug stream.

    Lines without an id belong to the session that was named last. A packet that was received
    under an id that nobody sent answers that session too.
    """

    def __init__(self, placement: Placement) -> None:
        self._placement = placement
        self._open: Bounded[str, Exchange] = Bounded(_OPEN)
        self._accounting: Bounded[str, None] = Bounded(_OPEN)
        self._current: Exchange | None = None

    def feed(self, event: Event) -> Attempt | None:
        """Return the attempt that the event was added to, if that is known yet."""
        key = _key(event.fields.get("session", ""))
        if key:
            self._current = self._open.get(key) or self._unknown(event, key)
        exchange = self._current
        if exchange is None:
            return None
        if event.kind == "user" and not exchange.user:
            exchange.user = event.fields.get("user")
        elif event.kind == "timeout":
            exchange.server = event.fields.get("server") or exchange.server
        elif event.kind == "verdict":
            exchange.verdict = event.fields["verdict"]
        exchange.add(event)
        ending = exchange.verdict in _FINAL or event.kind in {"timeout", "finished"}
        if exchange.attempt is None:
            self._placement.place(exchange, ending=ending)
        if event.kind == "finished":
            self._open.pop(key, None)
            self._current = None
            self._placement.end(exchange)
        return exchange.attempt

    def finish(self) -> None:
        """Place every exchange that the capture cut off."""
        while self._open:
            self._placement.end(self._open.popitem(last=False)[1])

    def _unknown(self, event: Event, key: str) -> Exchange | None:
        if event.kind == "received" and self._current is not None:
            return self._current
        if event.fields.get("packet_type") == _ACCOUNTING:
            self._accounting.put(key, None)
        elif event.kind == "make":
            self._accounting.pop(key, None)
        if event.kind == "finished" or key in self._accounting:
            return None
        exchange = Exchange("tacacs")
        if event.fields.get("packet_type") == _AUTHORIZATION:
            exchange.stage = Stage.AUTHORIZATION
        gone = self._open.put(key, exchange)
        if gone is not None:
            self._placement.end(gone[1])
        return exchange


def _key(number: str) -> str:
    """Return an id as it is compared: it is printed in decimal and in hex."""
    try:
        return str(int(number, 0))
    except ValueError:
        return number.lower()
