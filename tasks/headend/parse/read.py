"""Lines of one source to events: the transcript, the syslog wrapping and every facility."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.model.event import Event
from headend.model.line import Line
from headend.parse.debug import NOTHING, Debug, Result
from headend.parse.fsm import flat
from headend.parse.pasted import inside, plain, stamped
from headend.parse.prompt import WIDTH
from headend.parse.syslog import SyslogReader
from headend.parse.transcript import Role, Transcript

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# How many pieces of one line are put together.
_PIECES = 16

# Streams of debug inside one syslog file, one a host; more than this is noise or an attack.
_HOSTS = 64

Read = tuple[tuple[Line, ...], tuple[Event, ...]]
_SEEN: Result = (True, ())
_NOTHING: Read = ((), ())


class Reader:
    """Reads the lines of one source (a session or a file) as they come.

    Each event keeps its original line. An event that came through syslog also has ``stamp`` and
    ``host`` among its fields where the header named them. A terminal of 80 columns cuts a longer
    line without a mark: a line of just that length waits for the next one.
    """

    def __init__(self) -> None:
        self._transcript = Transcript()
        self._syslog = SyslogReader()
        self._debug: dict[str, Debug] = {}
        self._terminal = self._stream("")
        self._by_heart = self._terminal.by_heart
        self._probe: Reader | None = None
        self._held: list[Line] = []
        self.idle = self._syslog.idle
        self.hostname: str | None = None

    def read(self, source: str, lines: Iterable[tuple[str, int]]) -> Iterator[Read]:
        """Read lines of a file, each with its number; yield what ``feed`` returns of each.

        What says nothing is left out.
        """
        by_heart, held, idle, new = self._by_heart.get, self._held, self.idle, tuple.__new__
        for text, number in lines:
            saying = by_heart(text)
            if saying is None or held:
                if held or len(text) == WIDTH:
                    found = self._joined(Line(source, number, text))
                elif "%" in text and idle.knows(text):
                    continue
                else:
                    found = self._alone(Line(source, number, text))
                if found is not _NOTHING:
                    yield found
            elif saying is not NOTHING:
                take, kind, row = saying
                # A named tuple's own constructor takes twice as long.
                events = take(new(Line, (source, number, text, None, None)), kind, row)
                if events:
                    yield (), events

    def feed(self, line: Line) -> Read:
        """Return the lines that nothing knew, and the events that this line completed."""
        text = line.text
        if self._held or len(text) == WIDTH:
            return self._joined(line)
        if "%" in text and self.idle.knows(text):
            return _NOTHING
        saying = self._by_heart.get(text)
        if saying is None:
            return self._alone(line)
        take, kind, row = saying
        return (), take(line, kind, row)

    def _alone(self, line: Line) -> Read:
        recognised, events = self._read(line)
        if not recognised:
            return (line,), events
        return ((), events) if events else _NOTHING

    def _joined(self, line: Line) -> Read:
        """Read a line that may be one piece of several."""
        held = self._held
        # Where the numbers do not go on, idle lines stood between.
        if held and (line.number != held[-1].number + 1 or self._begins(line)):
            unknown, done = self.finish()
            more, events = self.feed(line)
            return (*unknown, *more), (*done, *events)
        held.append(line)
        if len(line.text) == WIDTH and len(held) < _PIECES:
            return _NOTHING
        return self.finish()

    def finish(self) -> Read:
        """Read what still waits for its other half."""
        held = self._held.copy()
        self._held.clear()
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
        text = flat(line.text)
        if "&" in text:
            text = plain(text)
        clock = text[:1] == "[" and stamped(text)
        result = self._plain(line, text, None if clock else line.text)
        # A client's log looks like a terminal's with a clock, and takes any words.
        if not result[0] or (clock and not result[1]):
            said = inside(text)
            if said is not None:
                inner = self._plain(line, flat(said))
                return inner if inner[0] else result
        return result

    def _plain(self, line: Line, whole: str, heard: str | None = None) -> Result:
        """Read flat text; ``heard`` is what may be learnt by heart."""
        text, part = whole, self._transcript.feed(whole)
        if part is not None:
            role, text, prompt = part
            if prompt is not None:
                self.hostname = prompt.hostname
                heard = None
            if role is not Role.STREAM:
                if heard is not None:
                    self._terminal.learn(heard, NOTHING)
                return _SEEN
        found = self._syslog.feed(line, text) if "%" in text or "AAA " in text else None
        if found is None:
            result = self._terminal.feed(line, text, heard)
            return result if result[0] or not self._transcript.explains(text) else _SEEN
        if isinstance(found, Event):
            return True, (found,)
        header, said = found
        if not said.strip(" -=*"):
            return _SEEN
        recognised, events = self._stream(header.get("host", "")).feed(line, said)
        return recognised, tuple(
            event._replace(fields={**event.fields, **header}) for event in events
        )

    def _stream(self, host: str) -> Debug:
        stream = self._debug.get(host)
        if stream is None:
            if len(self._debug) >= _HOSTS:
                self._debug.pop(next(iter(self._debug)))
            stream = self._debug[host] = Debug()
        return stream
