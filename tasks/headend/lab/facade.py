"""The running headend as tests and the demo see it, safe to use from any thread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from headend.lab.box import Box, OtherEngineer, Terminal
from headend.lab.configuring import Configurer, Place
from headend.lab.gates import Gate
from headend.lab.ssh_server import Listener

T = TypeVar("T")


class Waiter(Protocol):
    """Awaits something in the lab's own loop."""

    def __call__(self, work: Awaitable[T], /) -> T:
        """Return the result, or raise what the work raised."""


class Session:
    """A management session, as a test sees it."""

    def __init__(self, terminal: Terminal, box: Box) -> None:
        self._terminal = terminal
        self._box = box

    @property
    def sid(self) -> int:
        """The number that ``show ssh sessions`` prints."""
        return self._terminal.sid

    @property
    def username(self) -> str:
        """Who logged in."""
        return self._terminal.username

    @property
    def debugs(self) -> set[str]:
        """The armed debugs, for example ``{"aaa common", "radius session"}``."""
        return set(self._terminal.debugs)

    @property
    def context(self) -> str:
        """The context that the session is in; empty in single mode and in the system space."""
        return self._terminal.context

    @property
    def alive(self) -> bool:
        """Whether the session is still connected."""
        return self._terminal.alive

    @property
    def sent(self) -> bytes:
        """Every byte it was sent, where the headend's personality says ``keep_output``."""
        return bytes(self._box.sent.get(self.sid, b""))


class Headend:
    """A running headend: where it listens, what it was told, what it is configured to do."""

    host = "127.0.0.1"

    def __init__(self, wait: Waiter, box: Box, listener: Listener) -> None:
        self._in_loop = wait
        self._listener = listener
        self.box = box

    @property
    def name(self) -> str:
        """The name by which the lab and its inventory know it."""
        return self.box.spec.name

    @property
    def port(self) -> int:
        """The SSH port."""
        return self._listener.port

    @property
    def fingerprint(self) -> str:
        """The host key's fingerprint, ``SHA256:...``."""
        return self._listener.key.get_fingerprint()

    @property
    def known_hosts_line(self) -> str:
        """The host key as a line of a known-hosts file."""
        public = self._listener.key.export_public_key().decode().split()
        return f"[{self.host}]:{self.port} {public[0]} {public[1]}\n"

    @property
    def received(self) -> list[tuple[int, str, str]]:
        """Every line typed so far: session id, mode, line; passwords are left out."""
        return list(self.box.received)

    @property
    def sessions(self) -> list[Session]:
        """Every management session since the start, ended ones included."""
        return [Session(one, self.box) for one in list(self.box.terminals)]

    @property
    def conditions(self) -> list[str]:
        """The debug conditions that are set, for example ``webvpn condition user jdoe``."""
        boxes = (self.box, *self.box.contexts.values())
        return [condition for box in boxes for condition in box.conditions]

    @property
    def role(self) -> str | None:
        """``active`` or ``standby`` in a failover pair."""
        return self.box.role

    def fail_over(self) -> None:
        """Change roles with the mate, if the lab has it; sessions live on, prompts tell."""
        self._call(self.box.fail_over)

    def set_cpu(self, percent: int) -> None:
        """Let ``show cpu usage`` print this load from now on."""
        self._call(lambda: setattr(self.box, "cpu", percent))

    def reply(self, command: str, text: str | None) -> None:
        """Let a command print ``text`` from now on; None is what it really says."""

        def change() -> None:
            self.box.replies.pop(command, None)
            if text is not None:
                self.box.replies[command] = text

        self._call(change)

    def second_engineer(self, *debugs: str) -> None:
        """Log somebody else in, with debugs of their own that our sessions cannot see."""
        self._call(lambda: self._admit(OtherEngineer(debugs)))

    def fill_sessions(self) -> None:
        """Let other engineers take every management session that is left."""

        def fill() -> None:
            while len(self.box.living) < self.box.spec.quota:
                self._admit(OtherEngineer())

        self._call(fill)

    def free_sessions(self) -> None:
        """Let the other engineers leave."""

        def leave() -> None:
            for one in self.box.living:
                if isinstance(one, OtherEngineer):
                    one.abort()

        self._call(leave)

    def _admit(self, engineer: OtherEngineer) -> None:
        self.box.terminals.append(engineer)
        self.box.notify()

    @property
    def logins(self) -> int:
        """How many SSH logins were accepted."""
        return self.box.logins

    @property
    def failed_logins(self) -> int:
        """How many SSH passwords were refused."""
        return self.box.failed_logins

    def wait_for_debug(self, name: str, timeout: float = 10.0) -> None:
        """Wait until some session has armed this debug; raises TimeoutError."""
        self.wait_until(lambda: any(name in one.debugs for one in self.box.living), timeout)

    def wait_for_no_sessions(self, timeout: float = 10.0) -> None:
        """Wait until nobody is logged in; raises TimeoutError."""
        self.wait_until(lambda: not self.box.living, timeout)

    def wait_until(self, holds: Callable[[], bool], timeout: float = 10.0) -> None:
        """Wait for a fact about sessions or debugs; raises TimeoutError."""
        self._in_loop(asyncio.wait_for(self.box.until(holds), timeout))

    def _call(self, work: Callable[[], T]) -> T:
        async def step() -> T:
            return work()

        return self._in_loop(step())

    def running_config(self) -> str:
        """Return the running configuration, secrets masked, without its head and checksum."""
        return self._call(self.box.configuration.text)

    def emit(self, lines: str | Iterable[str]) -> None:
        """Print any lines in every session that armed a debug or watches the log."""
        texts = lines.split("\n") if isinstance(lines, str) else list(lines)
        self._call(lambda: self.box.emit(texts))

    @contextmanager
    def hold(self, at: str) -> Iterator[Gate]:
        """Stop one session before ``at`` is carried out, until the block ends.

        ``at`` is a command line as it is typed, or ``"login"``: a password waits for judgement.
        """
        gate = self._call(lambda: self.box.gates.close(at))
        try:
            yield gate
        finally:
            self._call(lambda: self.box.gates.reopen(gate))

    def configure(self, *lines: str) -> None:
        """Enter configuration lines, as another engineer would: ``hostname vpn-9``."""

        def enter() -> None:
            configurer, place = Configurer(self.box.configuration), Place()
            for line in lines:
                place = configurer.apply(line.strip(), place).place

        self._call(enter)

    def save(self) -> None:
        """Save the configuration, as another engineer would."""
        self._call(self.box.save)

    @property
    def saved(self) -> bool:
        """Whether the running configuration is the saved one."""
        return self.box.saved_checksum == self.box.configuration.checksum()

    def cut(self, address: str) -> None:
        """Take the path from this headend to one of its servers away."""
        self._call(lambda: self.box.unreachable.add(address))

    def mend(self, address: str) -> None:
        """Give the path to a server back."""
        self._call(lambda: self.box.unreachable.discard(address))

    def wrong_passwords(self, account: str) -> int:
        """Return how many wrong passwords the lab's servers counted for an account."""
        return self._call(lambda: self.box.accounts.wrong(account))

    def drop_sessions(self) -> None:
        """Reset the TCP connection of every management session."""

        def drop() -> None:
            for one in self.box.living:
                one.abort()

        self._call(drop)

    def close_sessions(self) -> None:
        """End every management session in good order, as ``ssh disconnect`` does."""

        def close() -> None:
            for one in self.box.living:
                one.end("Terminated by operator")

        self._call(close)
