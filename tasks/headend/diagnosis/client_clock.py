"""How far a client's clock is from the headend's, told by the logins that both saw."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from headend.diagnosis.attempt import when
from headend.diagnosis.client_words import CLIENT
from headend.model.diagnosis import ClientClock
from headend.parse.stamp import has_year

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headend.diagnosis.attempt import Attempt
    from headend.model.event import Event

# Both ends of one login: the client shows the result within seconds.
_TOGETHER = 20
# A clock that follows a time server is not further off than this; the rest is its time zone.
_DRIFT = 120
# Zones lie half an hour apart, and a few a quarter: a try that fits one by chance is rarer so.
_ZONE = 1800
_FURTHEST_ZONE = 14 * 3600
_MOST = 64


class Seen(NamedTuple):
    """A login as one side saw it: when it ended, and whether it ended well."""

    at: datetime
    accepted: bool


def client_clock(tries: Sequence[Seen], logins: Sequence[Seen]) -> ClientClock | None:
    """Return by how much the client's clock is ahead; ``None`` where that cannot be told.

    The right difference puts most tries beside logins that ended alike. Where several do, the
    clocks agree, or differ by a time zone; where more than one such is left, nothing is claimed.
    """
    counted: dict[float, int] = {}
    for one in tries[-_MOST:]:
        for login in logins[:_MOST]:
            if one.accepted is login.accepted:
                seconds = _apart(one.at, login.at)
                counted[seconds] = _matched(tries[-_MOST:], logins[:_MOST], seconds)
    if not counted:
        return None
    most = max(counted.values())
    likely = [seconds for seconds, count in counted.items() if count == most]
    for found in (
        [each for each in likely if abs(each) <= _DRIFT],
        [each for each in likely if _is_zone(each)],
        likely,
    ):
        if found and max(found) - min(found) <= _TOGETHER:
            return _told(min(found, key=abs), most)
        if found:
            return None
    return None


def seen_by_headend(attempt: Attempt) -> datetime | None:
    """Return when the headend's last line of an attempt came, or was stamped."""
    for entry in reversed(attempt.entries):
        event = entry.event
        if event.facility == CLIENT:
            continue
        if event.line.received is not None:
            return datetime.fromtimestamp(event.line.received, UTC)
        found = when(event)
        if found is not None:
            return found
    return None


def fits(clock: ClientClock, told: Event, attempt: Attempt) -> bool:
    """Return whether a client's message and a login's end are of one time."""
    now, then = when(told), seen_by_headend(attempt)
    if now is None or then is None:
        return False
    return abs(_apart(now, then) - clock.seconds) <= _TOGETHER


def _matched(tries: Sequence[Seen], logins: Sequence[Seen], seconds: float) -> int:
    """Return how many logins have a try beside them, the client's clock being ahead so much."""
    return sum(
        any(
            one.accepted is login.accepted and abs(_apart(one.at, login.at) - seconds) <= _TOGETHER
            for one in tries
        )
        for login in logins
    )


def _apart(one: datetime, other: datetime) -> float:
    if has_year(one) != has_year(other):
        one, other = one.replace(year=1904), other.replace(year=1904)
    return (one - other).total_seconds()


def _is_zone(seconds: float) -> bool:
    off = abs(seconds) % _ZONE
    return abs(seconds) <= _FURTHEST_ZONE and min(off, _ZONE - off) <= _DRIFT


def _told(seconds: float, logins: int) -> ClientClock:
    seconds = round(seconds, 3)
    way = "ahead of" if seconds > 0 else "behind"
    by = f"{abs(seconds):.0f} s {way}" if abs(seconds) >= 1 else "the same as"
    zone = (
        ", which is its time zone as a rule" if _is_zone(seconds) and abs(seconds) > _DRIFT else ""
    )
    times = "login" if logins == 1 else "logins"
    said = (
        f"The client's clock is {by} the headend's{zone} (estimated from {logins} {times} that "
        "both saw); the times here are the headend's."
    )
    return ClientClock(seconds, said)
