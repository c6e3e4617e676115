"""The figures of many incidents: how long each step took, against what was promised."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from headend.incident.record import unix_time
from headend.incident.summary import IncidentSummary

# What an engineer needed to the first useful action without this tool, and may need with it.
FIRST_ACTION_BEFORE, FIRST_ACTION_TARGET = 1800.0, 300.0
UNSEEN = "unseen"
VERB = "investigate"
_HIGH = 0.9


@dataclass(frozen=True, slots=True)
class Case:
    """One investigation; times are in seconds from its opening, ``None`` where not reached."""

    id: str
    opened: datetime
    user: str | None
    headend: str | None
    server: str | None
    outcome: str | None
    cause: str | None
    open: bool
    first_action: float | None
    diagnosis: float | None
    repair: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """Times in seconds of ``count`` cases; ``within`` is how many met the target.

    ``high`` is the 90th percentile by nearest rank: a time that was measured, and that nine of
    ten cases did not exceed.
    """

    count: int
    median: float | None
    high: float | None
    mean: float | None
    target: float | None
    within: int | None


@dataclass(frozen=True, slots=True)
class Period:
    """The cases that were opened in the week that begins on ``start``."""

    start: date
    opened: int
    first_action: Spread
    diagnosis: Spread
    repair: Spread


@dataclass(frozen=True, slots=True)
class Kpi:
    """All figures; the counts are ranked, the most frequent first."""

    cases: tuple[Case, ...]
    open: int
    baseline: float
    first_action: Spread
    diagnosis: Spread
    repair: Spread
    periods: tuple[Period, ...]
    causes: tuple[tuple[str, int], ...]
    headends: tuple[tuple[str, int], ...]
    servers: tuple[tuple[str, int], ...]
    damaged: int


def figures(
    summaries: Iterable[IncidentSummary],
    baseline: float,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Kpi:
    """Return the figures of the investigations opened from ``since`` to before ``until``.

    ``baseline`` is the mean time to repair before, in seconds: half of it is the target. Captures
    that only prove a change, and changes without a login, are no investigations.
    """
    known = list(summaries)
    cases = [case_of(each) for each in known if not each.damaged and each.verb == VERB]
    chosen = sorted(
        (
            case
            for case in cases
            if (since is None or case.opened >= since) and (until is None or case.opened < until)
        ),
        key=lambda case: (case.opened, case.id),
    )
    return Kpi(
        cases=tuple(chosen),
        open=sum(case.open for case in chosen),
        baseline=baseline,
        **_spreads(chosen, baseline),
        periods=tuple(_periods(chosen, baseline)),
        causes=_ranked(chosen, lambda case: case.cause),
        headends=_ranked(chosen, lambda case: case.headend),
        servers=_ranked(chosen, lambda case: case.server),
        damaged=sum(each.damaged for each in known),
    )


def case_of(summary: IncidentSummary) -> Case:
    """Return the times of one incident; a repair is proved (``verified``), or else closed."""
    at = {name: unix_time(text) for name, text in summary.milestones.items()}
    opened = at.get("opened", min(at.values()))

    def after(*milestones: str) -> float | None:
        reached = next((at[name] for name in milestones if name in at), None)
        # A clock that was set back meanwhile measures nothing.
        return None if reached is None or reached < opened else round(reached - opened, 3)

    first = summary.first_action
    return Case(
        id=summary.id,
        opened=datetime.fromtimestamp(opened, UTC),
        user=summary.user,
        headend=summary.headend,
        server=summary.server,
        outcome=summary.outcome,
        cause=summary.cause,
        open=summary.open,
        first_action=after("armed") if first is None else first,
        diagnosis=after("diagnosed"),
        repair=after("verified", "closed"),
    )


def spread(values: Iterable[float | None], target: float | None = None) -> Spread:
    """Return the spread of the values that there are."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return Spread(0, None, None, None, target, None if target is None else 0)
    return Spread(
        count=len(known),
        median=round(statistics.median(known), 3),
        high=known[math.ceil(_HIGH * len(known)) - 1],
        mean=round(statistics.fmean(known), 3),
        target=target,
        within=None if target is None else sum(value <= target for value in known),
    )


def _spreads(cases: Sequence[Case], baseline: float) -> dict[str, Spread]:
    return {
        "first_action": spread((case.first_action for case in cases), FIRST_ACTION_TARGET),
        "diagnosis": spread(case.diagnosis for case in cases),
        "repair": spread((case.repair for case in cases), baseline / 2),
    }


def _periods(cases: Sequence[Case], baseline: float) -> Iterable[Period]:
    """Yield every week from the first case's to the last's, those without a case too."""
    if not cases:
        return
    weeks: dict[date, list[Case]] = {}
    for case in cases:
        weeks.setdefault(_monday(case), []).append(case)
    start, last = min(weeks), max(weeks)
    while start <= last:
        here = weeks.get(start, [])
        yield Period(start, len(here), **_spreads(here, baseline))
        start += timedelta(weeks=1)


def _monday(case: Case) -> date:
    day = case.opened.date()
    return day - timedelta(days=day.weekday())


def _ranked(
    cases: Sequence[Case], name: Callable[[Case], str | None]
) -> tuple[tuple[str, int], ...]:
    counted = Counter(name(case) or UNSEEN for case in cases)
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
