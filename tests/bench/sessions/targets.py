"""What is promised, beside what was measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple


class Target(NamedTuple):
    """One promise: ``value`` is to stay under ``limit``, or to reach it where ``at_least``."""

    name: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        word = "at least" if self.at_least else "at most"
        verdict = "holds" if self.holds else "MISSED"
        return f"  {self.name:56} {self.value:8.2f}   {word} {self.limit:6.2f}   {verdict}"


def targets(figures: dict[str, Any]) -> Iterator[Target]:
    """Yield every target that the figures of a run can show; one that is missed is shown too."""
    far = next(reversed(figures["to_armed"]["floor"]["ratio"]))
    for name in ("session", "headend"):
        ratio = figures["to_armed"][name]["ratio"][far]
        yield Target(f"to armed at {far} ms, times the floor: {name}", ratio, 1.6)
    fleet = figures["fleet"]
    for ours in ("session", "headend"):
        for peer in ("scrapli_asyncssh", "scrapli", "asyncssh"):
            if peer in fleet:
                ratio = fleet[ours]["wall"] / fleet[peer]["wall"]
                limit = 2.0 if peer == "asyncssh" else 1.0
                yield Target(f"fleet, times the wall of {peer}: {ours}", ratio, limit)
    yield Target("fleet, headends left armed", fleet["headend"]["left"], 0)
    yield Target("processor ms a second, an idle headend", figures["idle"]["headend"], 0.2)
    flood = figures["flood"]["headend"]
    yield Target("flood, MB a second", flood["mb_per_second"], 20, at_least=True)
    yield Target("flood, lines lost", flood["lost"], 0)
    yield Target("flood, MB of memory that it takes", flood["grown_mb"], 50)
    yield Target("flood, seconds from Ctrl-C until debug is off", figures["stopped"]["off"], 2.0)
    startup = figures["startup"]
    yield Target(
        "headend --help, times python -c 'import typer'",
        startup["headend --help"] / startup["python -c 'import typer'"],
        2.0,
    )
