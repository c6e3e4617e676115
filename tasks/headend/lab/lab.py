"""A lab: several simulated headends, their servers, and people who try to log in."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import asyncssh

from headend.errors import InputError
from headend.lab import control
from headend.lab.box import Box, Terminal
from headend.lab.directory import (
    LOCAL_PASSWORDS,
    PEOPLE,
    CertificateKind,
    right_password,
)
from headend.lab.files import write_inventory
from headend.lab.login import Attempt, VpnLogin
from headend.lab.probe import probe
from headend.lab.radius_server import RadiusNetwork
from headend.lab.spec import LOGIN, AttemptResult, HeadendSpec, default_specs
from headend.lab.ssh_server import Listener
from headend.lab.startup import RADIUS_SECRETS

T = TypeVar("T")


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

    def __init__(self, lab: Lab, box: Box, listener: Listener) -> None:
        self._lab = lab
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

    def _wait(self, holds: Callable[[], bool], timeout: float) -> None:
        self._lab.wait(asyncio.wait_for(self.box.until(holds), timeout))

    def running_config(self) -> str:
        """Return ``show running-config`` as the headend prints it, without line ends of SSH."""
        return self._lab.call(self.box.configuration.text)

    def emit(self, lines: str | Iterable[str]) -> None:
        """Print any lines in every session that armed a debug or watches the log."""
        texts = lines.split("\n") if isinstance(lines, str) else list(lines)
        self._lab.call(lambda: self.box.emit(texts))

    def drop_sessions(self) -> None:
        """Reset the TCP connection of every management session."""

        def drop() -> None:
            for one in self.box.living:
                one.abort()

        self._lab.call(drop)


class Lab:
    """Simulated headends on 127.0.0.1, for as long as the ``with`` block lasts.

    >>> with Lab() as lab:
    ...     lab.attempt("jdoe").prompts
    ('Username:', 'Password:', 'Enter PASSCODE:')
    """

    def __init__(self, specs: Sequence[HeadendSpec] | None = None) -> None:
        self._specs = tuple(default_specs() if specs is None else specs)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="headend-lab", daemon=True)
        self._network = RadiusNetwork()
        self._listeners: list[Listener] = []
        self._control: control.Server | None = None
        self.headends: dict[str, Headend] = {}
        self.directory = Path()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def __enter__(self) -> Self:
        self.directory = Path(tempfile.mkdtemp(prefix="headend-lab-"))
        self._thread.start()
        try:
            self.wait(self._start())
        except BaseException as error:
            self.__exit__(None, None, None)
            if isinstance(error, OSError):
                raise InputError(f"The lab could not take its ports: {error}") from error
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.wait(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    async def _start(self) -> None:
        await self._network.start()
        for spec in self._specs:
            box = Box(spec)
            key = asyncssh.generate_private_key("ssh-ed25519", comment=spec.name)
            listener = Listener(box, key, probe(box, self._network))
            self._listeners.append(listener)
            await listener.start(spec.port)
            self.headends[spec.name] = Headend(self, box, listener)
        ports = {name: one.port for name, one in self.headends.items()}
        write_inventory(self.directory / "inventory", self._specs, ports)
        known = "".join(one.known_hosts_line for one in self.headends.values())
        (self.directory / "known_hosts").write_text(known, encoding="ascii")

    async def _stop(self) -> None:
        if self._control is not None:
            await self._control.stop()
        for listener in self._listeners:
            await listener.stop()
        self._network.stop()
        this = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not this]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # Transports close one turn later; without it their sockets outlive the loop.
        await asyncio.sleep(0.01)

    def wait(self, work: Awaitable[T]) -> T:
        """Await something in the lab's own loop, from any other thread."""

        async def step() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(step(), self._loop).result()

    def call(self, work: Callable[[], T]) -> T:
        """Run a function in the lab's own thread and return what it returns."""

        async def step() -> T:
            return work()

        return self.wait(step())

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value in the lab's configurations that no record may contain."""
        keys = set(RADIUS_SECRETS.values())
        for one in self.headends.values():
            keys |= {
                node.tokens[-1]
                for server in one.box.configuration.find("aaa-server")
                for node in server.children
                if node.tokens[0] in ("key", "ldap-login-password")
            }
        people = {person.password for person in PEOPLE.values()}
        return tuple(sorted(keys | people | set(LOCAL_PASSWORDS.values())))

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point the other verbs at this lab."""
        return {
            "HEADEND_INVENTORY": str(self.directory / "inventory"),
            "HEADEND_KNOWN_HOSTS": str(self.directory / "known_hosts"),
            "HEADEND_USERNAME": LOGIN.username,
            "HEADEND_PASSWORD": LOGIN.password,
            "HEADEND_ENABLE": LOGIN.enable,
        }

    def attempt(  # noqa: PLR0913 - what a person at a VPN client chooses
        self,
        user: str,
        password: str | None = None,
        *,
        token: str | Sequence[str] | None = None,
        certificate: CertificateKind | None = None,
        group: str = "CORP",
        logon_screen: bool = False,
        headend: str | None = None,
        client_ip: str = "198.51.100.7",
        patience: float = 1.0,
    ) -> AttemptResult:
        """Log in at the VPN as ``user`` and return what the client shows.

        ``password`` None is the right one. ``token`` answers the challenges, one after the
        other; None leaves them unanswered, and the person gives up after ``patience`` seconds.
        ``logon_screen`` is an attempt before Windows logon, where the user's certificate store
        cannot be opened. Raises InputError for a headend that the lab does not have.
        """
        return self.wait(
            self.attempt_soon(
                headend,
                Attempt(
                    user,
                    right_password(user) if password is None else password,
                    () if token is None else (token,) if isinstance(token, str) else tuple(token),
                    certificate,
                    group,
                    logon_screen,
                    client_ip,
                    patience,
                ),
            )
        )

    async def attempt_soon(self, headend: str | None, attempt: Attempt) -> AttemptResult:
        """Carry out one attempt, inside the lab's loop."""
        serving = [one for one in self.headends.values() if _serves(one.box.spec)]
        name = headend or next((one.name for one in serving), next(iter(self.headends)))
        if name not in self.headends:
            raise InputError(
                f"The lab has no headend {name!r}", remedy=f"It has {', '.join(self.headends)}"
            )
        return await VpnLogin(self.headends[name].box, self._network, attempt).run()

    def serve_control(self, path: Path) -> None:
        """Take attempts from ``headend lab attempt`` through a Unix socket."""
        self._control = control.Server(path, self.attempt_soon)
        self.wait(self._control.start())


def _serves(spec: HeadendSpec) -> bool:
    return not spec.ftd and spec.failover_role != "standby"


def runtime_directory() -> Path:
    """Return the private directory of this user's running lab (``HEADEND_LAB`` overrides it)."""
    named = os.environ.get("HEADEND_LAB")
    return Path(named) if named else Path(tempfile.gettempdir()) / f"headend-lab-{os.getuid()}"
