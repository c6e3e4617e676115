"""The figures as JSON, as CSV for a spreadsheet, and as a page with charts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from headend.incident.kpi import FIRST_ACTION_BEFORE, Case, Kpi, Period
from headend.incident.markup import environment
from headend.model.line import visible

_COLUMNS = (
    "id", "opened", "user", "headend", "server", "outcome", "cause", "open",
    "seconds_to_first_action", "seconds_to_diagnosis", "seconds_to_repair",
)  # fmt: skip
# A cell that begins so is a formula to a spreadsheet; a quote in front makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001 - wide signs
_BARS = 10
# The last year by weeks is what a chart of this width can show.
_WEEKS = 53
_LABELS, _LABEL = 9, 36
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 720, 220, 64, 16, 34


def json_document(kpi: Kpi, since: str | None, until: str | None) -> dict[str, Any]:
    """Return the document ``headend.kpi/1``; all times are in seconds."""
    return {
        "schema": "headend.kpi/1",
        "since": since,
        "until": until,
        "baseline": {
            "seconds_to_first_action": FIRST_ACTION_BEFORE,
            "seconds_to_repair": kpi.baseline,
        },
        "incidents": len(kpi.cases),
        "open": kpi.open,
        "damaged": kpi.damaged,
        "first_action": asdict(kpi.first_action),
        "diagnosis": asdict(kpi.diagnosis),
        "repair": asdict(kpi.repair),
        "weeks": [{**asdict(period), "start": period.start.isoformat()} for period in kpi.periods],
        "causes": dict(kpi.causes),
        "headends": dict(kpi.headends),
        "servers": dict(kpi.servers),
        "cases": [dict(zip(_COLUMNS, _row(case), strict=True)) for case in kpi.cases],
    }


def csv_text(kpi: Kpi) -> str:
    """Return one line an incident; no received text is a formula or a second line."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for case in kpi.cases:
        writer.writerow([_cell(value) for value in _row(case)])
    return text.getvalue()


def _row(case: Case) -> tuple[Any, ...]:
    return (
        case.id, case.opened.isoformat(timespec="milliseconds"), case.user, case.headend,
        case.server, case.outcome, case.cause, case.open, case.first_action, case.diagnosis,
        case.repair,
    )  # fmt: skip


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = visible(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


@dataclass(frozen=True, slots=True)
class Column:
    """One week of a chart: where it stands, and how far up median and 90th percentile reach."""

    x: float
    width: float
    label: str
    title: str
    median: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart to scale in units of its ``viewBox``; ``target`` is the height of the line."""

    title: str
    said: str
    columns: tuple[Column, ...]
    ticks: tuple[tuple[float, str], ...]
    target: float | None
    target_words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a ranking: its name, its count, and its length in percent."""

    name: str
    count: int
    percent: float


def page(kpi: Kpi, span: str) -> str:
    """Return the figures as one HTML page without script or outside parts."""
    templates = environment(html=True)
    templates.filters["seconds"] = duration
    rankings = (("Causes", kpi.causes), ("Headends", kpi.headends), ("AAA servers", kpi.servers))
    return templates.get_template("kpi.html.j2").render(
        kpi=kpi,
        span=span,
        charts=tuple(_charts(kpi)),
        rankings=[(title, _bars(counts), counts[_BARS:]) for title, counts in rankings],
        before=FIRST_ACTION_BEFORE,
        box=(_WIDTH, _HEIGHT, _LEFT, _HEIGHT - _BOTTOM),
    )


def duration(seconds: float | None) -> str:
    """Return a time in the unit that people would say it in: ``4.2 s``, ``12 min``, ``3.5 h``."""
    if seconds is None:
        return "-"
    for least, unit in ((172800, "d"), (7200, "h"), (120, "min")):
        if seconds >= least:
            size = {"d": 86400, "h": 3600, "min": 60}[unit]
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s"


def _bars(counts: tuple[tuple[str, int], ...]) -> list[Bar]:
    most = counts[0][1] if counts else 1
    return [Bar(name, count, round(100 * count / most, 1)) for name, count in counts[:_BARS]]


def _charts(kpi: Kpi) -> Iterator[Chart]:
    for title, name in (
        ("Time to first action", "first_action"),
        ("Time to diagnosis", "diagnosis"),
        ("Time to repair", "repair"),
    ):
        whole = getattr(kpi, name)
        chart = _chart(title, name, kpi.periods[-_WEEKS:], whole.target)
        if chart is not None:
            yield chart


def _chart(
    title: str, name: str, periods: tuple[Period, ...], target: float | None
) -> Chart | None:
    spreads = [(period, getattr(period, name)) for period in periods]
    measured = [one.high for _, one in spreads if one.high is not None]
    if not measured:
        return None
    top = max([*measured, target or 0.0]) or 1.0
    base, room = _HEIGHT - _BOTTOM, _HEIGHT - _BOTTOM - _TOP

    def height(value: float | None) -> float | None:
        return None if value is None else round(base - room * value / top, 1)

    step = (_WIDTH - _LEFT) / len(spreads)
    every = -(-len(spreads) // _LABELS)
    columns = tuple(
        Column(
            x=round(_LEFT + place * step + step * 0.15, 1),
            width=round(min(step * 0.7, 48), 1),
            # The last weeks have no room for a label before the edge.
            label=f"{period.start:%d %b}"
            if place % every == 0 and (len(spreads) - place) * step >= _LABEL
            else "",
            title=(
                f"Week of {period.start}: {one.count} measured, "
                f"median {duration(one.median)}, 90th percentile {duration(one.high)}"
            ),
            median=height(one.median),
            high=height(one.high),
        )
        for place, (period, one) in enumerate(spreads)
    )
    ticks = tuple(
        (round(base - room * part, 1), duration(top * part)) for part in (0, 0.25, 0.5, 0.75, 1)
    )
    return Chart(
        title=title,
        said=f"{title} by week, {periods[0].start} to {periods[-1].start}",
        columns=columns,
        ticks=ticks,
        target=height(target),
        target_words=f"target {duration(target)}" if target else "",
    )
