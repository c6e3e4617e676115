"""One login attempt while it grows: what was said about it, and under which names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from headend.model.diagnosis import Evidence, Stage
from headend.parse.stamp import instant, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from headend.model.event import Event

# A login is told in well under 200 events; more is a stuck key or somebody's flood.
_ENTRIES = 1000
_TEXT = 2000

HIDDEN = "*****"


class Entry(NamedTuple):
    """An event, and the stage of the login at which it was said."""

    event: Event
    stage: Stage


@dataclass(slots=True, eq=False)
class Attempt:
    """The growing record of one attempt; rules read it and never change it.

    ``host`` names the headend where the lines do (inventory or syslog header); ``label`` is what
    the prompt calls it. ``stage`` is where the AAA session stands now.
    """

    id: str
    source: str
    host: str | None
    label: str | None = None
    entries: list[Entry] = field(default_factory=list)
    user: str | None = None
    client_ip: str | None = None
    stage: Stage = Stage.PRIMARY
    looking_up: bool = False
    waiting: bool = False
    session: bool = False
    closed: bool = False

    def add(self, event: Event, stage: Stage | None = None) -> None:
        """Append an event at ``stage``, or where the AAA session stands."""
        if len(self.entries) < _ENTRIES:
            self.entries.append(Entry(event, stage or self.stage))

    def name(self, user: str | None) -> None:
        """Learn the user's name, unless it is known or hidden."""
        if user and user not in {HIDDEN, "<Unknown>"} and not self.user:
            self.user = user

    def find(self, facility: str, *kinds: str) -> Iterator[Entry]:
        """Yield the entries of one facility, of some kinds where any are given."""
        for entry in self.entries:
            if entry.event.facility == facility and (not kinds or entry.event.kind in kinds):
                yield entry

    def first(self, facility: str, *kinds: str) -> Entry | None:
        """Return the first such entry."""
        return next(self.find(facility, *kinds), None)

    def last(self, facility: str, *kinds: str) -> Entry | None:
        """Return the last such entry."""
        found = list(self.find(facility, *kinds))
        return found[-1] if found else None

    def value(self, facility: str, kind: str, name: str) -> str | None:
        """Return the last non-empty value called ``name``."""
        values = [entry.event.fields.get(name) for entry in self.find(facility, kind)]
        return next((value for value in reversed(values) if value), None)

    def moment(self) -> datetime | None:
        """Return the time of the last event that had one."""
        for entry in reversed(self.entries):
            found = when(entry.event)
            if found is not None:
                return found
        return None


def when(event: Event) -> datetime | None:
    """Return the time that the event's syslog header carries."""
    return instant(event.fields["stamp"]) if "stamp" in event.fields else None


def stamp(event: Event) -> str | None:
    """Return the event's time as ISO 8601, where its header had a full date."""
    return written(event.fields["stamp"]) if "stamp" in event.fields else None


def evidence(*entries: Entry | None) -> tuple[Evidence, ...]:
    """Return the lines behind ``entries``, in order, each once."""
    lines = dict.fromkeys(entry.event.line for entry in entries if entry is not None)
    return tuple(Evidence(line.source, line.number, line.text[:_TEXT]) for line in lines)
