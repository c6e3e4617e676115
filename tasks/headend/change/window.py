"""A change window in the site's own time, and the days on which nothing is changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from headend.errors import InputError
from headend.model.change import Target

_FORM = "2026-11-26T22:00/2026-11-26T23:30 Europe/Berlin"
_TEXT = re.compile(r"(\S+?)/(\S+?)(?: ([\w+/-]{1,40}))?", re.ASCII)
_LONGEST = timedelta(days=7)
# What a headend takes to be logged in to, read and read back, and to take one line.
_READING, _A_LINE = timedelta(seconds=20), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` to ``end``, both with their zone; ``text`` is what was given."""

    start: datetime
    end: datetime
    text: str

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read ``START/END [ZONE]``; a time without offset needs the zone.

        Raises ``InputError``.
        """
        try:
            start, end = span(text.strip())
            if end - start > _LONGEST:
                raise ValueError(f"it is longer than {_LONGEST.days} days")  # noqa: TRY301
        except (ValueError, ZoneInfoNotFoundError) as error:
            raise InputError(
                f"{text[:100]!r} is no change window: {error}", remedy=f"Write {_FORM}"
            ) from None
        return cls(start, end, text.strip())

    def refusal(self, now: datetime, needed: timedelta) -> str:
        """Return why nothing may begin at ``now`` that takes ``needed``; empty where it may."""
        if now < self.start:
            return f"the window opens at {self.start.isoformat()}, and it is {_local(now, self)}"
        if now >= self.end:
            return f"the window closed at {self.end.isoformat()}, and it is {_local(now, self)}"
        if now + needed > self.end:
            left = int((self.end - now).total_seconds())
            wanted = int(needed.total_seconds())
            return f"{left} s of it are left, and the change with its way back takes {wanted} s"
        return ""


@dataclass(frozen=True, slots=True)
class Freeze:
    """Days on which nothing is changed, and why."""

    start: datetime
    end: datetime
    why: str


def time_needed(targets: Sequence[Target], workers: int) -> timedelta:
    """Return how long ``targets`` with their way back take at most.

    The first headend goes alone; of the others each of ``workers`` takes one after another, and
    the longest ones may meet in one wave after the other.
    """
    first, *others = [
        _READING + (len(target.lines) + len(target.inverse)) * _A_LINE for target in targets
    ]
    longest = sorted(others, reverse=True)
    return sum(longest[:: max(workers, 1)], first)


def frozen(freezes: Iterable[Freeze], now: datetime, needed: timedelta) -> str:
    """Return why nothing may begin at ``now`` that takes ``needed``; empty where it may."""
    for freeze in freezes:
        if freeze.start < now + needed and now < freeze.end:
            begins, ends = freeze.start.isoformat(), freeze.end.isoformat()
            return f"{freeze.why}: changes are frozen from {begins} until {ends}"
    return ""


def span(text: str) -> tuple[datetime, datetime]:
    """Return from when to when ``START/END [ZONE]`` goes; raises ``ValueError``."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError("it is not START/END ZONE")
    zone = ZoneInfo(found[3]) if found[3] else None
    start, end = (_moment(found[place], zone) for place in (1, 2))
    if not start < end:
        raise ValueError("it ends before it starts")
    return start, end


def _moment(text: str, zone: ZoneInfo | None) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        if zone is None:
            raise ValueError(f"{text} has no time zone")
        moment = moment.replace(tzinfo=zone)
    return moment


def _local(now: datetime, window: Window) -> str:
    return now.astimezone(window.start.tzinfo).isoformat(timespec="seconds")
