"""Lines of one source to events: the transcript, the syslog wrapping and every facility."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.model.event import Event
from headend.parse.facilities import READERS
from headend.parse.fsm import LINE_LIMIT
from headend.parse.syslog import SyslogReader
from headend.parse.transcript import Role, Transcript

if TYPE_CHECKING:
    from headend.model.line import Line

# Where an ASA terminal cuts lines by default, and how many pieces of one line are put together.
_WIDTH = 80
_PIECES = 16

# Streams of debug inside one syslog file, one a host; more than this is noise or an attack.
_HOSTS = 64

Result = tuple[bool, tuple[Event, ...]]


class _Debug:
    """The debug readers of one stream, in a fixed order: their templates do not overlap."""

    def __init__(self) -> None:
        self._readers = tuple(reader() for reader in READERS)

    def feed(self, line: Line, text: str) -> Result:
        for reader in self._readers:
            recognised, events = reader.feed(line, text)
            if recognised:
                return True, events
        return False, ()


class Reader:
    """Reads the lines of one source (a session or a file) as they come.

    Each event keeps its original line. An event that came through syslog also has ``stamp`` and
    ``host`` among its fields where the header named them. A terminal of 80 columns cuts a longer
    line without a mark: a line of just that length waits for the next one.
    """

    def __init__(self) -> None:
        self._transcript = Transcript()
        self._syslog = SyslogReader()
        self._debug: dict[str, _Debug] = {}
        self._probe: Reader | None = None
        self._held: list[Line] = []
        self.hostname: str | None = None

    def feed(self, line: Line) -> tuple[tuple[Line, ...], tuple[Event, ...]]:
        """Return the lines that nothing knew, and the events that this line completed."""
        if not self._held and len(line.text) != _WIDTH:
            recognised, events = self._read(line)
            return () if recognised else (line,), events
        if self._held and self._begins(line):
            unknown, done = self.finish()
            more, events = self.feed(line)
            return (*unknown, *more), (*done, *events)
        self._held.append(line)
        if len(line.text) == _WIDTH and len(self._held) < _PIECES:
            return (), ()
        return self.finish()

    def finish(self) -> tuple[tuple[Line, ...], tuple[Event, ...]]:
        """Read what still waits for its other half."""
        held, self._held = self._held, []
        if len(held) > 1:
            whole = held[0]._replace(text="".join(piece.text for piece in held))
            if self._begins(whole):
                return (), self._read(whole)[1]
        unknown: list[Line] = []
        found: list[Event] = []
        for line in held:
            recognised, events = self._read(line)
            found.extend(events)
            if not recognised:
                unknown.append(line)
        return tuple(unknown), tuple(found)

    def _begins(self, line: Line) -> bool:
        """Return whether ``line`` makes sense alone, and so is not the rest of another."""
        if self._probe is None:
            self._probe = Reader()
        return self._probe._read(line)[0]  # noqa: SLF001 - our own, without what waits

    def _read(self, line: Line) -> Result:
        part = self._transcript.feed(line.text[:LINE_LIMIT])
        if part.prompt is not None:
            self.hostname = part.prompt.hostname
        if part.role in {Role.BLANK, Role.PROMPT, Role.ECHO}:
            return True, ()
        unwrapped = self._syslog.feed(line, part.text)
        if unwrapped is None:
            recognised, events = self._stream("").feed(line, part.text)
            return recognised or part.role is not Role.STREAM, events
        header = {k: v for k, v in unwrapped.header.items() if k in {"stamp", "host"}}
        if unwrapped.debug is not None:
            recognised, events = self._unwrapped(line, unwrapped.debug, header.get("host", ""))
        else:
            recognised, events = True, (unwrapped.event,) if unwrapped.event else ()
        return recognised, tuple(
            Event(event.facility, event.kind, event.line, {**event.fields, **header})
            for event in events
        )

    def _unwrapped(self, line: Line, text: str, host: str) -> Result:
        if not text.strip(" -=*"):
            return True, ()
        return self._stream(host).feed(line, text)

    def _stream(self, host: str) -> _Debug:
        if host not in self._debug:
            if len(self._debug) >= _HOSTS:
                self._debug.pop(next(iter(self._debug)))
            self._debug[host] = _Debug()
        return self._debug[host]
