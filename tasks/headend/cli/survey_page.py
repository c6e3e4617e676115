"""A survey on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from headend.cli.layout import counted, print_columns, print_line, styled

if TYPE_CHECKING:
    from rich.console import Console

    from headend.model.outbreak import Outage, Verdict
    from headend.workflow.surveying import Asked, Surveyed

_STYLES = {"outage": "bold red", "several": "bold yellow"}
_NAMES = 12
_OUTAGES = 8
_WEIGHED = {
    True: ("supports", "green"),
    False: ("against", "bold yellow"),
    None: ("unsure", "yellow"),
}


def render(found: Surveyed, console: Console) -> None:
    """Print the sentence first, then what it rests on, then what else was seen."""
    verdict = found.verdict
    print_line(console, found.sentence, style=_STYLES.get(verdict.kind, "bold green"))
    console.print()
    rows = [
        *_who(verdict),
        *((*_WEIGHED[one.supports], one.said) for one in verdict.weighed),
        *_outages(found),
        *(
            ("also", "", f"{cause}: {counted(count, 'failure')}, {counted(users, 'user')}")
            for cause, count, users in found.causes
            if cause is not verdict.cause
        ),
        *(("read", "", _asked(each)) for each in found.asked),
        *(("read", "", f"{name}: {counted(lines, 'line')}") for name, lines in found.read),
        *(("less exact", "yellow", doubt) for doubt in found.doubts),
    ]
    shown = ""
    cells = []
    for label, style, words in rows:
        cells.append((styled("" if label == shown else label, "dim"), styled(words, style)))
        shown = label
    print_columns(console, cells, indent=2)


def _who(verdict: Verdict) -> Iterator[tuple[str, str, str]]:
    if not verdict.failures:
        return
    names = ", ".join(verdict.names[:_NAMES])
    more = verdict.users - min(len(verdict.names), _NAMES)
    if names:
        yield "who", "", f"{names} and {more:,} more" if more > 0 else names
    yield "failures", "", _failures(verdict)
    yield "headends", "", ", ".join(verdict.headends)
    if verdict.first and verdict.last:
        yield "time", "", _times(verdict.first, verdict.last)
    for headend, count in verdict.accepted:
        yield (
            "accepted",
            "",
            f"{counted(count, 'login')} by {verdict.server} on {headend} meanwhile",
        )


def _failures(verdict: Verdict) -> str:
    rate = verdict.rate
    if rate is None:
        return f"{verdict.failures:,}"
    before = "" if rate.before is None else f", {rate.before:,g} an hour before"
    return f"{verdict.failures:,}: {rate.now:,g} in the last hour{before}"


def _outages(found: Surveyed) -> Iterator[tuple[str, str, str]]:
    for one in found.outages[:_OUTAGES]:
        yield "outages", "", _outage(one)
    if len(found.outages) > _OUTAGES:
        yield "outages", "dim", f"and {len(found.outages) - _OUTAGES:,} more before: --json"


def _outage(one: Outage) -> str:
    times = _times(one.first, one.last) if one.first and one.last else "without a time"
    about = "about " if one.about else ""
    return (
        f"{times}: {one.server} ({one.cause}), {about}{counted(one.users, 'user')} on "
        f"{counted(len(one.headends), 'headend')}"
    )


def _asked(each: Asked) -> str:
    if each.error or each.standing is None:
        return f"{each.headend}: {each.error}"
    sessions = sum(each.standing.sessions.values())
    down = [one for one in each.standing.servers if not one.active]
    told = f"{each.headend}: {counted(each.lines, 'line')} of show logging, "
    told += f"{counted(sessions, 'session')} now"
    return told + "".join(f", {one.address} is {one.state}" for one in down)


def _times(first: datetime, last: datetime) -> str:
    until = "%H:%M:%S" if first.date() == last.date() else "%Y-%m-%d %H:%M:%S"
    return f"{first:%Y-%m-%d %H:%M:%S} to {last.strftime(until)}"
