"""The counters of AAA servers before and after an attempt, and what they rose by in between."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headend.diagnosis.bounded import Bounded
from headend.model.diagnosis import Evidence
from headend.model.line import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from headend.model.diagnosis import Diagnosis, Span
    from headend.model.event import Event
    from headend.model.line import Line

FACILITY = "aaa-server"
_IN_SERVICE = "ACTIVE"
# A headend has 200 server groups at most; a text may claim anything.
_GROUPS = 256
_SERVERS = 1024
_GROUPS_OF_A_SERVER = 8
_READINGS = 64
_TEXT = 2000


@dataclass(slots=True)
class Reading:
    """One server's counters at one moment: a block of a ``show aaa-server`` reply.

    ``counts`` holds the number of each counter by its printed name, ``lines`` where it stands.
    """

    source: str
    number: int
    headend: str | None
    group: str
    hostname: str = ""
    address: str = ""
    status: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)

    @property
    def server(self) -> str:
        """What the server is called: its address where that is printed."""
        return self.address or self.hostname


@dataclass(frozen=True, slots=True)
class Difference:
    """What one server's counters rose by between two readings.

    ``cleared`` is true where one of them is smaller than before: then nothing is known of the
    time between, and ``rises`` is empty.
    """

    before: Reading
    after: Reading

    @property
    def cleared(self) -> bool:
        """Whether somebody cleared the counters in between."""
        before, after = self.before.counts, self.after.counts
        return any(after[name] < count for name, count in before.items() if name in after)

    @property
    def rises(self) -> Mapping[str, int]:
        """The counters that rose, and by how much; only those that both readings show."""
        if self.cleared:
            return {}
        before, after = self.before.counts, self.after.counts
        both = {name: after[name] - count for name, count in before.items() if name in after}
        return {name: rise for name, rise in both.items() if rise}

    @property
    def out_of_service(self) -> bool:
        """Whether the headend had taken the server out of service by the end."""
        return self.after.status not in {"", _IN_SERVICE}

    @property
    def where(self) -> str:
        """The server and its group, as a sentence names them."""
        group = f"group {visible(self.after.group)}"
        return f"server {visible(self.after.server)} of {group}" if self.after.server else group

    def evidence(self, name: str) -> tuple[Evidence, ...]:
        """Return the lines of a counter, or of the ``status``, before and after."""
        lines = (reading.lines.get(name) for reading in (self.before, self.after))
        return tuple(
            Evidence(line.source, line.number, line.text[:_TEXT]) for line in lines if line
        )


class Counters:
    """Takes in the ``show aaa-server`` replies of all sources, in the order in which they come.

    ``sources`` holds the names of the sources in that order, and may grow.
    """

    def __init__(self, sources: Collection[str]) -> None:
        self._sources = sources
        self._groups: Bounded[str, deque[Reading]] = Bounded(_GROUPS)
        self._served_by: Bounded[str, dict[str, None]] = Bounded(_SERVERS)
        self._open: dict[str, Reading] = {}

    def __bool__(self) -> bool:
        return bool(self._groups)

    def feed(self, event: Event, headend: str | None) -> None:
        """Take in one line of a reply, which the prompt around it says is of ``headend``."""
        source, fields = event.line.source, event.fields
        if event.kind == "group":
            self._begin(event, headend, fields["group"])
            return
        reading = self._open.get(source)
        if reading is None:
            return
        if event.kind in {"hostname", "address"}:
            if event.kind in reading.lines:
                # The next server of the same group, whose name is not printed again.
                reading = self._begin(event, reading.headend, reading.group)
            if event.kind == "address":
                reading.address = fields["address"]
            else:
                reading.hostname = fields["hostname"]
            reading.lines[event.kind] = event.line
            self._serves(fields[event.kind], reading.group)
        elif event.kind == "status":
            reading.status = fields["status"]
            reading.lines["status"] = event.line
        elif event.kind == "counter":
            reading.counts[fields["counter"]] = int(fields["count"])
            reading.lines[fields["counter"]] = event.line

    def around(self, diagnosis: Diagnosis) -> list[Difference]:
        """Return how the counters of the servers of an attempt changed around it.

        The whole group is asked where it is known: another of its servers may have answered.
        """
        span, group, server = diagnosis.span, diagnosis.server_group, diagnosis.server
        if span is None or (group is None and server is None):
            return []
        found = []
        for readings in self._of_servers(group, server):
            pair = self._bracket(readings, span, diagnosis.headend)
            if pair is not None:
                found.append(Difference(*pair))
        return found

    def _begin(self, event: Event, headend: str | None, group: str) -> Reading:
        line = event.line
        reading = Reading(line.source, line.number, line.headend or headend, group)
        self._open[line.source] = reading
        readings = self._groups.get(group)
        if readings is None:
            readings = deque(maxlen=_READINGS)
            self._groups.put(group, readings)
        readings.append(reading)
        return reading

    def _serves(self, server: str, group: str) -> None:
        groups = self._served_by.get(server)
        if groups is None:
            groups = {}
            self._served_by.put(server, groups)
        if len(groups) < _GROUPS_OF_A_SERVER:
            groups[group] = None

    def _of_servers(self, group: str | None, server: str | None) -> Iterator[list[Reading]]:
        """Yield the readings of each server of a group, or of one server in all its groups."""
        for name in self._served_by.get(server or "", ()) if group is None else [group]:
            servers: dict[str, list[Reading]] = {}
            for reading in self._groups.get(name, ()):
                if group is not None or server in {reading.address, reading.hostname}:
                    servers.setdefault(reading.server, []).append(reading)
            yield from servers.values()

    def _bracket(
        self, readings: list[Reading], span: Span, headend: str | None
    ) -> tuple[Reading, Reading] | None:
        """Return the last reading before an attempt and the first one after it."""
        own = [one for one in readings if one.source == span.source]
        before = _last(one for one in own if one.number < span.first)
        after = next((one for one in own if one.number > span.last), None)
        if before is not None and after is not None:
            return before, after
        order = list(self._sources)
        place = order.index(span.source)
        foreign = [
            one for one in readings if one.source != span.source and _alike(one.headend, headend)
        ]
        earlier = [one for one in foreign if order.index(one.source) < place]
        later = [one for one in foreign if order.index(one.source) > place]
        if not own and not (earlier and later):
            # A file of its own for the counters may be named before or after the capture.
            aside = earlier or later
            return (aside[0], aside[-1]) if len(aside) > 1 else None
        before, after = before or _last(earlier), after or next(iter(later), None)
        return (before, after) if before is not None and after is not None else None


def _alike(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _last(readings: Iterable[Reading]) -> Reading | None:
    return next(reversed(list(readings)), None)
