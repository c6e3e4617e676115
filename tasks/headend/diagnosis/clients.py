"""Attempts as the user's client saw them, which know neither the user's name nor the address."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from headend.diagnosis.attempt import when
from headend.diagnosis.bounded import Bounded
from headend.diagnosis.client_clock import Seen, client_clock, fits, seen_by_headend
from headend.diagnosis.client_words import AFTER_LOGIN, BEFORE_LOGIN, CLIENT, TELLING
from headend.diagnosis.messages import TUNNEL
from headend.diagnosis.nearness import apart
from headend.diagnosis.verdicts import exchanged, outcome_of, statuses
from headend.model.diagnosis import ClientClock, Outcome, Stage
from headend.model.user import same_user

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster
    from headend.model.event import Event

_KEPT = 256
_EVENTS = 200
_LOOKED_BACK = 256
# The clocks of client and headend agree within the time that a login takes.
_SECONDS = 120
# What a client says first; before Windows logon that is where it runs.
_BEGINNINGS = frozenset({"contacting", "before-logon"})


@dataclass(slots=True, eq=False)
class _Try:
    """What one client said from "Contacting" to the end of that try."""

    events: list[Event] = field(default_factory=list)
    told: bool = False

    @property
    def source(self) -> str:
        """The file that tells of it."""
        return self.events[0].line.source

    @property
    def connected(self) -> bool:
        """Whether it ended with a connection."""
        return self.events[-1].kind == "connected"

    @property
    def end(self) -> Event | None:
        """The message that told its end, where that has a time; else the last that has one."""
        timed = [one for one in self.events if when(one) is not None]
        telling = [one for one in timed if one.kind in TELLING]
        return next(reversed(telling or timed), None)

    @property
    def _refused(self) -> bool:
        """Whether it was refused: what is typed then is the next try's."""
        telling = (one.kind for one in reversed(self.events) if one.kind in TELLING)
        return next(telling, "") in {"login-failed", "denied"}

    def over(self, event: Event) -> bool:
        """Return whether ``event`` belongs to the next try: this one was told, and it begins."""
        if not self.told:
            return False
        if event.kind in _BEGINNINGS or (event.kind == "credentials" and self._refused):
            return True
        then, now = when(self.events[-1]), when(event)
        return then is not None and now is not None and (now - then).total_seconds() > _SECONDS


class Clients:
    """Holds the tries of clients until every headend was heard; then each finds its attempt.

    ``user`` is whose clients these are, where that is known: then the clocks of client and headend
    need not agree, for the tries themselves tell how far they are apart.
    """

    def __init__(self, roster: Roster, user: str | None = None) -> None:
        self._roster = roster
        self._user = user
        self._open: Bounded[str, _Try] = Bounded(_KEPT)
        self._done: Bounded[_Try, _Try] = Bounded(_KEPT)
        self._tries = 0
        self._clocks: dict[str, ClientClock] = {}

    def feed(self, event: Event) -> None:
        """Take one message of a client."""
        source = event.line.source
        current = self._open.get(source)
        if current is None or current.over(event):
            if current is not None:
                self._close(current)
            current = _Try()
            gone = self._open.put(source, current)
            if gone is not None:
                self._close(gone[1])
        if len(current.events) < _EVENTS:
            current.events.append(event)
        current.told = current.told or event.kind in TELLING

    def finish(self) -> None:
        """Let each try tell of the one attempt of that time, or be an attempt of its own."""
        for current in self._open.values():
            self._close(current)
        self._open.clear()
        if self._user is not None:
            self._clocks = self._compared(self._user)
        while self._done:
            self._place(self._done.popitem(last=False)[1])

    def _compared(self, user: str) -> dict[str, ClientClock]:
        """Return how the clock of each file's client stood to that of the headends."""
        logins = [
            Seen(at, outcome_of(attempt) is Outcome.ACCEPTED)
            for attempt in islice(self._roster.recent(), _LOOKED_BACK)
            if same_user(user, attempt.user) and (at := seen_by_headend(attempt)) is not None
        ]
        tries: dict[str, list[Seen]] = {}
        for current in self._done.values():
            at = when(current.end) if current.end is not None else None
            if at is not None:
                tries.setdefault(current.source, []).append(Seen(at, current.connected))
        found = {source: client_clock(seen, logins) for source, seen in tries.items()}
        return {source: clock for source, clock in found.items() if clock is not None}

    def _close(self, current: _Try) -> None:
        if current.told:
            self._tries += 1
            gone = self._done.put(current, current)
            if gone is not None:
                self._place(gone[1])

    def _place(self, current: _Try) -> None:
        found = self._seen_by_headend(current)
        attempt = found or self._roster.open(current.events[0])
        for event in current.events:
            attempt.add(event, Stage.TLS)
        clock = self._clocks.get(current.source)
        if found is not None and clock is not None:
            attempt.client_clocks[current.source] = clock
        attempt.label = attempt.label or next(
            (one.fields["gateway"] for one in current.events if "gateway" in one.fields), None
        )

    def _seen_by_headend(self, current: _Try) -> Attempt | None:
        """Return the only attempt of that time which ended as the client says."""
        told = current.end
        kinds = [one.kind for one in current.events]
        found = [
            attempt
            for attempt in islice(self._roster.recent(), _LOOKED_BACK)
            if not self._is_told(attempt, current.source)
            and _ends_as(attempt, kinds)
            and self._can_be(attempt, told, self._clocks.get(current.source))
        ]
        return found[0] if len(found) == 1 else None

    def _is_told(self, attempt: Attempt, source: str) -> bool:
        """Return whether a client tells of the attempt already.

        One client's event log and message history both tell of its every try.
        """
        told = attempt.find(CLIENT)
        if self._user is None:
            return bool(told)
        return any(entry.event.line.source == source for entry in told)

    def _can_be(self, attempt: Attempt, told: Event | None, clock: ClientClock | None) -> bool:
        """Return whether the times agree; debug has none, and then a single try is that login."""
        if clock is not None and told is not None:
            return fits(clock, told, attempt) and same_user(self._user or "", attempt.user)
        if told is None or attempt.moment() is None:
            return self._tries == 1 and attempt.session
        return apart(attempt, told) <= _SECONDS


def _ends_as(attempt: Attempt, kinds: list[str]) -> bool:
    """Return whether the headend can have seen the attempt end as its client did."""
    outcome = outcome_of(attempt)
    if kinds[-1] == "connected":
        return outcome is Outcome.ACCEPTED
    if not AFTER_LOGIN.isdisjoint(kinds):
        answers = [word for word, _ in statuses(attempt)]
        rejected = "REJECT" in answers or exchanged(attempt) is Outcome.REJECTED
        return not rejected and attempt.first("syslog", *TUNNEL) is None
    # A certificate that it lacked is the end only where nothing came behind it.
    ends = [kind for kind in kinds if kind in TELLING]
    early = "credentials" not in kinds and bool(ends) and ends[-1] in BEFORE_LOGIN
    if early and (attempt.session or exchanged(attempt) is not None):
        return False
    return outcome is not Outcome.ACCEPTED
