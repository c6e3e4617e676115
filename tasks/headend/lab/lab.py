"""A lab: several simulated headends, their servers, and people who try to log in."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import threading
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from headend.errors import InputError
from headend.lab import control
from headend.lab.attempt import Attempt
from headend.lab.box import Box
from headend.lab.contexts import chassis, users_of
from headend.lab.directory import (
    LOCAL_PASSWORDS,
    PEOPLE,
    CertificateKind,
    right_password,
)
from headend.lab.facade import Headend
from headend.lab.files import write_inventory
from headend.lab.login import VpnLogin
from headend.lab.probe import probe
from headend.lab.radius_server import RadiusNetwork
from headend.lab.saml import Assertion
from headend.lab.spec import LOGIN, AttemptResult, HeadendSpec, default_specs
from headend.lab.ssh_login import host_key
from headend.lab.ssh_server import Listener
from headend.lab.startup import RADIUS_SECRETS

T = TypeVar("T")


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
                raise InputError(
                    f"The lab could not take its ports: {error.strerror or error}",
                    remedy="Is another lab running? Or take others: headend lab up --port 2301",
                ) from error
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
            box = chassis(spec)
            for each in (box, *box.contexts.values()):
                each.accounts = self._network.accounts
            # The units of a pair answer with one key: it comes over with the configuration.
            mates = (one.key for one in self._listeners if one.box.spec.name == spec.mate)
            listener = Listener(box, next(mates, None) or host_key(box), probe(box, self._network))
            self._listeners.append(listener)
            await listener.start(spec.port)
            self.headends[spec.name] = Headend(self.wait, box, listener)
        self._introduce()
        ports = {name: one.port for name, one in self.headends.items()}
        write_inventory(self.directory / "inventory", self._specs, ports)
        known = "".join(one.known_hosts_line for one in self.headends.values())
        (self.directory / "known_hosts").write_text(known, encoding="ascii")

    def _introduce(self) -> None:
        """Tell failover mates and the members of a cluster of each other."""
        boxes = {name: one.box for name, one in self.headends.items()}
        for box in boxes.values():
            box.mate = boxes.get(box.spec.mate)
            if box.spec.cluster:
                box.cluster = [
                    one for one in boxes.values() if one.spec.cluster == box.spec.cluster
                ]

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

    def wait(self, work: Awaitable[T], /) -> T:
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
        assertion: Assertion = "valid",
        context: str = "",
    ) -> AttemptResult:
        """Log in at the VPN as ``user`` and return what the client shows.

        ``password`` None is the right one. ``token`` answers the challenges, one after the
        other; None leaves them unanswered, and the person gives up after ``patience`` seconds.
        ``logon_screen`` is an attempt before Windows logon, where the user's certificate store
        cannot be opened. ``headend`` None is the cluster's address, or the first that serves;
        ``assertion`` is what the identity provider says, ``context`` where the login lands in
        multiple context mode. Raises InputError for a headend that the lab does not have.
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
                    assertion,
                    context,
                ),
            )
        )

    async def attempt_soon(self, headend: str | None, attempt: Attempt) -> AttemptResult:
        """Carry out one attempt, inside the lab's loop."""
        serving = [one.box for one in self.headends.values() if _serves(one.box)]
        first = next(iter(serving), next(iter(self.headends.values())).box)
        # At the cluster's address its master sends the client on to the member with least to do.
        members = [one for one in first.cluster if _serves(one)] or [first]
        landed = min(reversed(members), key=lambda one: len(one.vpn.rows))
        name = headend or landed.spec.name
        if name not in self.headends:
            raise InputError(
                f"The lab has no headend {name!r}", remedy=f"It has {', '.join(self.headends)}"
            )
        box = users_of(self.headends[name].box, attempt.context)
        return await VpnLogin(box, self._network, attempt).run()

    def serve_control(self, path: Path) -> None:
        """Take attempts from ``headend lab attempt`` through a Unix socket."""
        self._control = control.Server(path, self.attempt_soon)
        self.wait(self._control.start())


def _serves(box: Box) -> bool:
    return not box.spec.ftd and box.role != "standby"


def runtime_directory() -> Path:
    """Return the private directory of this user's running lab (``HEADEND_LAB`` overrides it)."""
    named = os.environ.get("HEADEND_LAB")
    return Path(named) if named else Path(tempfile.gettempdir()) / f"headend-lab-{os.getuid()}"
