"""The counters that a headend keeps for each of its AAA servers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from headend.lab.clock import stamp


@dataclass
class ServerState:
    """One server's counters and status, as ``show aaa-server`` prints them."""

    group: str
    protocol: str
    address: str
    port: int
    pending: int = 0
    round_trip_ms: int = 0
    authentication_requests: int = 0
    authorization_requests: int = 0
    retransmissions: int = 0
    accepts: int = 0
    rejects: int = 0
    challenges: int = 0
    malformed: int = 0
    bad_authenticators: int = 0
    timeouts: int = 0
    unrecognized: int = 0
    failures: int = 0
    active: bool = True
    changed: str = "Unknown"
    # Whether a kept connection to it died: only LDAP keeps one.
    stale: bool = False

    def answered(self) -> bool:
        """Note an answer; say whether it brought a failed server back."""
        revived = not self.active
        self.failures, self.active, self.changed = 0, True, stamp()
        return revived

    def failed(self, allowed: int) -> bool:
        """Note a try without an answer; say whether it marks the server as failed."""
        self.failures += 1
        if self.failures < allowed or not self.active:
            return False
        self.active, self.changed = False, stamp()
        return True

    def text(self) -> list[str]:
        """Return the block of ``show aaa-server`` for this server."""
        status = (
            f"ACTIVE, Last transaction at {self.changed}"
            if self.active
            else f"FAILED, Server disabled at {self.changed}"
        )
        rows = (
            ("Number of pending requests", self.pending, ""),
            ("Average round trip time", self.round_trip_ms, "ms"),
            ("Number of authentication requests", self.authentication_requests, ""),
            ("Number of authorization requests", self.authorization_requests, ""),
            ("Number of accounting requests", 0, ""),
            ("Number of retransmissions", self.retransmissions, ""),
            ("Number of accepts", self.accepts, ""),
            ("Number of rejects", self.rejects, ""),
            ("Number of challenges", self.challenges, ""),
            ("Number of malformed responses", self.malformed, ""),
            ("Number of bad authenticators", self.bad_authenticators, ""),
            ("Number of timeouts", self.timeouts, ""),
            ("Number of unrecognized responses", self.unrecognized, ""),
        )
        local = self.protocol == "Local database"
        return [
            f"Server Group:    {self.group}",
            f"Server Protocol: {self.protocol}",
            *([] if local else [f"Server Address:  {self.address}"]),
            *([] if local else [f"Server port:     {self.port}"]),
            f"Server status:   {status}",
            *(f"{name:<34}{value}{unit}" for name, value, unit in rows),
        ]


@dataclass
class Counters:
    """All servers' states, made when a server is first used or shown."""

    announce: Callable[[int, int, str], None]
    states: dict[tuple[str, str], ServerState] = field(default_factory=dict)

    def of(self, group: str, protocol: str, address: str, port: int) -> ServerState:
        """Return the state of one server."""
        key = (group, address)
        if key not in self.states:
            self.states[key] = ServerState(group, protocol, address, port)
        self.states[key].port = port
        return self.states[key]

    def answered(self, state: ServerState) -> None:
        """Note an answer from a server, and log its return to service."""
        if state.answered():
            name = state.protocol.upper()
            where = f"{state.address} in aaa-server group {state.group}"
            self.announce(2, 113023, f"AAA Marking {name} server {where} as ACTIVE")

    def failed(self, state: ServerState, allowed: int) -> None:
        """Note a failed try, and log it when the server leaves service."""
        if state.failed(allowed):
            name = state.protocol.upper()
            where = f"{state.address} in aaa-server group {state.group}"
            self.announce(2, 113022, f"AAA Marking {name} server {where} as FAILED")
