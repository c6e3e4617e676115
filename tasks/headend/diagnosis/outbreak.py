"""Who fails for which reason, where and when, counted as the diagnoses come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from headend.diagnosis.marks import Marks, People
from headend.diagnosis.waves import Wave, waves
from headend.model.diagnosis import Cause, Diagnosis, Outcome
from headend.model.outbreak import Ticket
from headend.model.user import bare_name, same_user
from headend.parse.stamp import has_year

# Above these an archive costs no more memory, and the survey says what it tells coarser for it.
FAILURES = 200_000
ANSWERS = 1_000_000
NAMES = 10_000
PLACES = 2_000

OF_SERVERS = frozenset(
    {
        Cause.SERVER_UNREACHABLE,
        Cause.SERVER_SECRET_MISMATCH,
        Cause.SERVER_BIND_FAILED,
        Cause.SERVER_TLS_FAILED,
    }
)
# Only a server that was asked and answered gives these.
_ANSWERED = frozenset(
    {
        Cause.ACCOUNT_UNKNOWN,
        Cause.ACCOUNT_LOCKED,
        Cause.ACCOUNT_DISABLED,
        Cause.ACCOUNT_EXPIRED,
        Cause.PASSWORD_EXPIRED,
        Cause.PASSWORD_MUST_CHANGE,
        Cause.BAD_CREDENTIALS,
        Cause.LOGON_HOURS,
        Cause.LOGON_WORKSTATION,
        Cause.TOKEN_REJECTED,
        Cause.TOKEN_NEXT_CODE,
        Cause.TOKEN_NEW_PIN,
    }
)
_ELSEWHERE = "other places"
_HIDDEN = 0
_HOUR = 3600
_LAST_SECOND = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Place:
    """What failed, at which server, as which headend tells."""

    cause: Cause
    server: str | None
    headend: str


@dataclass(frozen=True, slots=True)
class Answering:
    """Which server answered which headend, and whether it accepted."""

    server: str
    headend: str
    accepted: bool


class Outbreak:
    """Counts diagnoses; its memory is bounded, whatever comes.

    ``user`` is whose newest failure is kept as a ticket. ``dated`` says of a source when its
    newest line may have been written: a stamp without a year falls in the year before that.
    """

    def __init__(
        self,
        user: str | None = None,
        dated: Callable[[str | None], datetime] = lambda _: datetime.now(UTC),
    ) -> None:
        self.attempts = 0
        self.unclear = 0
        self.hidden = 0
        self.timeless = 0
        self.yearless = 0
        self.nameless = 0
        self.begin: int | None = None
        self.end: int | None = None
        self.ticket: Ticket | None = None
        self.failures: dict[Place, Marks] = {}
        self.answers: dict[Answering, Marks] = {}
        self.places_full = False
        self._user = user
        self._dated = dated
        self._people: dict[Cause, People] = {}
        self._failed = self._answered = 0

    def add(self, diagnosis: Diagnosis) -> None:
        """Count one login that no line can change any more."""
        if diagnosis.admin_login:
            return
        self.attempts += 1
        source = diagnosis.span.source if diagnosis.span else None
        headend = diagnosis.headend
        if headend is None:
            self.nameless += 1
            headend = source or _ELSEWHERE
        second = self._second(diagnosis.began, source)
        cause = diagnosis.causes[0].cause
        accepted = diagnosis.outcome is Outcome.ACCEPTED
        if (accepted or cause in _ANSWERED) and diagnosis.server:
            self._answer(Answering(diagnosis.server, headend, accepted), second)
        if accepted:
            return
        if diagnosis.outcome is Outcome.INCOMPLETE and cause is Cause.UNKNOWN:
            self.unclear += 1
            return
        place = Place(cause, diagnosis.server, headend)
        if place not in self.failures and len(self.failures) >= PLACES:
            self.places_full = True
            place = Place(cause, None, _ELSEWHERE)
        self.failures.setdefault(place, Marks()).add(second, self._number(cause, diagnosis.user))
        self._failed += 1
        if self._failed > FAILURES:
            self._failed = _thinned(self.failures.values())
        if self._user and same_user(self._user, diagnosis.user):
            newest = self.ticket.at if self.ticket and self.ticket.at is not None else -1
            if second >= newest:
                self.ticket = Ticket(cause, self._user, second or None, diagnosis.tunnel_group)

    def _answer(self, key: Answering, second: int) -> None:
        if key not in self.answers and len(self.answers) >= PLACES:
            self.places_full = True
            return
        self.answers.setdefault(key, Marks()).add(second)
        self._answered += 1
        if self._answered > ANSWERS:
            self._answered = _thinned(self.answers.values())

    def _second(self, moment: datetime | None, source: str | None) -> int:
        """Return the second since 1970, 0 where it is not known."""
        if moment is not None and not has_year(moment):
            self.yearless += 1
            moment = _in_year(moment, self._dated(source))
        second = int(moment.timestamp()) if moment is not None else 0
        if not 0 < second <= _LAST_SECOND:
            self.timeless += 1
            return 0
        if self.begin is None or second < self.begin:
            self.begin = second
        if self.end is None or second > self.end:
            self.end = second
        return second

    def _number(self, cause: Cause, user: str | None) -> int:
        if not user or set(user) <= {"*"}:
            self.hidden += 1
            return _HIDDEN
        people = self._people.get(cause)
        if people is None:
            people = self._people[cause] = People(NAMES)
        return people.number(bare_name(user), user)

    def of(self, cause: Cause) -> dict[Place, Marks]:
        """Return the failures of one cause."""
        return {place: marks for place, marks in self.failures.items() if place.cause is cause}

    def causes(self) -> list[tuple[Cause, int, int]]:
        """Return each cause with its failures and its distinct users, the widest first."""
        found = []
        for cause in {place.cause for place in self.failures}:
            mine = list(self.of(cause).values())
            people = set[int]().union(*(marks.people() for marks in mine))
            count, _ = self.distinct(people, mine)
            found.append((cause, sum(marks.count for marks in mine), count))
        return sorted(found, key=lambda one: (-one[2], -one[1], one[0]))

    def distinct(self, people: Iterable[int], marks: Iterable[Marks]) -> tuple[int, bool]:
        """Return how many users ``people`` are, and whether that is exact."""
        share = max((one.share for one in marks), default=1)
        kept = sum(who % share == 0 for who in people if who != _HIDDEN)
        return kept * share, share == 1

    def names(self, cause: Cause, people: Iterable[int]) -> list[str]:
        """Return the names of those of ``people`` whose names were kept, in order."""
        known = self._people.get(cause)
        return known.names(set(people)) if known is not None else []

    def number(self, cause: Cause, user: str) -> int | None:
        """Return the number that stands for ``user`` among those whom ``cause`` met."""
        known = self._people.get(cause)
        return known.known(bare_name(user)) if known is not None else None

    def accepted(self, server: str, first: int, last: int) -> dict[str, int]:
        """Return how many logins ``server`` accepted from ``first`` to ``last``, by headend."""
        found = {
            place.headend: sum(1 for _ in marks.between(first, last))
            for place, marks in self.answers.items()
            if place.server == server and place.accepted
        }
        return {headend: count for headend, count in found.items() if count}

    def waves(self) -> Iterator[Wave]:
        """Yield when servers were silent for several people, server by server."""
        servers = {
            (place.cause, place.server)
            for place in self.failures
            if place.cause in OF_SERVERS and place.server
        }
        for cause, server in sorted(servers):
            failures = {
                place.headend: marks
                for place, marks in self.of(cause).items()
                if place.server == server
            }
            yield from waves(cause, server, failures, self._answered_by(server))

    def _answered_by(self, server: str) -> dict[str, list[int]]:
        """Return when ``server`` answered, by headend, in order."""
        found: dict[str, list[int]] = {}
        for place, marks in self.answers.items():
            if place.server == server:
                found.setdefault(place.headend, []).extend(s for s, _ in marks.in_order())
        return {headend: sorted(seconds) for headend, seconds in found.items()}

    def bounds(self) -> Iterator[str]:
        """Yield what a bound of memory makes less exact."""
        for cause in sorted({place.cause for place, m in self.failures.items() if not m.exact}):
            coarse = [marks for marks in self.of(cause).values() if not marks.exact]
            width = max(marks.width for marks in coarse)
            share = max(marks.share for marks in coarse)
            told = f", of one user in {share}" if share > 1 else ""
            yield f"so many failures by {cause} that their times are kept to {_span(width)}{told}"
        width = max((marks.width for marks in self.answers.values()), default=1)
        if width > 1:
            yield f"so many accepted logins that their times are kept to {_span(width)}"
        for cause, people in sorted(self._people.items()):
            if people.full:
                yield f"more than {NAMES:,} users by {cause}: of the others no name is kept"
        if self.places_full:
            yield f"more than {PLACES:,} headends and servers: the others are counted together"


def _thinned(all_marks: Iterable[Marks]) -> int:
    """Thin the longest marks, those of everyday's failures; return how many are left in all."""
    each = list(all_marks)
    max(each, key=len).thin()
    return sum(map(len, each))


def _span(seconds: int) -> str:
    return f"{seconds // 60} min" if seconds <= _HOUR else f"{seconds // _HOUR} h"


def _in_year(moment: datetime, newest: datetime) -> datetime | None:
    """Return ``moment`` in the last year in which it is not after ``newest``, or its next day."""
    for year in (newest.year, newest.year - 1):
        try:
            found = moment.replace(year=year)
        except ValueError:
            continue
        if found <= newest + timedelta(days=1):
            return found
    return None
