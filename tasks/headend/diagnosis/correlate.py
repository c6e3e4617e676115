"""Events to attempts: each facility's own keys first, then names, addresses and times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis.aaa_sessions import AaaSessions
from headend.diagnosis.directory import Directory
from headend.diagnosis.exchanges import Placement
from headend.diagnosis.joins import Joins
from headend.diagnosis.messages import SERVER_STATE, SHUNNED
from headend.diagnosis.prelude import Prelude, is_certificate
from headend.diagnosis.roster import Roster, host_of
from headend.diagnosis.token_servers import TokenServers
from headend.model.diagnosis import Stage

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.model.event import Event

# Debug streams (a session or a host in a syslog file) that are told apart at one time.
_STREAMS = 1024


class _Stream:
    """The state of one headend's debug, as one source shows it."""

    def __init__(self, roster: Roster) -> None:
        self.sessions = AaaSessions(roster)
        placement = Placement(roster, self.sessions)
        self.directory = Directory(placement)
        self.token_servers = TokenServers(placement)

    def feed(self, event: Event) -> Attempt | None:
        if event.facility == "aaa":
            return self.sessions.feed(event)
        if event.facility == "ldap":
            return self.directory.feed(event)
        if event.facility == "radius":
            return self.token_servers.feed(event)
        return None

    def finish(self) -> None:
        self.directory.finish()
        self.token_servers.finish()


class Correlator:
    """Gathers events into attempts while they come."""

    def __init__(self) -> None:
        self.roster = Roster()
        self._streams: dict[tuple[str, str | None], _Stream] = {}
        self._joins = Joins(self.roster)
        self._prelude = Prelude(self.roster)

    def feed(self, event: Event) -> Attempt | None:
        """Return the attempt that ``event`` changed, if it changed one."""
        attempt = self._syslog(event) if event.facility == "syslog" else self._debug(event)
        if attempt is not None:
            self._prelude.attach(attempt, event)
        return attempt

    def finish(self) -> None:
        """Open attempts for what the capture cut off before it could be placed."""
        for stream in self._streams.values():
            stream.finish()

    def _debug(self, event: Event) -> Attempt | None:
        if is_certificate(event):
            return self._prelude.certificate(event)
        key = (event.line.source, host_of(event))
        stream = self._streams.get(key)
        if stream is None:
            if len(self._streams) >= _STREAMS:
                self._streams.pop(next(iter(self._streams))).finish()
            stream = self._streams[key] = _Stream(self.roster)
        return stream.feed(event)

    def _syslog(self, event: Event) -> Attempt | None:
        if is_certificate(event):
            return self._prelude.certificate(event)
        if event.kind.startswith("725"):
            self._prelude.handshake(event)
            return None
        if event.kind == SHUNNED:
            return self._shunned(event)
        if event.kind in SERVER_STATE and event.kind != "409023":
            self._prelude.server(event)
            return self._server_state(event)
        if event.kind == "113025":
            attempt = self._prelude.refused(event)
            if attempt is not None and attempt.client_ip is None:
                attempt.client_ip = event.fields.get("client_ip")
                attempt.add(event, Stage.CERTIFICATE)
                return attempt
        return self._joins.feed(event)

    def _shunned(self, event: Event) -> Attempt:
        address = event.fields.get("client_ip")
        for attempt in self.roster.recent():
            if attempt.client_ip == address and attempt.first("syslog", SHUNNED) is not None:
                attempt.add(event, Stage.TLS)
                return attempt
        attempt = self.roster.open(event)
        attempt.client_ip = address
        attempt.add(event, Stage.TLS)
        return attempt

    def _server_state(self, event: Event) -> Attempt | None:
        """Give a server's failure to the newest attempt that was waiting for that server."""
        server = event.fields.get("server")
        for attempt in self.roster.recent():
            if attempt.source != event.line.source or attempt.closed:
                continue
            asked = {
                attempt.value("aaa", "server", "server"),
                attempt.value("radius", "send", "send_to"),
            }
            if server in asked and event.fields.get("server_state") in {"FAILED", "SUSPENDED"}:
                attempt.add(event)
                return attempt
        return None
