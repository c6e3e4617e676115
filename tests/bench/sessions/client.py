"""One client in a process of its own: ``python -m bench.sessions.client CLIENT PORT...``.

Its modules and its inventory are loaded before the clock starts. Then each line of standard input
is a number of seconds: the client connects to all headends at once, arms ``debug aaa
authentication``, holds it so long, disarms, and the answer says what that took.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import resource
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bench.sessions.processes import answer

HOST = "127.0.0.1"
DEBUG = "debug aaa authentication"
OFF = "undebug all"


@dataclass(frozen=True)
class Access:
    """Where the headends are, and how to log in."""

    ports: tuple[int, ...]
    username: str
    password: str
    enable: str
    known_hosts: Path
    inventory: Path

    @classmethod
    def given(cls, ports: tuple[int, ...]) -> Access:
        names = ("USERNAME", "PASSWORD", "ENABLE", "KNOWN_HOSTS", "INVENTORY")
        username, password, enable, known, inventory = (os.environ[f"HEADEND_{n}"] for n in names)
        return cls(ports, username, password, enable, Path(known), Path(inventory))


@dataclass
class Watch:
    """What a run took so far: the clock, and this process's processor time, at each turn."""

    hold: float
    turns: list[tuple[float, float]] = field(default_factory=list)

    def turn(self) -> None:
        self.turns.append((time.monotonic(), time.process_time()))

    def held(self) -> None:
        """Everything is armed: hold it, from a thread."""
        self.turn()
        time.sleep(self.hold)
        self.turn()

    async def held_async(self) -> None:
        """Everything is armed: hold it, in an event loop."""
        self.turn()
        await asyncio.sleep(self.hold)
        self.turn()


class Client(Protocol):
    """A module of this package that is a client."""

    def prepare(self, access: Access) -> None:
        """Load what is loaded once."""

    def run(self, access: Access, watch: Watch) -> None:
        """Connect and arm every headend, tell the watch, disarm, log out."""


def measured(client: Client, access: Access, hold: float) -> dict[str, float]:
    """Return seconds and processor seconds of one run."""
    watch = Watch(hold)
    watch.turn()
    client.run(access, watch)
    watch.turn()
    began, armed, held, ended = watch.turns
    return {
        "armed": armed[0] - began[0],
        "wall": ended[0] - held[0] + armed[0] - began[0],
        "cpu": ended[1] - held[1] + armed[1] - began[1],
        "idle": (held[1] - armed[1]) * 1000 / hold / len(access.ports) if hold else 0.0,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    }


def main(name: str, ports: tuple[int, ...]) -> None:
    access = Access.given(ports)
    client: Client = importlib.import_module(f"bench.sessions.client_{name}")
    client.prepare(access)
    answer({"ready": name})
    for line in sys.stdin:
        answer(measured(client, access, float(line)))


if __name__ == "__main__":
    main(sys.argv[1], tuple(map(int, sys.argv[2:])))
