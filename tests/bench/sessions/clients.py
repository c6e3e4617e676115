"""The clients that are compared, and how each of them is started."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.sessions.processes import Peer, started
from bench.sessions.site import Way

TITLES = {
    "floor": "floor: paramiko, all typed ahead",
    "asyncssh": "bare asyncssh, pipelined",
    "session": "headend: open_session and arm",
    "headend": "headend: the Nornir task",
    "scrapli_asyncssh": "scrapli 2026.2, asyncio (asyncssh)",
    "scrapli": "scrapli 2026.10, asyncio (libssh2)",
    "netmiko": "netmiko, stock",
}
# Where ``make bench`` puts the older scrapli: no environment can hold both.
_APART = Path(sys.prefix) / "peers"


def installed(names: Sequence[str]) -> list[str]:
    """Return those that can be started here; ``make bench`` installs all."""
    return [
        name
        for name in names
        if not name.startswith("scrapli")
        or (_APART.is_dir() if name == "scrapli_asyncssh" else importlib.util.find_spec("scrapli"))
    ]


@contextmanager
def client(name: str, road: Way) -> Iterator[Peer]:
    """Start a client that finds its headends by ``road``; it is ready when this returns."""
    environment = dict(road.environment)
    if name == "scrapli_asyncssh":
        environment["PYTHONPATH"] = os.pathsep.join([str(_APART), os.environ.get("PYTHONPATH", "")])
    with started("client", name, *road.ports, environment=environment) as peer:
        peer.hear()
        yield peer
