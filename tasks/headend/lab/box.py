"""One headend's state, shared by its sessions and by the logins it decides."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable
from typing import Protocol

from headend.lab.accounts import Accounts
from headend.lab.configuration import Configuration
from headend.lab.counters import Counters
from headend.lab.debug_filter import NOBODY, Whose, hides, shows
from headend.lab.gates import Gates
from headend.lab.logbook import Logbook
from headend.lab.settings import servers
from headend.lab.spec import LOGIN, HeadendSpec
from headend.lab.startup import startup_text
from headend.lab.trace import Line
from headend.lab.vpn_sessions import VpnSession, VpnSessions


class Terminal(Protocol):
    """A management session, as the box sees it."""

    sid: int
    username: str
    client_ip: str
    alive: bool
    monitoring: bool
    debugs: dict[str, int]

    @property
    def context(self) -> str:
        """The context that the session is in; empty in single mode and in the system space."""

    def write_lines(self, lines: Iterable[str]) -> None:
        """Print foreign lines into whatever the session is doing."""

    def end(self, reason: str) -> None:
        """End the session, which takes its debugs with it."""

    def abort(self) -> None:
        """Cut the connection without a word."""


# Far from those that the SSH server gives out.
_THEIR_SIDS = itertools.count(500)


class OtherEngineer:
    """A session of somebody else, with debugs of its own that nobody else can see."""

    monitoring = False
    alive = True
    username = "netops"
    client_ip = "10.20.9.9"

    def __init__(self, debugs: Iterable[str] = (), context: str = "") -> None:
        self.sid = next(_THEIR_SIDS)
        self.context = context
        self.debugs = dict.fromkeys(debugs, 255)

    def write_lines(self, lines: Iterable[str]) -> None:
        """Read nothing: the other engineer's screen is not ours."""

    def end(self, reason: str) -> None:
        """Leave, and take the debugs along."""
        del reason
        self.abort()

    def abort(self) -> None:
        """Leave without a word."""
        self.debugs.clear()
        self.alive = False


