"""A reader that names each row of a template after the first of its values that is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headend.model.event import Event

if TYPE_CHECKING:
    from headend.model.line import Line
    from headend.parse.fsm import Row


@dataclass(frozen=True, slots=True)
class Facility:
    """A debug facility: its template, and for each kind of event the value that tells it."""

    name: str
    template: str
    kinds: tuple[tuple[str, str], ...]


class FacilityReader:
    """Turns the rows of one stream of one facility into events."""

    def __init__(self, facility: Facility) -> None:
        self.template = facility.template
        self._facility = facility
        # The values that a row has tell its kind; a template has few sets of them.
        self._kinds: dict[tuple[str, ...], str | None] = {}

    def take(self, line: Line, row: Row) -> tuple[Event, ...]:
        """Return what a row that ``line`` gave means."""
        event = self.event(line, row)
        return (event,) if event is not None else ()

    def event(self, line: Line, row: Row) -> Event | None:
        """Return a row as an event, or ``None`` where none of its values tells a kind."""
        names = tuple(row)
        if names not in self._kinds:
            told = (kind for kind, value in self._facility.kinds if value in row)
            self._kinds[names] = next(told, None)
        kind = self._kinds[names]
        return Event(self._facility.name, kind, line, row) if kind is not None else None
