"""Who fails for one reason, where and since when, counted as the diagnoses come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from headend.model.diagnosis import Cause, Diagnosis, Outcome
from headend.model.user import bare_name

# Above these an archive no longer costs memory; what is beyond is counted, not kept.
USERS = 10_000
_GROUPS = 1_000
_HOURS = 24 * 31
_TWO = 2


@dataclass(slots=True)
class Failures:
    """Failed logins of one cause at one server; ``hidden`` ones name nobody (``*****``)."""

    cause: Cause
    server: str | None
    count: int = 0
    hidden: int = 0
    users: set[str] = field(default_factory=set)
    more_users: bool = False
    headends: set[str] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None
    hours: dict[datetime, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rate:
    """Failures an hour: in the last hour that the logs tell of, and on average before it."""

    now: float
    before: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether others fail for one reason: ``kind`` is ``outage | several | alone | nobody``."""

    kind: str
    sentence: str
    cause: Cause | None
    server: str | None
    users: tuple[str, ...]
    failures: int
    hidden: int
    headends: tuple[str, ...]
    first: datetime | None
    last: datetime | None
    rate: Rate | None
    accepted: int


class Outbreak:
    """Counts diagnoses by cause and server; memory is bounded whatever comes."""

    def __init__(self) -> None:
        self.attempts = 0
        self.begin: datetime | None = None
        self.end: datetime | None = None
        self._failures: dict[tuple[Cause, str | None], Failures] = {}
        self._accepted: dict[tuple[str | None, datetime | None], int] = {}

    def add(self, diagnosis: Diagnosis) -> None:
        """Count one login that no line can change any more."""
        if diagnosis.admin_login:
            return
        self.attempts += 1
        moment = _moment(diagnosis.started or diagnosis.ended)
        if moment:
            self.begin = min(self.begin or moment, moment)
            self.end = max(self.end or moment, moment)
        hour = moment.replace(minute=0, second=0, microsecond=0) if moment else None
        if diagnosis.outcome is Outcome.ACCEPTED:
            key = (diagnosis.server, hour)
            if key in self._accepted or len(self._accepted) < _GROUPS * 24:
                self._accepted[key] = self._accepted.get(key, 0) + 1
            return
        cause = diagnosis.causes[0].cause
        place = (cause, diagnosis.server)
        if place not in self._failures and len(self._failures) >= _GROUPS:
            place = (cause, None)
        _count(self._failures.setdefault(place, Failures(*place)), diagnosis, moment, hour)

    def causes(self) -> list[tuple[Cause, int, int]]:
        """Return each cause with its failures and its distinct users, the widest first."""
        found = {}
        for cause in {each.cause for each in self._failures.values()}:
            mine = self._of(cause)
            users = set[str]().union(*(each.users for each in mine))
            found[cause] = (sum(each.count for each in mine), len(users))
        ranked = sorted(found.items(), key=lambda one: (-one[1][1], -one[1][0], one[0]))
        return [(cause, count, users) for cause, (count, users) in ranked]

    def verdict(self, cause: Cause | None = None, user: str | None = None) -> Verdict:
        """Return who else fails for ``cause`` (the widest one if ``None``) beside ``user``."""
        if cause is None:
            cause = next((one for one, _, _ in self.causes() if one is not Cause.NONE), None)
        mine = self._of(cause) if cause else []
        whole = _together(mine)
        others = {one for one in whole.users if not user or one != bare_name(user)}
        worst = max(mine, key=lambda each: (len(each.users), each.count), default=None)
        server = worst.server if worst and worst.count * 2 > whole.count else None
        accepted = self._accepted_at(server, whole.first) if server else 0
        dead = bool(server) and not accepted and len(whole.users) >= _TWO
        if not whole.count or (user and not others and not whole.hidden):
            kind = "alone" if user else "nobody"
        elif dead and cause in _OF_SERVERS:
            kind = "outage"
        else:
            kind = "several" if len(whole.users) > 1 or whole.hidden else "alone"
        return Verdict(
            kind, self._sentence(kind, whole, server, accepted, cause), cause, server,
            tuple(sorted(whole.users)), whole.count, whole.hidden, tuple(sorted(whole.headends)),
            whole.first, whole.last, self._rate(whole), accepted,
        )  # fmt: skip

    def _sentence(
        self, kind: str, whole: Failures, server: str | None, accepted: int, cause: Cause | None
    ) -> str:
        back = f"in the {_span(self.begin, self.end)} that the logs go back"
        if kind == "nobody":
            return f"Nobody failed{f' for {cause}' if cause else ''} {back}"
        if kind == "alone":
            return f"Nobody else failed for this reason ({cause}) {back}: it is this user's alone"
        users = f"{'more than ' if whole.more_users else ''}{_number(len(whole.users), 'user')}"
        if whole.hidden:
            users += f" and {_number(whole.hidden, 'login')} of hidden names"
        where = f" on {_number(len(whole.headends), 'headend')}"
        at = f" at server {server}" if server else ""
        since = f" since {whole.first:%Y-%m-%d %H:%M}" if whole.first else ""
        said = f"{users}{where} {'fails' if len(whole.users) == 1 else 'fail'}{at}{since} ({cause})"
        if kind == "outage":
            return f"{said}: an outage of that server"
        if accepted:
            return f"{said}; it accepted {_number(accepted, 'login')} meanwhile, so it is not down"
        return said

    def _of(self, cause: Cause) -> list[Failures]:
        return [each for each in self._failures.values() if each.cause is cause]

    def _accepted_at(self, server: str, first: datetime | None) -> int:
        since = first.replace(minute=0, second=0, microsecond=0) if first else None
        return sum(
            count
            for (one, hour), count in self._accepted.items()
            if one == server and (since is None or hour is None or hour >= since)
        )

    def _rate(self, whole: Failures) -> Rate | None:
        if self.end is None or self.begin is None or not whole.hours:
            return None
        newest = self.end.replace(minute=0, second=0, microsecond=0)
        now = whole.hours.get(newest, 0)
        before = (newest - self.begin) / timedelta(hours=1)
        earlier = sum(count for hour, count in whole.hours.items() if hour < newest)
        return Rate(now, round(earlier / before, 2) if before > 0 else None)


