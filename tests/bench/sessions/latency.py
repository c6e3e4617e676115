"""Seconds until one headend is armed, near and far, from the first TCP packet."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median
from typing import Any

from bench.sessions.clients import client
from bench.sessions.site import Site, way

DELAYS = (0.0, 0.02, 0.1)  # seconds one way


def measure(
    there: Site, names: Sequence[str], rounds: int, delays: tuple[float, ...]
) -> dict[str, Any]:
    """Return for each client the median seconds by delay, the ratio to the floor, the round trips.

    The clients take turns. Round trips are what the delay alone costs, counted in its own unit.
    """
    seconds: dict[str, dict[float, list[float]]] = {name: {d: [] for d in delays} for name in names}
    for delay in delays:
        with ExitStack() as stack:
            road = stack.enter_context(way(there, delay, 1))
            peers = {name: stack.enter_context(client(name, road)) for name in names}
            for _ in range(rounds):
                for name, peer in peers.items():
                    seconds[name][delay].append(peer.ask("0")["armed"])
    middle = {
        name: {delay: median(taken) for delay, taken in by.items()} for name, by in seconds.items()
    }
    far, near = max(delays), min(delays)
    return {
        name: {
            "seconds": {f"{delay * 1000:.0f}": by[delay] for delay in delays},
            "ratio": {f"{d * 1000:.0f}": by[d] / middle["floor"][d] for d in delays},
            "round_trips": (by[far] - by[near]) / (2 * (far - near)) if far > near else 0.0,
            "runs": {f"{d * 1000:.0f}": seconds[name][d] for d in delays},
        }
        for name, by in middle.items()
    }
