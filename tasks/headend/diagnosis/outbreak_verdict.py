"""Whether one reason meets more than one person: what the logs tell, weighed with the states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from headend.diagnosis.marks import Marks
from headend.diagnosis.outbreak import OF_SERVERS, Outbreak, Place
from headend.diagnosis.standing import Standing
from headend.diagnosis.waves import Wave
from headend.model.diagnosis import Cause
from headend.model.outbreak import Outage, Rate, Ticket, Verdict, Weighed
from headend.model.servers import AaaServer

_HOUR = 3600
_DAY = 24 * _HOUR
_TWO = 2
# Nearer to a ticket than this, its outage is this one.
_OF_TICKET = _HOUR


def outages(outbreak: Outbreak) -> list[Wave]:
    """Return when servers were silent for several people, the newest first."""
    return sorted(outbreak.waves(), key=lambda wave: (-wave.last, -len(wave.people)))


def told_of(outbreak: Outbreak, wave: Wave) -> Outage:
    """Return one outage for those who read it."""
    one = _of_wave(outbreak, wave)
    return Outage(
        wave.cause, wave.server, one.headends, one.first, one.last,
        one.users, one.about, one.failures, one.over,
    )  # fmt: skip


def verdict(
    outbreak: Outbreak,
    ticket: Ticket,
    standings: Sequence[Standing] = (),
    waves: Sequence[Wave] | None = None,
) -> Verdict:
    """Return who else fails for the reason of ``ticket``; without one, for the widest reason."""
    if ticket.user and ticket.cause is None:
        return Verdict("nobody", None, _span(outbreak, None))
    found = outages(outbreak) if waves is None else waves
    wave = _wave(outbreak, ticket, found)
    told = _of_wave(outbreak, wave) if wave is not None else _of_window(outbreak, ticket)
    return _weighed(told, ticket, standings)


def _wave(outbreak: Outbreak, ticket: Ticket, found: Iterable[Wave]) -> Wave | None:
    mine = [wave for wave in found if ticket.cause in {None, wave.cause}]
    if ticket.at is not None:
        at = ticket.at
        mine = [w for w in mine if w.first - _OF_TICKET <= at <= w.last + _OF_TICKET]
    elif outbreak.end is not None:
        fresh = [wave for wave in mine if wave.last >= outbreak.end - _DAY]
        # What goes on comes first.
        mine = [wave for wave in fresh if not wave.over] or fresh or mine
        if not fresh and ticket.cause is None:
            # One of long ago is worth more than today's failures only if it met more people.
            today = _users(outbreak, outbreak.end - _DAY, outbreak.end)
            least = max(map(len, today.values()), default=0)
            mine = [wave for wave in mine if len(wave.people) > least]
    return max(mine, key=lambda wave: len(wave.people), default=None)


def _of_wave(outbreak: Outbreak, wave: Wave) -> Verdict:
    marks = [
        one
        for place, one in outbreak.of(wave.cause).items()
        if place.server == wave.server and place.headend in wave.headends
    ]
    users, exact = outbreak.distinct(wave.people, marks)
    accepted = outbreak.accepted(wave.server, wave.first, wave.last)
    said = Verdict(
        "outage", wave.cause, _span(outbreak, None), wave.server, users, not exact,
        tuple(outbreak.names(wave.cause, wave.people)), wave.failures, wave.hidden,
        wave.headends, moment(wave.first), moment(wave.last),
        wave.over or wave.last < (outbreak.end or 0) - _DAY,
        accepted=tuple(sorted(accepted.items())),
    )  # fmt: skip
    heard = {place.headend for place in outbreak.answers}
    if not heard & set(wave.headends):
        doubt = "the logs tell of no answered login at all there: whether they would is not known"
        said = replace(said, weighed=(Weighed(None, doubt),))
    return said


def _of_window(outbreak: Outbreak, ticket: Ticket) -> Verdict:
    """Tell of the day around the ticket, or of the last day of the logs."""
    cause = ticket.cause
    end = ticket.at if ticket.at is not None else outbreak.end
    first, last = (end - _DAY, end + _DAY) if end is not None else (0, 0)
    if cause is None:
        cause = _widest(outbreak, first, last)
    mine = outbreak.of(cause) if cause else {}
    near = {place: list(marks.between(first, last)) for place, marks in mine.items()}
    people = {who for told in near.values() for _, who in told if who}
    hidden = sum(not who for told in near.values() for _, who in told)
    # Where people were left out, those who were kept stand for them.
    failures = sum(len(told) * mine[place].share for place, told in near.items())
    seconds = [second for told in near.values() for second, _ in told if second]
    server = _server(near, mine, failures)
    users, exact = outbreak.distinct(people, mine.values())
    kind = "several" if len(people) + hidden >= _TWO else "alone" if failures else "nobody"
    if ticket.user and cause:
        me = outbreak.number(cause, ticket.user)
        kind = "several" if people - {me} or hidden else "alone"
    accepted = {}
    if server and seconds and cause in OF_SERVERS:
        accepted = outbreak.accepted(server, min(seconds), max(seconds))
    return Verdict(
        kind, cause, _span(outbreak, ticket.at), server, users, not exact,
        tuple(outbreak.names(cause, people)) if cause else (), failures, hidden,
        tuple(sorted({place.headend for place, told in near.items() if told})),
        moment(min(seconds, default=0)), moment(max(seconds, default=0)),
        rate=_rate(outbreak, mine.values(), end), accepted=tuple(sorted(accepted.items())),
    )  # fmt: skip


def _widest(outbreak: Outbreak, first: int, last: int) -> Cause | None:
    users = _users(outbreak, first, last)
    known = {cause: some for cause, some in users.items() if cause is not Cause.UNKNOWN} or users
    return max(known, key=lambda cause: (len(known[cause]), cause), default=None)


def _users(outbreak: Outbreak, first: int, last: int) -> dict[Cause, set[int]]:
    users: dict[Cause, set[int]] = {}
    for place, marks in outbreak.failures.items():
        near = {who for _, who in marks.between(first, last)}
        if near and place.cause is not Cause.NONE:
            users.setdefault(place.cause, set()).update(near)
    return users


def _server(
    near: dict[Place, list[tuple[int, int]]], mine: dict[Place, Marks], failures: int
) -> str | None:
    counts: Counter[str | None] = Counter()
    for place, told in near.items():
        counts[place.server] += len(told) * mine[place].share
    server, count = counts.most_common(1)[0] if counts else (None, 0)
    return server if count * 2 > failures else None


def _rate(outbreak: Outbreak, marks: Iterable[Marks], end: int | None) -> Rate | None:
    if end is None or outbreak.begin is None:
        return None
    each = list(marks)
    now = sum(one.share for one in each for _ in one.between(end - _HOUR + 1, end))
    earlier = sum(one.share for one in each for _ in one.between(1, end - _HOUR))
    hours = (end - _HOUR - outbreak.begin) / _HOUR
    return Rate(now, round(earlier / hours, 2) if hours > 0 else None)


def _weighed(told: Verdict, ticket: Ticket, standings: Sequence[Standing]) -> Verdict:
    weighed = list(told.weighed)
    if told.server and told.cause in OF_SERVERS:
        seen = [(one.headend, one.server(told.server)) for one in standings]
        weighed += _states(told, [(name, server) for name, server in seen if server is not None])
        failed = any(one.supports for one in weighed)
        clean = any(one.supports is False for one in weighed)
        if told.kind in {"alone", "several"} and told.failures and failed and not told.accepted:
            told = replace(told, kind="outage")
        elif told.kind == "outage" and clean and not failed and not told.over:
            told = replace(told, kind="several")
    elif told.kind == "alone":
        weighed += _connected(ticket, standings)
    return replace(told, weighed=tuple(weighed))


def _states(told: Verdict, seen: Iterable[tuple[str, AaaServer]]) -> Iterator[Weighed]:
    for headend, server in seen:
        timeouts = server.counters.get("timeouts", 0)
        # A headend that never changed its mind of a server says so.
        since = f" since {server.since}" if server.since not in {None, "Unknown"} else ""
        counted = f"{timeouts:,} time-outs, {server.answers:,} answers"
        said = f"{headend} says that {told.server} is {server.state}{since}, counting {counted}"
        supports: bool | None = None
        if not server.active or (timeouts and timeouts >= server.answers):
            supports = True
        elif not timeouts and server.answers and headend in told.headends:
            supports = False
        yield Weighed(supports, said)


def _connected(ticket: Ticket, standings: Sequence[Standing]) -> Iterator[Weighed]:
    for one in standings:
        count = one.sessions.get(ticket.group, 0) if ticket.group else sum(one.sessions.values())
        by = f" by tunnel group {ticket.group}" if ticket.group else ""
        if count:
            said = f"{count:,} {'users are' if count > 1 else 'user is'} connected{by}"
            yield Weighed(supports=True, said=f"{said} on {one.headend} now")


def moment(second: int) -> datetime | None:
    """Return the time of a second since 1970 without its zone, ``None`` for 0."""
    return datetime.fromtimestamp(second, UTC).replace(tzinfo=None) if second else None


def _span(outbreak: Outbreak, at: int | None) -> str:
    begin, end = outbreak.begin, outbreak.end
    if begin is None or end is None:
        return "in the lines, of which none has a time"
    if end - begin <= _DAY:
        minutes = (end - begin) // 60
        if minutes < _TWO:
            return "in the minute that the logs go back"
        length = f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"  # noqa: PLR2004 - two hours
        return f"in the {length} that the logs go back"
    if at is not None:
        return "within a day of that login"
    return f"in the last day of the logs, to {moment(end):%Y-%m-%d %H:%M}"
