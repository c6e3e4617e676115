"""A reader that names each row of a template after the first of its values that is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headend.model.event import Event
from headend.parse.fsm import Template

if TYPE_CHECKING:
    from headend.model.line import Line


@dataclass(frozen=True, slots=True)
class Facility:
    """A debug facility: its template, and for each kind of event the value that tells it."""

    name: str
    template: str
    kinds: tuple[tuple[str, str], ...]


class FacilityReader:
    """Turns the lines of one stream of one facility into events."""

    def __init__(self, facility: Facility) -> None:
        self._facility = facility
        self._template = Template(facility.template)

    def feed(self, line: Line, text: str) -> tuple[bool, tuple[Event, ...]]:
        """Return whether ``text`` (``line`` without its wrapping) is known, and its events."""
        reading = self._template.feed(text)
        events = []
        for row in reading.rows:
            kind = next((kind for kind, value in self._facility.kinds if value in row), None)
            if kind is not None:
                events.append(Event(self._facility.name, kind, line, row))
        return reading.recognised, tuple(events)
