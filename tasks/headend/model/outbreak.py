"""Whether one reason meets more than one person, and when servers were silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from headend.model.diagnosis import Cause


@dataclass(frozen=True, slots=True)
class Ticket:
    """The reason that is asked about, and whose login it was, when and through which group.

    ``None`` is what is not known; ``at`` counts seconds since 1970.
    """

    cause: Cause | None = None
    user: str | None = None
    at: int | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """Failures an hour: in the last hour that the logs tell of, and on average before it."""

    now: float
    before: float | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """Something beside the logged failures, and whether it supports the verdict.

    ``None``: it only makes the verdict less sure.
    """

    supports: bool | None
    said: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether others fail for one reason: ``kind`` is ``outage | several | alone | nobody``.

    It tells of the failures in one ``span``, in words. ``users`` counts them, ``about`` it where a
    bound of memory was reached; ``names`` are those that were kept. ``over``: the server answered
    afterwards, or the logs go on for a day without a failure. ``accepted`` is how many logins the
    server let in meanwhile, by headend.
    """

    kind: str
    cause: Cause | None
    span: str
    server: str | None = None
    users: int = 0
    about: bool = False
    names: tuple[str, ...] = ()
    failures: int = 0
    hidden: int = 0
    headends: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    over: bool = False
    rate: Rate | None = None
    accepted: tuple[tuple[str, int], ...] = ()
    weighed: tuple[Weighed, ...] = ()


@dataclass(frozen=True, slots=True)
class Outage:
    """When a server was silent for several people of some headends, as in a ``Verdict``."""

    cause: Cause
    server: str
    headends: tuple[str, ...]
    first: datetime | None
    last: datetime | None
    users: int
    about: bool
    failures: int
    over: bool
