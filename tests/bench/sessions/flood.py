"""A flood of debug: megabytes a second, memory, lines lost, and debug off in the midst of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bench.sessions.marks import missing
from bench.sessions.processes import started
from bench.sessions.site import Site, Way, straight

READERS = {
    "asyncssh": "asyncssh, bytes counted",
    "netmiko": "netmiko read_channel",
    "headend": "headend: redacted, on disk, in lines",
    "diagnosed": "headend: and each line diagnosed",
}
_OURS = ("headend", "diagnosed")
_PART = 256 * 1024
_ENDLESS = 1_000_000


def measure(there: Site, megabytes: int, readers: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Return the figures of each reader; lines that are not in ours' file in order are lost."""
    road = straight(there, 1)
    return {name: _read(name, there, road, megabytes) for name in readers}


def _read(name: str, there: Site, road: Way, megabytes: int) -> dict[str, float]:
    parts = max(1, megabytes * 1_000_000 // _PART)
    folder = road.folder / f"flood-{name}"
    with started("reader", name, folder, road.ports[0], environment=road.environment) as reader:
        before = reader.hear()
        sent = there.headends.ask(f"flood {parts}")
        took = reader.hear()
    lost = sent["lines"] - took["lines"]
    if name in _OURS:
        capture = folder / "vpn-1" / "capture.log"
        lost = missing(capture, there.folder / "flood.txt", parts)
        capture.unlink()
    return {
        "mb": sent["bytes"] / 1e6,
        "mb_per_second": sent["bytes"] / 1e6 / took["seconds"],
        "cpu": took["cpu"],
        "peak_mb": took["peak_mb"],
        "grown_mb": took["peak_mb"] - before["before_mb"],
        "lost": lost,
    }


def stopped(there: Site, seconds: float) -> dict[str, float]:
    """Interrupt ``headend investigate`` after so long in a flood.

    Returns after how many seconds the headend was told to stop its debug (``off``), and after how
    many the program had its proof and ended (``ended``).
    """
    road = straight(there, 1)
    command = (Path(sys.executable).with_name("headend"), "investigate", "nobody")
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env={**os.environ, **road.environment}
    )
    try:
        while not there.headends.ask("state")["armed"]:
            time.sleep(0.05)
        there.headends.tell(f"flood {_ENDLESS}")
        time.sleep(seconds)
        asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        there.headends.hear()
        off = time.monotonic() - asked
        status = process.wait()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    return {"off": off, "ended": time.monotonic() - asked, "status": status}
