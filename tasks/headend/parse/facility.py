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
        self._name = facility.name
        # The values that a row has tell its kind; a template has few sets of them.
        self._kinds: dict[tuple[str, ...], str] = {}

    def kind(self, row: Row) -> str:
        """Return what kind of event a row is; empty where none of its values tells."""
        names = tuple(row)
        kind = self._kinds.get(names)
        if kind is None:
            told = (kind for kind, value in self._facility.kinds if value in row)
            kind = self._kinds[names] = next(told, "")
        return kind

    def take(self, line: Line, kind: str, row: Row) -> tuple[Event, ...]:
        """Return what a row of this kind, which ``line`` gave, completes."""
        # A named tuple's own constructor takes twice as long.
        return (tuple.__new__(Event, (self._name, kind, line, row)),)
