"""Whether a line that names no login was said about the time of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis.attempt import when
from headend.diagnosis.roster import host_of
from headend.parse.stamp import has_year

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.model.event import Event

# A login is over in two minutes.
SECONDS = 120


def near(attempt: Attempt, event: Event, seconds: int = SECONDS) -> bool:
    """Return whether time and headend of ``event`` can be those of ``attempt``.

    What has no time or names no headend can be.
    """
    host = host_of(event)
    if host and attempt.host and host != attempt.host:
        return False
    return apart(attempt, event) <= seconds


def apart(attempt: Attempt, event: Event) -> float:
    """Return the seconds between an event and the attempt, 0 where one of them has no time."""
    then, now = attempt.moment(), when(event)
    if then is None or now is None:
        return 0
    if has_year(then) != has_year(now):
        then, now = then.replace(year=1904), now.replace(year=1904)
    return abs((now - then).total_seconds())