class Box:
    """A simulated headend: configuration, log, counters, sessions and debugs.

    ``context`` names the part of it that this is, in multiple context mode.
    """

    def __init__(self, spec: HeadendSpec, context: str = "") -> None:
        self.spec = spec
        self.context = context
        self.contexts: dict[str, Box] = {}
        self.role = spec.failover_role
        self.mate: Box | None = None
        self.cluster: list[Box] = [self]
        self.cpu = spec.cpu
        self.replies = dict(spec.replies)
        self.configuration = Configuration(startup_text(spec))
        self.saved_checksum = self.configuration.checksum()
        self.saved_text = self.configuration.text()  # secrets masked, as it is printed
        self.log = Logbook(self.configuration, self._monitor)
        self.counters = Counters(self.log.add)
        self.vpn = VpnSessions()
        self.accounts = Accounts()
        # Servers to which this headend has no path at present.
        self.unreachable: set[str] = set()
        self.terminals: list[Terminal] = []
        self.shunned: list[str] = list(spec.shunned)
        # Conditions are no debugs: they outlive "undebug all" and the session that set them.
        self.conditions: list[str] = list(spec.conditions)
        self.received: list[tuple[int, str, str]] = []
        self.sent: dict[int, bytearray] = {}  # by session, where the personality keeps it
        self.gates = Gates()
        self.asked_anonymous_reporting = not spec.ask_anonymous_reporting
        self._codes = list(spec.ssh.codes)
        self._enable_codes = list(spec.ssh.enable_codes)
        self.logins = 0
        self.failed_logins = 0
        self.changed = asyncio.Event()
        self.next_handle = itertools.count(7).__next__
        self.next_radius = itertools.count(8).__next__
        self.next_ldap = itertools.count(-2147483534).__next__
        if spec.other_session_debugs and not context:
            self.terminals.append(OtherEngineer(spec.other_session_debugs))

    @property
    def hostname(self) -> str:
        """The configured name."""
        return (self.configuration.value("hostname") or [self.spec.name])[0]

    @property
    def prompt_name(self) -> str:
        """The left part of every prompt."""
        elements = self.configuration.value("prompt") or ["hostname"]
        parts = {
            "hostname": f"{self.hostname}/{self.context}" if self.context else self.hostname,
            "priority": "pri" if self.primary else "sec",
            "state": "stby" if self.role == "standby" else "act",
        }
        return "/".join(parts[element] for element in elements if element in parts)

    @property
    def primary(self) -> bool:
        """Whether it is the primary unit: that stays when the roles change."""
        return self.spec.failover_role != "standby"

    def fail_over(self) -> None:
        """Change roles with the mate; sessions live on, and their next prompt tells."""
        for one in filter(None, (self, self.mate)):
            one.role = "active" if one.role == "standby" else "standby"
        self.notify()

    @property
    def living(self) -> list[Terminal]:
        """The management sessions that are connected now."""
        return [one for one in self.terminals if one.alive]

    def use_code(self, code: str) -> bool:
        """Take a one-time code for a login; it serves once."""
        return _use(self._codes, code)

    def enables(self, typed: str) -> bool:
        """Judge what was typed behind ``enable``."""
        if self.spec.ssh.enable_codes:
            return _use(self._enable_codes, typed)
        return typed == LOGIN.enable

    def notify(self) -> None:
        """Wake whoever waits for a session, a debug or a request to come or go."""
        self.changed.set()
        self.changed.clear()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for a fact about sessions or debugs."""
        while not holds():
            await self.changed.wait()

    @property
    def here(self) -> list[Terminal]:
        """The living sessions of this context."""
        return [one for one in self.living if one.context == self.context]

    def publish(self, lines: Iterable[Line], whose: Whose = NOBODY) -> None:
        """Show debug lines to exactly the sessions that armed them, or log them.

        ``whose`` login they are about is what debug conditions look at.
        """
        lines = [one for one in lines if not hides(self.conditions, one[0], whose)]
        if self.log.traces:
            armed = [one.debugs for one in self.here]
            for tags, text in lines:
                if any(shows(debugs, tags, whose) for debugs in armed):
                    self.log.trace(text)
            return
        for one in self.here:
            mine = [text for tags, text in lines if shows(one.debugs, tags, whose)]
            if mine:
                one.write_lines(mine)

    def emit(self, texts: Iterable[str]) -> None:
        """Show any lines to every session that armed any debug or watches the log."""
        texts = list(texts)
        if self.log.traces and any(one.debugs for one in self.here):
            for text in texts:
                self.log.trace(text)
        for one in self.here:
            if one.monitoring or (one.debugs and not self.log.traces):
                one.write_lines(texts)

    def _monitor(self, line: str) -> None:
        for one in self.here:
            if one.monitoring:
                one.write_lines([line])

    def save(self) -> str:
        """Save the configuration; return the checksum that is now the saved one."""
        self.saved_checksum = self.configuration.checksum()
        self.saved_text = self.configuration.text()
        return self.saved_checksum

    def end_vpn(self, column: str, value: str = "") -> int:
        """End VPN sessions as ``vpn-sessiondb logoff`` does; return how many."""
        gone = self.vpn.end(column, value)
        for row in gone:
            self.log_vpn_end(row, "Administrator Reset")
        return len(gone)

    def log_vpn_end(self, row: VpnSession, reason: str) -> None:
        """Log the end of one VPN session."""
        self.log.add(
            4,
            113019,
            f"Group = {row.tunnel_group}, Username = {row.user}, IP = {row.public_ip}, "
            f"Session disconnected. Session Type: AnyConnect-Parent, Duration: {row.duration}, "
            f"Bytes xmt: 14782, Bytes rcv: 5538, Reason: {reason}",
        )

    def server_text(self, group: str) -> list[str]:
        """Return ``show aaa-server`` for one group, or for all when ``group`` is empty."""
        names = list(dict.fromkeys(n.tokens[1] for n in self.configuration.find("aaa-server")))
        out: list[str] = []
        for name in ["LOCAL", *names]:
            if group and name != group:
                continue
            if name == "LOCAL":
                local = self.counters.of("LOCAL", "Local database", "", 0)
                out.extend([*local.text(), ""])
            for server in servers(self.configuration, name):
                state = self.counters.of(name, server.protocol, server.address, server.port)
                out.extend([*state.text(), ""])
        return out


def _use(codes: list[str], code: str) -> bool:
    known = code in codes
    if known:
        codes.remove(code)
    return known
