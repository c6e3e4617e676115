"""One login attempt while it grows: what was said about it, and under which names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from headend.model.diagnosis import ClientClock, Evidence, Stage
from headend.parse.stamp import instant, written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from headend.diagnosis.roster import Roster
    from headend.model.event import Event

# A login is told in well under 200 events; more is a stuck key or somebody's flood.
_ENTRIES = 1000
_TEXT = 2000

HIDDEN = "*****"
_NAMELESS = frozenset({"", HIDDEN, "<Unknown>"})


class Entry(NamedTuple):
    """An event, the stage of the login at which it was said, and its place among the others."""

    event: Event
    stage: Stage
    place: int


@dataclass(slots=True, eq=False)
class Attempt:
    """The growing record of one attempt; rules read it and never change it.

    ``number`` counts from 1; ``host`` names the headend where the lines do (inventory or syslog
    header); ``label`` is what the prompt calls it. ``stage`` is where the AAA session stands now,
    ``reached`` the furthest phase that a syslog line told. ``held`` counts the conversations that
    may still add to it. ``guessed`` says that its AAA lines crossed another session's where only
    their order tells whose is the name. ``unknown`` is the number of lines that nobody knew
    between its first and its last line, in its own source. ``client_clocks`` are those of the files
    that its client wrote: an event log tells UTC, a message history the user's own time.
    """

    number: int
    source: str
    host: str | None
    roster: Roster
    label: str | None = None
    entries: list[Entry] = field(default_factory=list)
    user: str | None = None
    client_ip: str | None = None
    stage: Stage = Stage.PRIMARY
    reached: int = 0
    looking_up: bool = False
    waiting: bool = False
    session: bool = False
    guessed: bool = False
    closed: bool = False
    held: int = 0
    unknown: int = 0
    client_clocks: dict[str, ClientClock] = field(default_factory=dict)
    unknown_before: int | None = None
    # The entries of a facility by kind, and all of them under the empty kind.
    _told: dict[str, dict[str, list[Entry]]] = field(default_factory=dict)
    _memory: dict[object, Any] = field(default_factory=dict)
    _remembered: tuple[int, bool] = (0, False)

    def add(self, event: Event, stage: Stage | None = None) -> None:
        """Append an event at ``stage``, or where the AAA session stands."""
        place = len(self.entries)
        if place < _ENTRIES:
            # A named tuple's own constructor takes twice as long.
            entry = tuple.__new__(Entry, (event, stage or self.stage, place))
            self.entries.append(entry)
            told = self._told.get(event.facility)
            if told is None:
                told = self._told[event.facility] = {_ANY: []}
            told[_ANY].append(entry)
            if event.kind in told:
                told[event.kind].append(entry)
            else:
                told[event.kind] = [entry]

    def name(self, user: str | None) -> None:
        """Learn the user's name, unless it is known or hidden."""
        if user and not self.user and user not in _NAMELESS:
            self.user = user
            self.roster.named(self)

    def locate(self, address: str | None) -> None:
        """Learn the client's address, unless it is known."""
        if address and not self.client_ip:
            self.client_ip = address
            self.roster.located(self)

    def pass_unknown(self, so_far: int, source: str) -> None:
        """Take note that a line of the attempt came after ``so_far`` unknown ones of ``source``."""
        if source != self.source:
            return
        if self.unknown_before is None:
            self.unknown_before = so_far
        self.unknown = so_far - self.unknown_before

    @property
    def client_clock(self) -> ClientClock | None:
        """The clock of its client's files that is furthest from the headend's."""
        clocks = self.client_clocks.values()
        return max(clocks, key=lambda clock: abs(clock.seconds), default=None)

    @property
    def heard_twice(self) -> bool:
        """Whether more than one facility tells of the attempt, syslog among them."""
        return len(self._told) > 1 and "syslog" in self._told

    def find(self, facility: str, *kinds: str) -> Sequence[Entry]:
        """Return the entries of one facility, of some kinds where any are given, in order."""
        told = self._told.get(facility)
        if told is None:
            return ()
        if len(kinds) < 2:  # noqa: PLR2004 - one kind is in order as it is
            return told.get(kinds[0] if kinds else _ANY, ())
        found = [entry for kind in kinds if kind in told for entry in told[kind]]
        found.sort(key=_place)
        return found

    def first(self, facility: str, *kinds: str) -> Entry | None:
        """Return the first such entry."""
        told = self._told.get(facility)
        if told is None:
            return None
        if len(kinds) < 2:  # noqa: PLR2004 - most ask for one kind
            found = told.get(kinds[0] if kinds else _ANY)
            return found[0] if found else None
        heads = [told[kind][0] for kind in kinds if kind in told]
        return min(heads, key=_place) if heads else None

    def last(self, facility: str, *kinds: str) -> Entry | None:
        """Return the last such entry."""
        told = self._told.get(facility)
        if told is None:
            return None
        if len(kinds) < 2:  # noqa: PLR2004 - likewise
            found = told.get(kinds[0] if kinds else _ANY)
            return found[-1] if found else None
        ends = [told[kind][-1] for kind in kinds if kind in told]
        return max(ends, key=_place) if ends else None

    def value(self, facility: str, kind: str, name: str) -> str | None:
        """Return the last non-empty value called ``name``."""
        for entry in reversed(self._told.get(facility, _NOTHING).get(kind, ())):
            value = entry.event.fields.get(name)
            if value:
                return value
        return None

    def moment(self) -> datetime | None:
        """Return the time of the last event that had one."""
        for entry in reversed(self.entries):
            found = when(entry.event)
            if found is not None:
                return found
        return None

    def recall(self, question: Callable[[Attempt], Any]) -> Any:
        """Return the answer to ``question``, asked once for as long as nothing is added."""
        state = (len(self.entries), self.closed)
        if self._remembered != state:
            self._memory.clear()
            self._remembered = state
        if question not in self._memory:
            self._memory[question] = question(self)
        return self._memory[question]


_ANY = ""
_NOTHING: dict[str, list[Entry]] = {}


def _place(entry: Entry) -> int:
    return entry.place


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
