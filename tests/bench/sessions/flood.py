"""A flood of debug: megabytes a second, memory, lines lost, and debug off in the midst of it."""

from __future__ import annotations

import time

from bench.sessions.marks import missing
from bench.sessions.processes import started
from bench.sessions.site import Site, Way, straight

READERS = {
    "asyncssh": "asyncssh, bytes counted",
    "netmiko": "netmiko read_channel",
    "headend": "headend: redacted, on disk, in lines",
    "diagnosed": "headend: and each line diagnosed",
}
OURS = ("headend", "diagnosed")
_PART = 256 * 1024
_ENDLESS = 1_000_000
# How long a flood flows (seconds) before it is to be stopped.
_MIDST = 2.0


def measure(there: Site, megabytes: int) -> dict[str, dict[str, float]]:
    """Return the figures of each reader; lines that are not in ours' file in order are lost."""
    road = straight(there, 1)
    return {name: _read(name, there, road, megabytes) for name in READERS}


def _read(name: str, there: Site, road: Way, megabytes: int) -> dict[str, float]:
    parts = max(1, megabytes * 1_000_000 // _PART)
    folder = road.folder / f"flood-{name}"
    with started("reader", name, folder, road.ports[0], environment=road.environment) as reader:
        before = reader.hear()
        sent = there.headends.ask(f"flood {parts}")
        took = reader.hear()
        figures = {
            "mb": sent["bytes"] / 1e6,
            "mb_per_second": sent["bytes"] / 1e6 / took["seconds"],
            "cpu": took["cpu"],
            "peak_mb": took["peak_mb"],
            "grown_mb": took["peak_mb"] - before["before_mb"],
            "lost": sent["lines"] - took["lines"],
        }
        if name in OURS:
            there.headends.tell(f"flood {_ENDLESS}")
            time.sleep(_MIDST)
            figures |= reader.ask("stop")
            there.headends.hear()
    if name in OURS:
        capture = folder / "vpn-1" / "capture.log"
        figures["lost"] = missing(capture, there.folder / "flood.txt", parts)
        capture.unlink()
    return figures
