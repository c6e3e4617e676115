"""``headend investigate`` for a long time: its memory, and whether a line was lost.

``python -m bench.soak --minutes 30 --flood 5`` runs it against simulated headends, first with a
few lines a second and a login now and then, then in a flood that is as fast as it is read. The
curve of its memory is printed; the status is 1 where memory grew, a line was lost, or debug
stayed on.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench.sessions.site import Site, site, straight

_HEADENDS = 5
_PAUSE = 0.3  # seconds between two lines of each headend
_ENDLESS = 1_000_000_000
# What is learnt about lines and users has its bound early; from here on memory is to be flat.
_SETTLED = 0.25
_GROWTH = 1.1
# "No attempt of that user was seen" is how it ends, as nobody is waited for who ever comes; or
# interrupted, while it read what had come.
_NO_ATTEMPT, _INTERRUPTED = 10, 130
_WIDTH, _ROWS = 40, 20


class Phase(NamedTuple):
    """One run: how many headends, what they are to print, for how long."""

    title: str
    headends: int
    printing: str
    minutes: float


def main() -> None:
    """Run both phases and print what they showed."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="of a few lines a second")
    parser.add_argument("--flood", type=float, default=5, help="minutes of a flood")
    parser.add_argument("--every", type=float, default=30, help="seconds between two samples")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    given = parser.parse_args()
    figures = {}
    with tempfile.TemporaryDirectory() as name, site(_HEADENDS, Path(name)) as there:
        for phase in (
            Phase("low rate", _HEADENDS, f"trickle {_PAUSE}", given.minutes),
            Phase("flood", 1, f"flood {_ENDLESS}", given.flood),
        ):
            if phase.minutes:
                figures[phase.title] = _run(there, phase, given.every)
                sys.stdout.write("\n".join(table(phase.title, figures[phase.title])) + "\n\n")
                sys.stdout.flush()
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    sys.exit(any(one["faults"] for one in figures.values()))


def _run(there: Site, phase: Phase, every: float) -> dict[str, Any]:
    """Return the memory curve (seconds, MB) of one run, its lines, and what was wrong with it."""
    road = straight(there, phase.headends)
    with (road.folder / f"{phase.title}.txt").open("wb") as printed:
        process = subprocess.Popen(
            (
                Path(sys.executable).with_name("headend"),
                *("investigate", "nobody", "--for", f"{phase.minutes * 60:.0f}"),
            ),
            stdout=printed,
            stderr=subprocess.STDOUT,
            env={**os.environ, **road.environment},
        )
        try:
            while there.headends.ask("state")["armed"] < phase.headends:
                time.sleep(0.1)
            there.headends.tell(phase.printing)
            curve = list(_memory(process, every, 2 * phase.minutes * 60))
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    there.headends.hear()
    while there.headends.ask("state")["open"]:
        time.sleep(0.1)
    (incident,) = (path for path in (road.folder / "incidents").glob("2*") if path.is_dir())
    record = json.loads((incident / "incident.json").read_text(encoding="utf-8"))
    figures = {
        "curve": curve,
        "status": process.returncode,
        "sent": there.headends.ask("printed"),
        "kept": {one: _lines(incident / one / "capture.log") for one in record["headends"]},
        "megabytes": sum(path.stat().st_size for path in incident.glob("*/capture.log")) / 1e6,
        "headends": {
            one: {key: facts.get(key) for key in ("state", "ending", "proof", "unread_bytes")}
            for one, facts in record["headends"].items()
        },
        "armed_at_the_end": there.headends.ask("state")["armed"],
    }
    return figures | {"faults": list(_faults(figures))}


def _lines(capture: Path) -> int:
    with capture.open("rb") as file:
        return sum(portion.count(b"\n") for portion in iter(lambda: file.read(1 << 20), b""))


def _faults(figures: dict[str, Any]) -> Iterator[str]:
    """Yield what must not be, in words."""
    if figures["status"] not in {_NO_ATTEMPT, _INTERRUPTED}:
        yield f"it ended with status {figures['status']}"
    for name, sent in figures["sent"].items():
        if sent != figures["kept"][name]:
            yield f"{name} was sent {sent} lines and {figures['kept'][name]} were kept"
    for name, facts in figures["headends"].items():
        if facts["state"] != "disarmed":
            yield f"{name} is {facts['state']}"
    if figures["armed_at_the_end"]:
        yield f"{figures['armed_at_the_end']} headends are armed still"
    settled, most = _settled(figures["curve"])
    if most > settled * _GROWTH:
        yield f"memory grew from {settled:.0f} to {most:.0f} MB"


def _settled(curve: list[tuple[float, float]]) -> tuple[float, float]:
    """Return what was held after the first quarter, and the most that was held after it."""
    last = curve[-1][0]
    later = [held for at, held in curve if at >= last * _SETTLED]
    return later[0], max(later)


def table(title: str, figures: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the report: the curve, and whether all is well."""
    yield f"{title}: {sum(figures['kept'].values()):,} lines, {figures['megabytes']:,.1f} MB"
    curve = figures["curve"]
    top = max(held for _, held in curve)
    for at, held in curve[:: max(1, len(curve) // _ROWS)]:
        yield f"  {at / 60:5.1f} min {held:7.1f} MB  {'#' * round(held / top * _WIDTH)}"
    settled, most = _settled(curve)
    yield f"  after the first quarter {settled:.1f} MB, then {most:.1f} MB at the most"
    sent, kept = sum(figures["sent"].values()), sum(figures["kept"].values())
    yield f"  lines sent {sent:,}, lines in capture.log {kept:,}"
    unread = sum(one["unread_bytes"] or 0 for one in figures["headends"].values())
    if unread:
        yield f"  {unread / 1e6:,.0f} MB were not diagnosed when it was interrupted"
    states = ", ".join(f"{name} {one['state']}" for name, one in figures["headends"].items())
    yield f"  {states}; armed at the end: {figures['armed_at_the_end']}"
    yield from (f"  FAULT: {fault}" for fault in figures["faults"])


def _memory(
    process: subprocess.Popen[bytes], every: float, patience: float
) -> Iterator[tuple[float, float]]:
    """Yield the time and the resident memory in MB of a process, until it ends.

    After ``patience`` seconds it is interrupted: a flood is on disk faster than it is diagnosed.
    """
    began = time.monotonic()
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        held = [line for line in status.read_text().splitlines() if line.startswith("VmRSS")]
        if held:
            yield round(time.monotonic() - began, 1), int(held[0].split()[1]) * 1024 / 1e6
        try:
            process.wait(every)
        except subprocess.TimeoutExpired:
            if time.monotonic() - began > patience:
                process.send_signal(signal.SIGINT)


main()
