"""Lines of one source to events: the transcript, the syslog wrapping and every facility."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headend.model.event import Event
from headend.parse.debug import NOTHING, Debug
from headend.parse.fsm import flat
from headend.parse.prompt import WIDTH
from headend.parse.syslog import SyslogReader
from headend.parse.transcript import Role, Transcript

if TYPE_CHECKING:
    from headend.model.line import Line

# How many pieces of one line are put together.
_PIECES = 16

# Streams of debug inside one syslog file, one a host; more than this is noise or an attack.
_HOSTS = 64

Result = tuple[bool, tuple[Event, ...]]
_SEEN: Result = (True, ())
_NOTHING: tuple[tuple[Line, ...], tuple[Event, ...]] = ((), ())

# An indent, quotation marks, a file's name and line number, a byte order mark.
_PASTED = re.compile(
    r"\ufeff?(?:\s{1,12}|(?:\s{0,4}>){1,5}\s?|(?:[\w./\\-]{1,120}[:-])?\d{1,7}[:-](?=\S))|\ufeff"
)


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

    def says_nothing(self, text: str) -> bool:
        """Return whether the next line, ``text``, is known to mean nothing, whoever said it."""
        if self._held or len(text) == WIDTH:
            return False
        saying = self._by_heart.get(text)
        return saying is NOTHING or (saying is None and self.idle.knows(text))

    def feed(self, line: Line) -> tuple[tuple[Line, ...], tuple[Event, ...]]:
        """Return the lines that nothing knew, and the events that this line completed."""
        text = line.text
        if not self._held and len(text) != WIDTH:
            saying = self._by_heart.get(text)
            if saying is not None:
                take, kind, row = saying
                return (), take(line, kind, row)
            if self.idle.knows(text):
                return _NOTHING
            recognised, events = self._read(line)
            return () if recognised else (line,), events
        held = self._held
        # Where the numbers do not go on, idle lines stood between.
        if held and (line.number != held[-1].number + 1 or self._begins(line)):
            unknown, done = self.finish()
            more, events = self.feed(line)
            return (*unknown, *more), (*done, *events)
        held.append(line)
        if len(line.text) == WIDTH and len(held) < _PIECES:
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
        text = flat(line.text)
        result = self._plain(line, text, line.text)
        if not result[0]:
            # Mail, tickets, editors and grep put something before what a headend said.
            before = _PASTED.match(text)
            if before is not None:
                return self._plain(line, text[before.end() :])
        return result

    def _plain(self, line: Line, whole: str, heard: str = "") -> Result:
        """Read flat text; ``heard`` is what may be learnt by heart."""
        role, text, prompt = self._transcript.feed(whole)
        if prompt is not None:
            self.hostname = prompt.hostname
            heard = ""
        if role is Role.BLANK or role is Role.PROMPT or role is Role.ECHO:
            if role is Role.BLANK and heard:
                self._terminal.learn(heard, NOTHING)
            return _SEEN
        unwrapped = self._syslog.feed(line, text)
        if unwrapped is None:
            recognised, events = self._terminal.feed(line, text, heard)
            return recognised or role is not Role.STREAM, events
        if unwrapped.event is not None:
            return True, (unwrapped.event,)
        if unwrapped.debug is None:
            return _SEEN
        host = unwrapped.header.get("host", "")
        recognised, events = self._unwrapped(line, unwrapped.debug, host)
        return recognised, tuple(
            event._replace(fields={**event.fields, **unwrapped.header}) for event in events
        )

    def _unwrapped(self, line: Line, text: str, host: str) -> Result:
        if not text.strip(" -=*"):
            return True, ()
        return self._stream(host).feed(line, text)

    def _stream(self, host: str) -> Debug:
        stream = self._debug.get(host)
        if stream is None:
            if len(self._debug) >= _HOSTS:
                self._debug.pop(next(iter(self._debug)))
            stream = self._debug[host] = Debug()
        return stream
