"""Lines of debug that carry no key (SDI, Kerberos): each belongs to what was begun last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis.exchanges import Exchange, Placement

if TYPE_CHECKING:
    from collections.abc import Collection

    from headend.diagnosis.attempt import Attempt
    from headend.model.event import Event


class Unkeyed:
    """The exchanges of one facility of one debug stream, one at a time.

    An event of the kind ``begins`` starts the next; ``ends`` are the kinds after which no more is
    said. ``name`` is the field that holds the user's name.
    """

    def __init__(
        self, placement: Placement, facility: str, begins: str, ends: Collection[str], name: str
    ) -> None:
        self._placement = placement
        self._facility, self._begins, self._ends, self._name = facility, begins, ends, name
        self._current: Exchange | None = None

    def feed(self, event: Event) -> Attempt | None:
        """Return the attempt that the event was added to, if that is known yet."""
        name = event.fields.get(self._name)
        if self._current is None or self._is_next(self._current, event.kind, name):
            self.finish()
            self._current = Exchange(self._facility)
        exchange = self._current
        exchange.user = exchange.user or name
        exchange.add(event)
        if event.kind in self._ends:
            exchange.verdict = event.kind
        if exchange.attempt is None:
            self._placement.place(exchange, ending=exchange.verdict is not None)
        return exchange.attempt

    def _is_next(self, exchange: Exchange, kind: str, name: str | None) -> bool:
        """Return whether a line is the next exchange's: it begins one, or names another user."""
        begins = kind == self._begins
        another = bool(exchange.user) and name != exchange.user
        return (begins and exchange.verdict is not None) or (another and (begins or bool(name)))

    def finish(self) -> None:
        """Place the exchange that is open."""
        if self._current is not None:
            self._placement.end(self._current)
            self._current = None
