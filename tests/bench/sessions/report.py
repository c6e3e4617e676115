"""The measurements of this package together, and their tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench.sessions import fleet, flood, latency, startup
from bench.sessions.clients import TITLES, installed
from bench.sessions.site import site
from bench.sessions.targets import targets


class Extent(NamedTuple):
    """How much is measured."""

    rounds: int
    delays: tuple[float, ...]
    headends: int
    fleets: int
    idle_headends: int
    idle_seconds: float
    megabytes: int
    flood_seconds: float
    starts: int
    clients: tuple[str, ...] = tuple(TITLES)
    readers: tuple[str, ...] = tuple(flood.READERS)


FULL = Extent(5, latency.DELAYS, 200, 3, 100, 10.0, 100, 5.0, 11)
QUICK = Extent(
    1, (0.0, 0.01), 3, 1, 2, 0.1, 1, 0.1, 1,
    ("floor", "asyncssh", "session", "headend"), ("asyncssh", "headend"),
)  # fmt: skip


def measured(extent: Extent, folder: Path) -> dict[str, Any]:
    """Return all figures of the sessions; the headends are the lab's, one process for all."""
    names = installed(extent.clients)
    with site(extent.headends, folder) as there:
        figures: dict[str, Any] = {
            "headends": extent.headends,
            "to_armed": latency.measure(there, names, extent.rounds, extent.delays),
            "fleet": fleet.measure(there, names, extent.headends, extent.fleets),
            "idle": fleet.idle(there, names, extent.idle_headends, extent.idle_seconds),
            "flood": flood.measure(there, extent.megabytes, extent.readers),
            "stopped": flood.stopped(there, extent.flood_seconds),
            "startup": startup.measure(extent.starts),
        }
    figures["targets"] = [{**one._asdict(), "holds": one.holds} for one in targets(figures)]
    return figures


def table(figures: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the report."""
    yield from _to_armed(figures["to_armed"])
    yield ""
    yield from _fleet(figures)
    yield ""
    yield f"{'a flood of debug':38}     MB    MB/s  MB/CPU s  peak MB  grown MB  lines lost"
    for name, one in figures["flood"].items():
        yield (
            f"  {flood.READERS[name]:36} {one['mb']:6.0f} {one['mb_per_second']:7.1f} "
            f"{one['mb'] / one['cpu']:9.1f} {one['peak_mb']:8.0f} {one['grown_mb']:9.0f} "
            f"{one['lost']:11.0f}"
        )
    took = figures["stopped"]
    yield (
        f"  Ctrl-C in its midst: debug is off after {took['off']:.2f} s, and proved so by the "
        f"program, which ends with {took['status']:.0f}, after {took['ended']:.2f} s"
    )
    yield ""
    yield f"{'start':38}     ms"
    for name, took in figures["startup"].items():
        yield f"  {name:36} {took:6.0f}"
    yield ""
    yield "targets"
    yield from map(str, targets(figures))


def _to_armed(figures: dict[str, Any]) -> Iterator[str]:
    delays = list(figures["floor"]["seconds"])
    heads = "".join(f"{delay + ' ms':>9}" for delay in delays)
    ratios = "".join(f"{'x ' + delay + ' ms':>10}" for delay in delays)
    yield f"{'seconds to armed, one way':38}{heads}{ratios}   round trips"
    for name, one in figures.items():
        seconds = "".join(f"{one['seconds'][delay]:9.3f}" for delay in delays)
        times = "".join(f"{one['ratio'][delay]:10.2f}" for delay in delays)
        yield f"  {TITLES[name]:36}{seconds}{times} {one['round_trips']:13.1f}"


def _fleet(figures: dict[str, Any]) -> Iterator[str]:
    title = f"{figures['headends']} headends at 20 ms"
    base = figures["fleet"]["asyncssh"]["wall"]
    yield (
        f"{title:38} wall s  x asyncssh  client CPU s  lab CPU s  peak MB  left armed"
        "  idle CPU ms/s each"
    )
    for name, one in figures["fleet"].items():
        yield (
            f"  {TITLES[name]:36} {one['wall']:6.2f} {one['wall'] / base:11.2f} {one['cpu']:13.2f} "
            f"{one['server_cpu']:10.2f} {one['peak_mb']:8.0f} {one['left']:11.0f} "
            f"{figures['idle'][name]:19.3f}"
        )
