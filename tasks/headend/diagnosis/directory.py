"""Lines of ``debug ldap`` to exchanges, by the id in brackets."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from headend.diagnosis.bounded import Bounded
from headend.diagnosis.exchanges import Exchange, Placement
from headend.model.diagnosis import Stage

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.model.event import Event

_USERS = ("response_user", "message_user", "policy_user", "invalid_user", "success_user")
_TELLING = frozenset(
    {
        "binding", "bind", "connect", "context", "filter", "invalid-password", "message",
        "policy-read", "request", "response", "sub-code", "success",
    }
)  # fmt: skip
# Old trains print the number.
_LOGIN = frozenset({"Authentication", "1"})
_OPEN = 16_384


class Directory:
    """The LDAP exchanges of one debug stream."""

    def __init__(self, placement: Placement) -> None:
        self._placement = placement
        self._open: Bounded[str, Exchange] = Bounded(_OPEN)

    def feed(self, event: Event) -> Attempt | None:
        """Return the attempt that the event was added to, if that is known yet."""
        key = event.fields.get("id", "")
        exchange = self._open.get(key)
        if exchange is None or event.kind == "started":
            if exchange is not None:
                self._placement.end(exchange)
            if event.kind == "ended" or not key:
                return None
            exchange = Exchange("ldap")
            gone = self._open.put(key, exchange)
            if gone is not None:
                self._placement.end(gone[1])
        if event.kind in _TELLING:
            self._learn(exchange, event)
        exchange.add(event)
        if event.kind == "ended":
            del self._open[key]
            self._placement.end(exchange)
        elif exchange.attempt is None:
            self._placement.place(exchange, ending=event.kind == "exit")
        return exchange.attempt

    def finish(self) -> None:
        """Place every exchange that the capture cut off."""
        while self._open:
            self._placement.end(self._open.popitem(last=False)[1])

    @staticmethod
    def _learn(exchange: Exchange, event: Event) -> None:
        fields = event.fields
        if event.kind in {"request", "context", "connect"} and exchange.as_user is None:
            exchange.as_user = False
        if event.kind == "request" and fields["request_type"] not in _LOGIN:
            exchange.stage = Stage.AUTHORIZATION
        elif event.kind in {"binding", "bind"}:
            _bound(exchange, event)
        elif event.kind == "filter":
            exchange.user = exchange.user or fields.get("filter_value")
        if "uri" in fields:
            exchange.server = _host(fields["uri"])
        if exchange.user is None:
            names = [fields[name] for name in _USERS if name in fields]
            exchange.user = next((name for name in names if name not in exchange.accounts), None)


def _bound(exchange: Exchange, event: Event) -> None:
    """Learn from a bind whose name that is: the headend's account's, or the user's."""
    fields = event.fields
    if event.kind == "binding":
        exchange.as_user = fields["bind_as"] == "user"
        if not exchange.as_user:
            exchange.accounts.add(fields["bind_as"])
    elif exchange.as_user:
        exchange.user = exchange.user or fields.get("simple_user")
    elif exchange.as_user is False:
        exchange.accounts.add(fields.get("simple_user", ""))


@lru_cache(maxsize=1024)
def _host(uri: str) -> str | None:
    try:
        return urlsplit(uri).hostname
    except ValueError:
        return None