_OF_SERVERS = {
    Cause.SERVER_UNREACHABLE,
    Cause.SERVER_SECRET_MISMATCH,
    Cause.SERVER_BIND_FAILED,
    Cause.SERVER_TLS_FAILED,
}


def _count(
    group: Failures, diagnosis: Diagnosis, moment: datetime | None, hour: datetime | None
) -> None:
    group.count += 1
    user = diagnosis.user
    if not user or set(user) <= {"*"}:
        group.hidden += 1
    elif bare_name(user) in group.users or len(group.users) < USERS:
        group.users.add(bare_name(user))
    else:
        group.more_users = True
    source = diagnosis.headend or (diagnosis.span.source if diagnosis.span else None)
    if source and len(group.headends) < USERS:
        group.headends.add(source)
    if moment and hour:
        group.first = min(group.first or moment, moment)
        group.last = max(group.last or moment, moment)
        group.hours[hour] = group.hours.get(hour, 0) + 1
        if len(group.hours) > _HOURS:
            oldest, second = next(pairwise(sorted(group.hours)))
            group.hours[second] += group.hours.pop(oldest)


def _together(groups: list[Failures]) -> Failures:
    whole = Failures(groups[0].cause if groups else Cause.NONE, None)
    for each in groups:
        whole.count += each.count
        whole.hidden += each.hidden
        whole.users |= each.users
        whole.more_users |= each.more_users
        whole.headends |= each.headends
        for hour, count in each.hours.items():
            whole.hours[hour] = whole.hours.get(hour, 0) + count
    whole.first = min((each.first for each in groups if each.first), default=None)
    whole.last = max((each.last for each in groups if each.last), default=None)
    return whole


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        return None


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _span(begin: datetime | None, end: datetime | None) -> str:
    if begin is None or end is None:
        return "time (no line has one)"
    minutes = int((end - begin) / timedelta(minutes=1))
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"  # noqa: PLR2004 - two hours
