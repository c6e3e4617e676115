"""Two login attempts side by side, decision by decision."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from headend.model.diagnosis import Decided, Decision, Diagnosis


class Likeness(StrEnum):
    """How two logins stand at one decision; what was not seen of one is never a difference."""

    SAME = "same"
    DIFFERENT = "different"
    ONE_SIDED = "one-sided"


@dataclass(frozen=True, slots=True)
class Point:
    """One decision of two logins; ``None`` is what was not seen."""

    decision: Decision
    likeness: Likeness
    first: Decided | None
    second: Decided | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two attempts, what was decided on their ways, and where they part.

    ``points`` lists the decisions that were seen of at least one, in the order of a login;
    ``parting`` is the first that differs, ``advice`` what to look at there.
    """

    first: Diagnosis
    second: Diagnosis
    points: tuple[Point, ...]
    parting: Point | None
    advice: str


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain values; the attempts are named by their ids."""
    return {
        "first": comparison.first.id,
        "second": comparison.second.id,
        "parting": comparison.parting.decision.value if comparison.parting else None,
        "advice": comparison.advice,
        "points": [asdict(point) for point in comparison.points],
    }
