"""One incident as a line of a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headend.errors import InputError
from headend.incident.record import MILESTONES, read_record


@dataclass(frozen=True, slots=True)
class IncidentSummary:
    """``state`` is the last milestone reached; a damaged record leaves all but the id unknown."""

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
        state=next((each for each in reversed(MILESTONES) if each in reached), None),
        outcome=_text(verdict.get("outcome")),
        cause=_text(verdict.get("cause")),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
