"""Many headends at once: armed, held and disarmed; and what holding them costs."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from bench.sessions.clients import client
from bench.sessions.site import Site, Way, way

_DELAY = 0.02
# The floor opens one session after the other.
_ALONE = "floor"
_HOLD = 1.0


def measure(
    there: Site, names: Sequence[str], number: int, rounds: int
) -> dict[str, dict[str, float]]:
    """Return medians by client: wall and processor seconds without the hold, memory, what is left.

    ``left`` is how many sessions are armed on the headends after the client has gone.
    """
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in names if name != _ALONE}
    with way(there, _DELAY, number) as road:
        for _ in range(rounds):
            for name, runs in taken.items():
                runs.append(_once(there, road, name, _HOLD))
    return {
        name: {key: median(run[key] for run in runs) for key in runs[0]}
        for name, runs in taken.items()
    }


def idle(there: Site, names: Sequence[str], number: int, seconds: float) -> dict[str, float]:
    """Return milliseconds of processor time a second for each headend that is armed and silent."""
    with way(there, _DELAY, number) as road:
        return {name: _once(there, road, name, seconds)["idle"] for name in names if name != _ALONE}


def _once(there: Site, road: Way, name: str, hold: float) -> dict[str, float]:
    before = there.headends.ask("state")
    with client(name, road) as peer:
        run: dict[str, float] = peer.ask(str(hold))
    after = there.headends.ask("state")
    return {**run, "server_cpu": after["cpu"] - before["cpu"], "left": after["armed"]}
