"""The moments of an attempt placed on a scale: where each stands, and how long a wait was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from headend.model.diagnosis import Diagnosis, Lane, Moment, Outcome

# Marks that stand nearer (percent of the width) share one: on a telephone they would overlap.
_TOGETHER = 9.0
_A_LETTER = 2.5
_SHORT = 2
_TICKS = 4
_LABEL = 5
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Step:
    """A numbered moment; ``seconds`` after the first, ``None`` where no time is known."""

    number: int
    seconds: float | None
    moment: Moment
    failing: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """Steps of one lane that stand together, at ``left`` percent of the width."""

    left: float
    numbers: tuple[int, ...]
    failing: bool

    @property
    def label(self) -> str:
        """The numbers of its steps (``1-3,6``), where there are many the first and the last."""
        runs: list[list[int]] = []
        for number in self.numbers:
            if runs and runs[-1][-1] + 1 == number:
                runs[-1].append(number)
            else:
                runs.append([number])
        label = ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
        return label if len(label) <= _LABEL else f"{self.numbers[0]}…{self.numbers[-1]}"

    @property
    def room(self) -> float:
        """How much of the width (percent) it takes on a telephone."""
        return _TOGETHER + _A_LETTER * max(0, len(self.label) - _SHORT)


@dataclass(frozen=True, slots=True)
class Wait:
    """From asking a server to its answer, in percent of the width and in seconds."""

    left: float
    width: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Row:
    """One lane of the drawing."""

    lane: Lane
    marks: tuple[Mark, ...]
    waits: tuple[Wait, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All steps in order; ``rows`` and ``ticks`` are empty where not every step has a time.

    ``ticks`` pairs the place (percent) of a tick with its seconds.
    """

    steps: tuple[Step, ...]
    begins: str | None
    seconds: float
    rows: tuple[Row, ...] = ()
    ticks: tuple[tuple[float, float], ...] = ()

    @property
    def said(self) -> str:
        """The drawing in a sentence, for those who do not see it."""
        lanes = "; ".join(
            f"{row.lane.value}: step " + ", ".join(mark.label for mark in row.marks)
            for row in self.rows
            if row.marks
        )
        return f"{len(self.steps)} steps over {self.seconds:.3f} s, listed below. {lanes}"


def timeline(attempt: Diagnosis) -> Timeline:
    """Return the course of an attempt on a scale that ends with its last moment."""
    proves = attempt.outcome is not Outcome.ACCEPTED
    proof = set(attempt.causes[0].evidence) if proves else set()
    times = [datetime.fromisoformat(one.at) if one.at else None for one in attempt.course]
    known = [at for at in times if at is not None]
    first = known[0] if known else None
    steps = tuple(
        Step(
            number,
            (at - first).total_seconds() if at is not None and first is not None else None,
            moment,
            moment.evidence in proof,
        )
        for number, (moment, at) in enumerate(zip(attempt.course, times, strict=True), 1)
    )
    begins = attempt.course[0].at if attempt.course else None
    whole = max((step.seconds for step in steps if step.seconds is not None), default=0.0)
    if not steps or len(known) < len(steps) or whole <= 0:
        return Timeline(steps, begins, whole)
    rows = tuple(
        Row(lane, tuple(_marks(steps, lane, whole)), tuple(_waits(steps, lane, whole)))
        for lane in Lane
    )
    return Timeline(steps, begins, whole, rows, tuple(_ticks(whole)))


def _marks(steps: Sequence[Step], lane: Lane, whole: float) -> Iterator[Mark]:
    held: Mark | None = None
    for step in steps:
        if step.moment.lane is not lane:
            continue
        left = round((step.seconds or 0.0) / whole * 100, 2)
        if held is not None and left - held.left < held.room:
            numbers = (*held.numbers, step.number)
            held = Mark(held.left, numbers, held.failing or step.failing)
            continue
        if held is not None:
            yield held
        held = Mark(left, (step.number,), step.failing)
    if held is not None:
        yield held


def _waits(steps: Sequence[Step], lane: Lane, whole: float) -> Iterator[Wait]:
    if lane is not Lane.SERVER:
        return
    asked: float | None = None
    for step in steps:
        if step.moment.lane is not lane or step.seconds is None:
            continue
        if step.moment.words.endswith(" asked"):
            asked = step.seconds if asked is None else asked
        elif asked is not None:
            seconds = step.seconds - asked
            yield Wait(asked / whole * 100, seconds / whole * 100, seconds)
            asked = None


def _ticks(whole: float) -> Iterator[tuple[float, float]]:
    """Yield ticks at round seconds, a few of them."""
    least = whole / _TICKS
    size = 10.0 ** (len(str(int(least))) - 1) if least >= 1 else 1.0
    while size > least:
        size /= 10
    size = next((size * step for step in _STEPS if size * step >= least), size * 10)
    at = 0.0
    while at <= whole:
        yield round(at / whole * 100, 2), round(at, 6)
        at += size
