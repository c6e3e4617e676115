"""One incident as a line of a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headend.errors import InputError
from headend.incident.record import MILESTONES, PROOF, read_record

_CAPTURING = frozenset({"opened", "connected", "armed", "attempt_seen"})


@dataclass(frozen=True, slots=True)
class IncidentSummary:
    """``state`` is the last milestone reached; a damaged record leaves all but the id unknown.

    ``headend``, ``server`` and ``advice`` (what to do first) are those of the verdict;
    ``milestones`` maps each one reached to its time, ``first_action`` is in seconds.
    """

    id: str
    verb: str | None = None
    user: str | None = None
    headends: tuple[str, ...] = ()
    note: str = ""
    opened: str | None = None
    state: str | None = None
    outcome: str | None = None
    cause: str | None = None
    damaged: bool = False
    headend: str | None = None
    server: str | None = None
    advice: str | None = None
    milestones: Mapping[str, str] = field(default_factory=dict)
    first_action: float | None = None
    resolution: str | None = None

    @property
    def open(self) -> bool:
        """Whether nobody said yet how it ended; a login that only proves a change is no case."""
        return self.verb != PROOF and self.state != "closed"


def summarise(folder: Path) -> IncidentSummary:
    """Return the summary of an incident folder; one that cannot be read is damaged."""
    try:
        return summary_of(read_record(folder))
    except InputError:
        return IncidentSummary(folder.name, damaged=True)


def summary_of(record: Mapping[str, Any]) -> IncidentSummary:
    """Return the summary of a record."""
    reached = record["milestones"]
    verdict = record.get("verdict") or {}
    return IncidentSummary(
        id=record["id"],
        verb=record["verb"],
        user=record.get("user"),
        headends=tuple(record["headends"]),
        note=record.get("note") or "",
        opened=reached.get("opened"),
        state=_state(record),
        outcome=_text(verdict.get("outcome")),
        cause=_text(verdict.get("cause")),
        headend=_text(verdict.get("headend")),
        server=_text(verdict.get("server")),
        advice=_text(verdict.get("advice")),
        milestones=dict(reached),
        first_action=_seconds(record["timing"].get("seconds_to_first_action")),
        resolution=_text(record.get("resolution")),
    )


def _state(record: Mapping[str, Any]) -> str | None:
    """Return the last milestone; a capture that is over is ``ended``, for nothing is armed then."""
    reached = record["milestones"]
    last = next((each for each in reversed(MILESTONES) if each in reached), None)
    return "ended" if record.get("ending") and last in _CAPTURING else last


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
