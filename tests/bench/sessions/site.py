"""A site of simulated headends, and the ways to it: as near as they are, or some time away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.sessions.processes import Peer, started

_HOST = "127.0.0.1"
_HOSTS = "{name}:\n  hostname: 127.0.0.1\n  port: {port}\n  platform: cisco_asa\n"


@dataclass(frozen=True)
class Site:
    """Running headends: the process that they live in, their ports and host keys."""

    folder: Path
    headends: Peer
    ports: tuple[int, ...]
    keys: tuple[str, ...]
    environment: dict[str, str]


@dataclass(frozen=True)
class Way:
    """How a client finds the headends: the ports, and a folder with inventory and known hosts."""

    folder: Path
    ports: tuple[int, ...]
    environment: dict[str, str]


@contextmanager
def site(number: int, folder: Path) -> Iterator[Site]:
    """Start so many headends for the length of the block."""
    with started("headends", number, folder) as headends:
        found = headends.hear()
        yield Site(
            folder,
            headends,
            tuple(found["ports"]),
            tuple(" ".join(key) for key in found["keys"]),
            found["environment"],
        )


@contextmanager
def way(there: Site, delay: float, number: int | None = None) -> Iterator[Way]:
    """Lead to the first ``number`` headends, ``delay`` seconds away, through a proxy."""
    ports = there.ports[:number]
    with started("proxy", delay, *ports) as proxy:
        yield described(there, f"{delay * 1000:.0f}-{len(ports)}", tuple(proxy.hear()))


def straight(there: Site, number: int) -> Way:
    """Lead to the first ``number`` headends without a proxy."""
    return described(there, f"straight-{number}", there.ports[:number])


def described(there: Site, name: str, ports: tuple[int, ...]) -> Way:
    """Write the inventory and the known hosts of headends at ``ports``."""
    folder = there.folder / name
    inventory = folder / "inventory"
    inventory.mkdir(parents=True, exist_ok=True)
    hosts = "".join(
        _HOSTS.format(name=f"vpn-{place}", port=port) for place, port in enumerate(ports, 1)
    )
    (inventory / "hosts.yaml").write_text(f"---\n{hosts}", encoding="utf-8")
    (inventory / "groups.yaml").write_text("---\n{}\n", encoding="utf-8")
    (inventory / "defaults.yaml").write_text("---\nplatform: cisco_asa\n", encoding="utf-8")
    known = "".join(
        f"[{_HOST}]:{port} {key}\n" for port, key in zip(ports, there.keys, strict=False)
    )
    (folder / "known_hosts").write_text(known, encoding="ascii")
    environment = {
        **there.environment,
        "HEADEND_INVENTORY": str(inventory),
        "HEADEND_KNOWN_HOSTS": str(folder / "known_hosts"),
        "HEADEND_INCIDENTS": str(folder / "incidents"),
    }
    return Way(folder, ports, environment)
