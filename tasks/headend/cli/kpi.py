"""``headend kpi``: how fast logins are diagnosed and repaired, against what was promised."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headend.cli import options
from headend.config import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from headend.incident.kpi import Kpi, Spread

_RANKED = 8
_WEEKS = 12


def kpi(
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Opened since: 2026-11-01, or 30d")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="WHEN", help="Opened before")] = None,
    baseline: Annotated[
        str,
        typer.Option(
            "--baseline-mttr", metavar="SPAN", help="Your mean time to repair before; half is meant"
        ),
    ] = "4h",
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with charts there")
    ] = None,
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV, a line an incident")] = False,
    as_json: options.Json = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the index anew")] = False,
    incidents: options.Incidents = None,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Show the times to first action, diagnosis and repair, and the causes by count."""
    from headend.cli.spans import moment, span
    from headend.errors import HeadendError, InputError
    from headend.incident import IncidentStore
    from headend.incident.kpi import figures
    from headend.incident.kpi_forms import csv_text, json_document, page
    from headend.incident.private import write_atomic

    now = datetime.now(UTC)
    begin, end = moment(since, "--since", now), moment(until, "--until", now)
    if begin and end and begin >= end:
        raise InputError("--since is not before --until")
    store = IncidentStore(Settings.resolve(incidents=incidents).incidents)
    if rebuild:
        store.rebuild()
    before = span(baseline, "--baseline-mttr").total_seconds()
    found = figures(store.list(), before, begin, end)
    named = [when.isoformat(timespec="seconds") if when else None for when in (begin, end)]
    if chart is not None:
        words = f"{f'since {named[0]}' if begin else 'all'}{f', until {named[1]}' if end else ''}"
        try:
            write_atomic(chart, page(found, words).encode("utf-8", "backslashreplace"))
        except HeadendError as error:
            raise InputError(error.message, remedy="Name another file with --chart") from error
    if as_json:
        options.print_json(json_document(found, *named))
    elif as_csv:
        sys.stdout.buffer.write(csv_text(found).encode())
    else:
        _print(found, options.console())
        if chart is not None:
            typer.echo(f"Charts: {chart}")


def _print(found: Kpi, console: Console) -> None:
    from headend.cli.layout import counted, print_columns, print_line, styled
    from headend.incident.kpi import FIRST_ACTION_BEFORE
    from headend.incident.kpi_forms import duration

    print_line(
        console,
        f"{counted(len(found.cases), 'incident')} investigated, {found.open} still open",
        style="bold",
    )
    if found.damaged:
        print_line(console, f"Left out: {counted(found.damaged, 'damaged record')}", style="yellow")
    console.print()
    rows: list[tuple[str, ...]] = [("", "cases", "median", "90 %", "mean", "before", "target, met")]
    befores = (FIRST_ACTION_BEFORE, None, found.baseline)
    spreads = (found.first_action, found.diagnosis, found.repair)
    names = ("first action", "diagnosis", "repair")
    for name, one, before in zip(names, spreads, befores, strict=True):
        times = (one.median, one.high, one.mean, before)
        rows.append((name, str(one.count), *map(duration, times), _target(one)))
    _table(console, rows)
    weeks = found.periods[-_WEEKS:]
    if len(weeks) > 1:
        rows = [("week of", "opened", "first action", "diagnosis", "repair", "repaired")]
        for week in weeks:
            medians = (week.first_action.median, week.diagnosis.median, week.repair.median)
            named = (week.start.isoformat(), str(week.opened))
            rows.append((*named, *map(duration, medians), str(week.repair.count)))
        _table(console, rows)
    for title, counts in (
        ("causes", found.causes),
        ("headends", found.headends),
        ("servers", found.servers),
    ):
        if not counts:
            continue
        shown = [("count", title), *((str(count), name) for name, count in counts[:_RANKED])]
        cells = [(styled(one.rjust(6)), styled(two)) for one, two in shown]
        print_columns(console, cells, indent=2)
        left = counts[_RANKED:]
        if left:
            rest = sum(count for _, count in left)
            print_line(console, f"and {len(left)} more, with {rest}", indent=10, style="dim")
        console.print()


def _table(console: Console, rows: list[tuple[str, ...]]) -> None:
    from headend.cli.layout import print_columns, styled

    head, *body = rows
    cells = [tuple(styled(each, "dim") for each in head)]
    print_columns(console, [*cells, *(tuple(map(styled, row)) for row in body)], indent=2)
    console.print()


def _target(one: Spread) -> str:
    from headend.incident.kpi_forms import duration

    if one.target is None:
        return "-"
    if not one.count:
        return duration(one.target)
    # Rounded down: 100 % are all.
    return f"{duration(one.target)}: {100 * (one.within or 0) // one.count} %"
