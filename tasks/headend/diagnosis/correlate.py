"""Events to attempts: each facility's own keys first, then names, addresses and times."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from headend.diagnosis.aaa_sessions import AaaSessions
from headend.diagnosis.access import AccessPolicies
from headend.diagnosis.answers import ANSWERS
from headend.diagnosis.assertions import Assertions
from headend.diagnosis.bounded import Bounded
from headend.diagnosis.certificates import Certificates
from headend.diagnosis.client_words import CLIENT
from headend.diagnosis.clients import Clients
from headend.diagnosis.clocks import Clocks
from headend.diagnosis.directory import Directory
from headend.diagnosis.exchanges import Placement
from headend.diagnosis.facts import server as server_asked
from headend.diagnosis.handshakes import Handshakes, unsecured_by_name
from headend.diagnosis.joins import Joins
from headend.diagnosis.messages import (
    CERTIFICATE,
    CLOCK,
    HANDSHAKE_FAILED,
    HANDSHAKES,
    NO_ADDRESS,
    SAML,
    SERVER_STATE,
    SHUNNED,
    SKEW,
    Phase,
)
from headend.diagnosis.prelude import Prelude
from headend.diagnosis.roster import RECENT, Recent, Roster
from headend.diagnosis.tacacs import Tacacs
from headend.diagnosis.token_servers import TokenServers
from headend.diagnosis.tunnels import Tunnels
from headend.diagnosis.twins import join_twins
from headend.diagnosis.unkeyed import Unkeyed
from headend.model.diagnosis import Stage
from headend.model.event import Event

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt

# Debug streams (a session or a host in a syslog file) that are told apart at one time.
_STREAMS = 1024
# How far back a server's failure looks for the attempt that waited for it.
_LOOKED_BACK = 64


_Gather = Callable[[Event], "Attempt | None"]


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
        self.gather: dict[str, _Gather] = {
            name: facility.feed for name, facility in self._facilities.items()
        }

    def finish(self) -> None:
        for facility in reversed(self._facilities.values()):
            facility.finish()


class Correlator:
    """Gathers events into attempts while they come; ``final`` gets each that is complete.

    The recent ones are ``kept`` for what may still be said of them.
    """

    def __init__(
        self,
        final: Callable[[Attempt], object],
        kept: Recent = RECENT,
        client_user: str | None = None,
    ) -> None:
        self.roster = Roster(final, kept)
        self._streams: Bounded[tuple[str, str | None], _Stream] = Bounded(_STREAMS)
        self._source: str | None = None
        self._host: str | None = None
        self._here: dict[str, _Gather] = {}
        self._joins = Joins(self.roster)
        self._prelude = Prelude(self.roster)
        self._clocks = Clocks(self.roster)
        self._handshakes = Handshakes(self.roster)
        self._certificates = Certificates(self.roster)
        self._assertions = Assertions(self.roster)
        self._access = AccessPolicies(self.roster)
        self._tunnels = Tunnels(self.roster)
        self._clients = Clients(self.roster, client_user)
        self._holding = (
            self._prelude,
            self._handshakes,
            self._access,
            self._tunnels,
            self._clocks,
            self._certificates,
        )
        # Keyed debug alone gives them nothing to hold.
        self._nothing_held = True
        # What names no session is gathered across the streams of all headends.
        self._unkeyed: dict[str, _Gather] = {
            "syslog": self._syslog,
            CLIENT: self._clients.feed,
            "crypto-ca": self._certificates.feed,
            "saml": self._assertions.feed,
            "dap": self._access.feed,
            "webvpn": self._tunnels.feed,
        }
        self._by_kind: dict[str, _Gather] = {
            **dict.fromkeys(CERTIFICATE, self._certificate),
            **dict.fromkeys(SAML, self._assertions.feed),
            **dict.fromkeys(SERVER_STATE, self._server),
            **dict.fromkeys(HANDSHAKES, self._handshake),
            **dict.fromkeys(NO_ADDRESS, self._tunnels.pool),
            CLOCK: self._clocks.feed,
            SHUNNED: self._shunned,
            "113025": self._nameless,
        }

    def feed(self, event: Event) -> Attempt | None:
        """Return the attempt that ``event`` changed, if it changed one."""
        gather = self._unkeyed.get(event.facility)
        if gather is not None:
            attempt = gather(event)
        else:
            line = event.line
            host = line.headend or event.fields.get("host")
            if host != self._host or line.source != self._source:
                self._move(line.source, host)
            gather = self._here.get(event.facility)
            attempt = gather(event) if gather is not None else None
            if attempt is None or self._nothing_held:
                return attempt
        self._attach(attempt, event)
        return attempt

    def _attach(self, attempt: Attempt | None, event: Event) -> None:
        """Give an attempt what was said before it was known."""
        if attempt is not None:
            if self._prelude:
                self._prelude.attach(attempt, event)
            if self._handshakes and attempt.client_ip:
                self._handshakes.attach(attempt)
            if self._access and attempt.user:
                self._access.attach(attempt)
            if self._tunnels:
                self._tunnels.attach(attempt, event)
            if self._clocks:
                self._clocks.attach(attempt)
            if self._certificates and attempt.user:
                self._certificates.attach(attempt, event.line.source)
        self._nothing_held = not any(self._holding)

    def finish(self) -> None:
        """Open attempts for what the capture cut off before it could be placed; give out all."""
        for stream in self._streams.values():
            stream.finish()
        for last in (
            self._prelude,
            self._certificates,
            self._handshakes,
            self._access,
            self._tunnels,
        ):
            last.finish()
        join_twins(self.roster)
        # What the client saw may be any of these.
        self._clients.finish()
        self.roster.finish()

    def _move(self, source: str, host: str | None) -> None:
        """Take keyed debug for that of a host in a source from now on."""
        place = (source, host)
        stream = self._streams.get(place)
        if stream is None:
            stream = _Stream(self.roster)
            gone = self._streams.put(place, stream)
            if gone is not None:
                gone[1].finish()
        self._source, self._host, self._here = source, host, stream.gather

    def _syslog(self, event: Event) -> Attempt | None:
        return self._by_kind.get(event.kind, self._joins.feed)(event)

    def _certificate(self, event: Event) -> Attempt | None:
        of_server = self._handshakes.with_server(event) or self._names_server(event)
        if of_server and not self._certificates.of_client(event):
            # A directory's certificate is checked with the same words.
            return None
        return self._certificates.feed(event)

    def _names_server(self, event: Event) -> bool:
        """Return whether a certificate bears the name of a directory that was just asked."""
        parts = event.fields.get("subject", "").split(",")
        names = {part.partition("=")[2].strip().casefold() for part in parts} - {""}
        asked = (server_asked(one) for one in islice(self.roster.recent(), _LOOKED_BACK))
        return bool(names) and any(name is not None and name.casefold() in names for name in asked)

    def _nameless(self, event: Event) -> Attempt | None:
        """Take 113025: no user name could be taken from the certificate."""
        attempt = self._certificates.refused(event)
        if attempt is None or attempt.client_ip is not None:
            return self._joins.feed(event)
        attempt.locate(event.fields.get("client_ip"))
        attempt.reached = Phase.REFUSED
        attempt.add(event, Stage.CERTIFICATE)
        return attempt

    def _handshake(self, event: Event) -> Attempt | None:
        self._handshakes.feed(event)
        with_server = event.kind == HANDSHAKE_FAILED and "server" in event.fields
        return self._server(event) if with_server else None

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
            if server in asked or (event.kind == HANDSHAKE_FAILED and unsecured_by_name(attempt)):
                attempt.add(event)
                return attempt
        return None
