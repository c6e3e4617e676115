"""Events to attempts: each facility's own keys first, then names, addresses and times."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Protocol

from headend.diagnosis.aaa_sessions import AaaSessions
from headend.diagnosis.answers import ANSWERS
from headend.diagnosis.bounded import Bounded
from headend.diagnosis.certificates import Certificates
from headend.diagnosis.clocks import Clocks
from headend.diagnosis.directory import Directory
from headend.diagnosis.exchanges import Placement
from headend.diagnosis.facts import server as server_asked
from headend.diagnosis.joins import Joins
from headend.diagnosis.messages import (
    CERTIFICATE,
    CLOCK,
    HANDSHAKE_FAILED,
    SERVER_STATE,
    SHUNNED,
    SKEW,
    Phase,
)
from headend.diagnosis.prelude import Prelude
from headend.diagnosis.roster import Roster, host_of
from headend.diagnosis.tacacs import Tacacs
from headend.diagnosis.token_servers import TokenServers
from headend.diagnosis.unkeyed import Unkeyed
from headend.model.diagnosis import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from headend.diagnosis.attempt import Attempt
    from headend.model.event import Event

# Debug streams (a session or a host in a syslog file) that are told apart at one time.
_STREAMS = 1024
# How far back a server's failure looks for the attempt that waited for it.
_LOOKED_BACK = 64


class _Facility(Protocol):
    """Gathers the events of one facility in one stream into attempts."""

    def feed(self, event: Event) -> Attempt | None: ...

    def finish(self) -> None: ...


class _Stream:
    """The state of one headend's debug, as one source shows it."""

    def __init__(self, roster: Roster) -> None:
        sessions = AaaSessions(roster)
        placement = Placement(roster, sessions)
        self._facilities: dict[str, _Facility] = {
            "aaa": sessions,
            "ldap": Directory(placement),
            "radius": TokenServers(placement),
            "tacacs": Tacacs(placement),
            "sdi": Unkeyed(placement, "sdi", "user", ANSWERS, "user"),
            "kerberos": Unkeyed(placement, "kerberos", "request", ("ended",), "client"),
        }

    def feed(self, event: Event) -> Attempt | None:
        facility = self._facilities.get(event.facility)
        return facility.feed(event) if facility is not None else None

    def finish(self) -> None:
        for facility in reversed(self._facilities.values()):
            facility.finish()


class Correlator:
    """Gathers events into attempts while they come; ``final`` gets each that is complete."""

    def __init__(self, final: Callable[[Attempt], object]) -> None:
        self.roster = Roster(final)
        self._streams: Bounded[tuple[str, str | None], _Stream] = Bounded(_STREAMS)
        self._place: tuple[str, str | None] | None = None
        self._here: _Stream
        self._joins = Joins(self.roster)
        self._prelude = Prelude(self.roster)
        self._clocks = Clocks(self.roster)
        self._certificates = Certificates(self.roster)

    def feed(self, event: Event) -> Attempt | None:
        """Return the attempt that ``event`` changed, if it changed one."""
        if event.facility == "syslog":
            attempt = self._syslog(event)
        elif event.facility == "crypto-ca":
            attempt = self._certificates.feed(event)
        else:
            attempt = self._stream(event).feed(event)
        if attempt is not None:
            if self._prelude:
                self._prelude.attach(attempt, event)
            if self._clocks:
                self._clocks.attach(attempt)
            if self._certificates and attempt.user:
                self._certificates.attach(attempt, event.line.source)
        return attempt

    def finish(self) -> None:
        """Open attempts for what the capture cut off before it could be placed; give out all."""
        for stream in self._streams.values():
            stream.finish()
        self._prelude.finish()
        self.roster.finish()

    def _stream(self, event: Event) -> _Stream:
        key = (event.line.source, host_of(event))
        if key != self._place:
            stream = self._streams.get(key)
            if stream is None:
                stream = _Stream(self.roster)
                gone = self._streams.put(key, stream)
                if gone is not None:
                    gone[1].finish()
            self._place, self._here = key, stream
        return self._here

    def _syslog(  # noqa: PLR0911 - one return a kind of message
        self, event: Event
    ) -> Attempt | None:
        kind = event.kind
        if kind in CERTIFICATE:
            return self._certificates.feed(event)
        if kind.startswith("725") and "server" not in event.fields:
            self._prelude.handshake(event)
            return None
        if kind == CLOCK:
            self._clocks.feed(event)
            return None
        if kind == SHUNNED:
            return self._shunned(event)
        if kind in SERVER_STATE or kind == HANDSHAKE_FAILED:
            return self._server(event)
        if kind == "113025":
            attempt = self._certificates.refused(event)
            if attempt is not None and attempt.client_ip is None:
                attempt.locate(event.fields.get("client_ip"))
                attempt.reached = Phase.REFUSED
                attempt.add(event, Stage.CERTIFICATE)
                return attempt
        return self._joins.feed(event)

    def _shunned(self, event: Event) -> Attempt:
        address = event.fields.get("client_ip")
        for attempt in self.roster.at_address(address or ""):
            if attempt.first("syslog", SHUNNED) is not None:
                attempt.add(event, Stage.TLS)
                return attempt
        attempt = self.roster.open(event)
        attempt.locate(address)
        attempt.add(event, Stage.TLS)
        return attempt

    def _server(self, event: Event) -> Attempt | None:
        """Take what is said of a server, without a word about the login that suffers from it."""
        skew = event.kind == SKEW
        if not skew:
            self._prelude.server(event)
            failed = event.fields.get("server_state") in {"FAILED", "SUSPENDED"}
            if not failed and event.kind != HANDSHAKE_FAILED:
                return None
        attempt = self._waiting_for_server(event)
        if skew and attempt is None:
            self._prelude.skew(event)
        return attempt

    def _waiting_for_server(self, event: Event) -> Attempt | None:
        """Give a server's failure to the newest attempt that was waiting for that server."""
        server = event.fields.get("server")
        for attempt in islice(self.roster.recent(), _LOOKED_BACK):
            if attempt.source != event.line.source or attempt.closed or attempt.reached:
                continue
            asked = {
                attempt.value("aaa", "server", "server"),
                attempt.value("radius", "send", "send_to"),
                server_asked(attempt),
            }
            if server in asked:
                attempt.add(event)
                return attempt
        return None
