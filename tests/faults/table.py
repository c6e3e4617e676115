"""The table of faults: what was tried at which step, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from faults.phases import PHASES

FAULT, SITUATION, ENDED = "fault", "situation", "ended"  # the properties that the tests record
BROKEN = "**a promise broken**"


@dataclass(frozen=True)
class Tried:
    """One fault at one step, or one situation (``phase`` empty), and how it ended."""

    fault: str
    phase: str
    ended: str
    survived: bool

    @property
    def cell(self) -> str:
        """What the table says of it."""
        return self.ended if self.survived else BROKEN


def tried(properties: Iterable[tuple[str, object]], *, passed: bool) -> Tried | None:
    """Read what a test recorded, None for a test that plays no fault."""
    said = {name: str(value) for name, value in properties}
    if FAULT in said:
        fault, _, phase = said[FAULT].rpartition(" @ ")
        return Tried(fault, phase, said.get(ENDED, ""), passed)
    if SITUATION in said:
        return Tried(said[SITUATION], "", said.get(ENDED, ""), passed)
    return None


def table(all_tried: Iterable[Tried]) -> Iterator[str]:
    """Yield the two tables as Markdown, and how many were survived."""
    every = list(all_tried)
    cells = {(one.fault, one.phase): one.cell for one in every}
    faults = dict.fromkeys(one.fault for one in every if one.phase)
    yield f"| fault | {' | '.join(PHASES)} |"
    yield "|---" * (len(PHASES) + 1) + "|"
    for fault in faults:
        yield f"| {fault} | {' | '.join(cells.get((fault, phase), '') for phase in PHASES)} |"
    yield ""
    yield "| situation | how it ended |"
    yield "|---|---|"
    for one in every:
        if not one.phase:
            yield f"| {one.fault} | {one.cell} |"
    yield ""
    yield f"Tried: {len(every)}. Survived: {sum(one.survived for one in every)}."
