"""Lines of one source to events: the transcript, the syslog wrapping and every facility."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from headend.model.event import Event
from headend.parse.aaa import AAA
from headend.parse.crypto_ca import CRYPTO_CA, OTHER
from headend.parse.facility import FacilityReader
from headend.parse.fsm import LINE_LIMIT
from headend.parse.ldap import LdapReader
from headend.parse.radius import RadiusReader
from headend.parse.syslog import SyslogReader
from headend.parse.transcript import Role, Transcript

if TYPE_CHECKING:
    from headend.model.line import Line

# Streams of debug inside one syslog file, one a host; more than this is noise or an attack.
_HOSTS = 64

Result = tuple[bool, tuple[Event, ...]]


class _FacilityReader(Protocol):
    def feed(self, line: Line, text: str) -> Result: ...


class _Debug:
    """The debug readers of one stream, in a fixed order: their templates do not overlap."""

    def __init__(self) -> None:
        self._readers: tuple[_FacilityReader, ...] = (
            LdapReader(),
            FacilityReader(AAA),
            RadiusReader(),
            FacilityReader(CRYPTO_CA),
            FacilityReader(OTHER),
        )

    def feed(self, line: Line, text: str) -> Result:
        for reader in self._readers:
            recognised, events = reader.feed(line, text)
            if recognised:
                return True, events
        return False, ()


class Reader:
    """Reads the lines of one source (a session or a file) as they come.

    Each event keeps its original line. An event that came through syslog also has ``stamp`` and
    ``host`` among its fields where the header named them.
    """

    def __init__(self) -> None:
        self._transcript = Transcript()
        self._syslog = SyslogReader()
        self._debug: dict[str, _Debug] = {}
        self.hostname: str | None = None

    def feed(self, line: Line) -> Result:
        """Return whether anything knew the line, and the events that it completed."""
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
