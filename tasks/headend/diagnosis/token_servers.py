"""Lines of ``debug radius`` to exchanges, by session, packet id and pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis.bounded import Bounded
from headend.diagnosis.exchanges import Exchange, Placement
from headend.diagnosis.keyed import Keyed
from headend.parse.radius import address

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.model.event import Event

_OPEN = 16_384
# Exchanges that were answered or given up: the user's answer, or the next server, may follow.
_PAUSING = 1024
_USER_NAME, _CALLING_STATION, _STATE = "1", "31", "24"
_REQUEST = "1"
_FINAL = {"2": "ACCEPT", "3": "REJECT", "11": "CHALLENGE"}
# From here on the request has left the headend, and all that it carries has been printed.
_LEFT = frozenset({"send", "verdict", "timeout", "delete", "remove", "bad-authenticator"})


class TokenServers:
    """The RADIUS exchanges of one debug stream; a challenge and its answer are one exchange."""

    def __init__(self, placement: Placement) -> None:
        self._placement = placement
        self._keyed = Keyed()
        self._open: Bounded[Exchange, Exchange] = Bounded(_OPEN)
        self._pausing: Bounded[Exchange, Exchange] = Bounded(_PAUSING)
        self._current: Exchange | None = None
        self._code: Event | None = None

    def feed(self, event: Event) -> Attempt | None:
        """Return the attempt that the event was added to, if that is known yet."""
        if event.kind == "decode":
            return None
        if event.kind == "code":
            self._code = event
            return None
        exchange = self._exchange(event)
        self._current = exchange
        if exchange is None:
            return None
        if event.kind == "identifier" and self._code is not None:
            exchange = self._packet(exchange, self._code)
            self._code = None
        elif event.kind == "attribute":
            exchange = self._attribute(exchange, event)
        elif event.kind == "verdict":
            exchange.verdict = event.fields["verdict"]
        self._current = exchange
        self._learn(exchange, event)
        exchange.add(event)
        if exchange.attempt is None:
            left = event.kind in _LEFT or exchange.verdict is not None
            self._placement.place(exchange, ending=left)
        if event.kind == "remove":
            self._removed(exchange, event)
        elif exchange.verdict is not None:
            self._pause(exchange)
        return exchange.attempt

    def finish(self) -> None:
        """Place every exchange that the capture cut off."""
        while self._open:
            self._forget(next(iter(self._open)))

    def _exchange(self, event: Event) -> Exchange | None:  # noqa: PLR0911 - one return a key
        fields = event.fields
        if event.kind == "make":
            return self._session(_key(fields["mkreq"]))
        if event.kind in {"new-request", "add"}:
            exchange = self._session(_key(fields["session"]))
            self._keyed.bind("id", fields["request_id"], exchange)
            self._keyed.bind("pointer", _key(fields["pointer"]), exchange)
            return exchange
        if event.kind == "remove":
            return self._keyed.get("session", _key(fields["session"])) or self._current
        if event.kind == "rip":
            pointer = _key(fields["pointer"])
            known = self._keyed.get("pointer", pointer)
            if known is None and (self._current is None or "request_id" in fields):
                # The capture began after the request was made.
                known = self._new()
                self._keyed.bind("pointer", pointer, known)
                if "request_id" in fields:
                    self._keyed.bind("id", fields["request_id"], known)
            return known or self._current
        if event.kind == "reply-session":
            return self._keyed.get("session", _key(fields["reply_session"])) or self._current
        if event.kind == "identifier":
            known = self._keyed.get("id", fields["identifier"])
            request = self._code is not None and self._code.fields["code"] == _REQUEST
            # Without session debug an id that was answered, and comes again, is a new request.
            if known is None or (request and known.verdict in {"ACCEPT", "REJECT"}):
                known = self._new()
                self._keyed.bind("id", fields["identifier"], known)
            return known
        return self._current

    def _session(self, session: str) -> Exchange:
        exchange = self._keyed.get("session", session)
        over = exchange is not None and (
            exchange.verdict in {"ACCEPT", "REJECT"}
            or (exchange.attempt is not None and exchange.attempt.closed)
        )
        if exchange is None or over:
            exchange = self._new()
            self._keyed.bind("session", session, exchange)
        self._pausing.pop(exchange, None)
        return exchange

    def _new(self) -> Exchange:
        exchange = Exchange("radius")
        gone = self._open.put(exchange, exchange)
        if gone is not None:
            self._forget(gone[1])
        return exchange

    def _packet(self, exchange: Exchange, code: Event) -> Exchange:
        verdict = _FINAL.get(code.fields["code"])
        if verdict:
            exchange.verdict = verdict
        exchange.add(code)
        return exchange

    def _attribute(self, exchange: Exchange, event: Event) -> Exchange:
        number, value = event.fields["type"], event.fields.get("value", "")
        if "vendor" in event.fields or number != _STATE or not value:
            return exchange
        earlier = self._keyed.get("state", value)
        if earlier is None or exchange.verdict == "CHALLENGE":
            self._keyed.bind("state", value, exchange)
            return exchange
        if earlier is exchange or exchange.attempt is not None or earlier.attempt is None:
            return exchange
        # The State of an earlier challenge comes back: this request is its answer.
        for event_so_far in exchange.events:
            earlier.add(event_so_far)
        self._keyed.move(exchange, earlier)
        self._open.pop(exchange, None)
        self._pausing.pop(earlier, None)
        return earlier

    def _learn(self, exchange: Exchange, event: Event) -> None:
        fields = event.fields
        if event.kind == "got-user":
            exchange.user = exchange.user or fields.get("got_user")
        elif event.kind == "reply-user":
            exchange.user = exchange.user or fields.get("reply_user")
        elif event.kind == "source-ip":
            exchange.client_ip = exchange.client_ip or address(fields["source_ip"])
        elif event.kind == "send":
            exchange.server = fields["send_to"]
            exchange.verdict = None
        elif event.kind == "attribute" and "vendor" not in fields:
            if fields["type"] == _USER_NAME and exchange.verdict is None:
                exchange.user = exchange.user or fields.get("value")
            elif fields["type"] == _CALLING_STATION:
                exchange.client_ip = exchange.client_ip or address(fields.get("value", ""))

    def _removed(self, exchange: Exchange, event: Event) -> None:
        self._keyed.unbind("id", event.fields["request_id"])
        self._keyed.unbind("pointer", _key(event.fields["pointer"]))
        if exchange.verdict in {"ACCEPT", "REJECT"}:
            self._forget(exchange)
        else:
            self._pause(exchange)

    def _pause(self, exchange: Exchange) -> None:
        gone = self._pausing.put(exchange, exchange)
        if gone is not None:
            self._forget(gone[1])

    def _forget(self, exchange: Exchange) -> None:
        self._open.pop(exchange, None)
        self._pausing.pop(exchange, None)
        self._keyed.forget(exchange)
        self._placement.end(exchange)


def _key(number: str) -> str:
    return number.lower().lstrip("0")
