"""The running headend as tests and the demo see it, safe to use from any thread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol, TypeVar

from headend.lab.box import Box, Terminal
from headend.lab.ssh_server import Listener

T = TypeVar("T")


class Waiter(Protocol):
    """Awaits something in the lab's own loop."""

    def __call__(self, work: Awaitable[T], /) -> T:
        """Return the result, or raise what the work raised."""


class Session:
    """A management session, as a test sees it."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

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
    def alive(self) -> bool:
        """Whether the session is still connected."""
        return self._terminal.alive


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
        return [Session(one) for one in list(self.box.terminals)]

    @property
    def conditions(self) -> list[str]:
        """The debug conditions that are set, for example ``webvpn condition user jdoe``."""
        return list(self.box.conditions)

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
        self._wait(lambda: any(name in one.debugs for one in self.box.living), timeout)

    def wait_for_no_sessions(self, timeout: float = 10.0) -> None:
        """Wait until nobody is logged in; raises TimeoutError."""
        self._wait(lambda: not self.box.living, timeout)

    def _call(self, work: Callable[[], T]) -> T:
        async def step() -> T:
            return work()

        return self._in_loop(step())

    def _wait(self, holds: Callable[[], bool], timeout: float) -> None:
        self._in_loop(asyncio.wait_for(self.box.until(holds), timeout))

    def running_config(self) -> str:
        """Return the running configuration, secrets masked, without its head and checksum."""
        return self._call(self.box.configuration.text)

    def emit(self, lines: str | Iterable[str]) -> None:
        """Print any lines in every session that armed a debug or watches the log."""
        texts = lines.split("\n") if isinstance(lines, str) else list(lines)
        self._call(lambda: self.box.emit(texts))

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
