"""A lab headend behind a proxy, and the command line that reaches it through there."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from faults.proxy import Proxy
from headend.incident.lease import Lease, read_leases
from headend.lab import LOGIN, Headend, HeadendSpec, Lab, Session
from headend.lab.files import write_inventory
from live.drive import Cli

NAME = "vpn-1"
SECRETS = (LOGIN.password, LOGIN.enable)  # what the product knows, and replaces in its record


class Scene:
    """One headend, its proxy and a command line of its own, for as long as the block lasts.

    ``others`` are in the lab, and not in the inventory.
    """

    def __init__(
        self,
        folder: Path,
        *others: HeadendSpec,
        latency: float = 0.0,
        jitter: float = 0.0,
        **personality: Any,
    ) -> None:
        self._stack = ExitStack()
        self._folder = folder
        self._specs = (HeadendSpec(NAME, keep_output=True, **personality), *others)
        self._way = (latency, jitter)
        self.lab: Lab
        self.headend: Headend
        self.proxy: Proxy
        self.cli: Cli

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            self.lab = opening.enter_context(Lab(self._specs))
            self.headend = self.lab.headends[NAME]
            latency, jitter = self._way
            self.proxy = opening.enter_context(
                Proxy(self.headend.port, latency=latency, jitter=jitter)
            )
            inventory = self._folder / "inventory"
            write_inventory(inventory, self._specs[:1], {NAME: self.proxy.port})
            known = self._folder / "known_hosts"
            key = self.headend.known_hosts_line
            known.write_text(key.replace(f":{self.headend.port} ", f":{self.proxy.port} "))
            ours = {"HEADEND_INVENTORY": str(inventory), "HEADEND_KNOWN_HOSTS": str(known)}
            self.cli = Cli(self.lab.environment | ours, self._folder)
            opening.callback(self.cli.close)
            self._stack = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def sessions(self) -> list[Session]:
        """The sessions of our account in their order, those on a unit that took over at the end."""
        every = [one for each in self.lab.headends.values() for one in each.sessions]
        return [one for one in every if one.username == LOGIN.username]

    @property
    def armed(self) -> bool:
        """Whether the headend itself holds a debug or a condition of our account."""
        return any(one.debugs for one in self.sessions if one.alive) or bool(
            self.headend.conditions
        )

    @property
    def leases(self) -> list[Lease]:
        """What the product still answers for."""
        return read_leases(self.cli.incidents)

    @property
    def log(self) -> bytes:
        """What the record holds of the headend's words."""
        path = self.cli.incident() / NAME / "capture.log"
        return path.read_bytes() if path.exists() else b""
