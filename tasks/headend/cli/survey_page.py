"""A survey on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
        *_next(found),
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
    if verdict.names:
        yield "who", "", _first(verdict.names, verdict.users)
    yield "failures", "", _failures(verdict)
    yield "headends", "", _first(verdict.headends, len(verdict.headends))
    if verdict.first and verdict.last:
        yield "time", "", _times(verdict.first, verdict.last)
    for headend, count in verdict.accepted:
        yield (
            "accepted",
            "",
            f"{counted(count, 'login')} by {verdict.server} on {headend} meanwhile",
        )


def _next(found: Surveyed) -> Iterator[tuple[str, str, str]]:
    kind, user = found.verdict.kind, found.ticket.user
    if kind == "outage" and not found.verdict.over:
        yield "next", "", "headend servers --test GROUP/HOST: does it answer the headends now?"
    elif kind == "alone":
        yield (
            "next",
            "",
            f"headend account {user or 'USER'}: what the directory says of the account",
        )


def _first(names: Sequence[str], count: int) -> str:
    more = count - min(len(names), _NAMES)
    told = ", ".join(names[:_NAMES])
    return f"{told} and {more:,} more" if more > 0 else told


def _failures(verdict: Verdict) -> str:
    least = "about " if verdict.about else ""
    rate = verdict.rate
    if rate is None:
        return f"{least}{verdict.failures:,}"
    before = "" if rate.before is None else f", {rate.before:,g} an hour before"
    return f"{least}{verdict.failures:,}: {rate.now:,g} in the last hour{before}"


def _outages(found: Surveyed) -> Iterator[tuple[str, str, str]]:
    told = found.verdict
    own = (told.cause, told.server, told.first)
    others = [one for one in found.outages if (one.cause, one.server, one.first) != own]
    for one in others[:_OUTAGES]:
        yield "outages", "", _outage(one)
    if len(others) > _OUTAGES:
        yield "outages", "dim", f"and {len(others) - _OUTAGES:,} more before: --json"


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
