"""One conversation with a directory or token server, and the attempt that it serves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headend.diagnosis.answers import answers
from headend.diagnosis.facts import server as asked_server
from headend.diagnosis.verdicts import connect_failed
from headend.model.diagnosis import Stage
from headend.model.user import same_user

if TYPE_CHECKING:
    from headend.diagnosis.aaa_sessions import AaaSessions
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster
    from headend.model.event import Event


@dataclass(slots=True, eq=False)
class Exchange:
    """What one LDAP session or RADIUS request said; held until its attempt is known."""

    facility: str
    events: list[Event] = field(default_factory=list)
    user: str | None = None
    server: str | None = None
    client_ip: str | None = None
    stage: Stage = Stage.PRIMARY
    attempt: Attempt | None = None
    verdict: str | None = None
    over: bool = False
    # Whether the headend binds as the user now; unknown where its beginning was cut off.
    as_user: bool | None = None
    accounts: set[str] = field(default_factory=set)

    @property
    def ready(self) -> bool:
        """Whether enough was said to open an attempt where no AAA debug tells of one."""
        if self.stage is Stage.AUTHORIZATION:
            return False
        return bool(self.user) or (self.facility == "ldap" and self.server is not None)

    def add(self, event: Event) -> None:
        """Take one more event, for the attempt if that is known."""
        attempt = self.attempt
        if attempt is None:
            self.events.append(event)
            return
        attempt.add(event, self.stage)
        if attempt.user is None or attempt.client_ip is None:
            self._tell(attempt)

    def join(self, attempt: Attempt, stage: Stage) -> None:
        """Give everything said so far to ``attempt``, at ``stage``."""
        self.attempt, self.stage = attempt, stage
        for event in self.events:
            attempt.add(event, stage)
        self.events.clear()
        self._tell(attempt)

    def _tell(self, attempt: Attempt) -> None:
        if attempt.user is None:
            attempt.name(self.user)
        if attempt.client_ip is None:
            attempt.locate(self.client_ip)


class Placement:
    """Finds the attempt of an exchange: the AAA session that started it, or one of its own."""

    def __init__(self, roster: Roster, sessions: AaaSessions) -> None:
        self._roster = roster
        self._sessions = sessions

    def place(self, exchange: Exchange, *, ending: bool) -> None:
        """Join ``exchange`` to an attempt if that is certain, or if it is ``ending``.

        The user's name decides; where the exchange ends without one, the server's address does.
        """
        if exchange.attempt is not None or not exchange.events:
            return
        waiting = self._sessions.waiting
        chosen: list[Attempt] = []
        if waiting and exchange.user:
            chosen = waiting.of_user(exchange.user)
            only = None if chosen else waiting.only()
            if only is not None and not only.user:
                chosen = [only]
        elif waiting and ending:
            only = waiting.only()
            chosen = waiting.at_server(exchange.server) or ([only] if only is not None else [])
        if chosen:
            fresh = [one for one in chosen if one.first(exchange.facility) is None]
            attempt = (fresh or chosen)[0]
            self._join(exchange, attempt, attempt.stage)
        elif ending or (not waiting and exchange.ready):
            known = self._earlier(exchange) or self._failed_over(exchange)
            attempt = known or self._roster.open(exchange.events[0])
            self._join(exchange, attempt, exchange.stage)

    def end(self, exchange: Exchange) -> None:
        """Place ``exchange`` if that was not done yet: nothing more of it will come."""
        self.place(exchange, ending=True)
        if exchange.attempt is not None and not exchange.over:
            exchange.over = True
            self._roster.release(exchange.attempt)

    def _join(self, exchange: Exchange, attempt: Attempt, stage: Stage) -> None:
        self._roster.hold(attempt)
        exchange.join(attempt, stage)

    def _earlier(self, exchange: Exchange) -> Attempt | None:
        """Return the attempt that an exchange without AAA debug plainly continues."""
        source = exchange.events[0].line.source
        for attempt in self._roster.of_user(exchange.user or ""):
            if attempt.source != source or not same_user(attempt.user, exchange.user):
                continue
            if attempt.session or attempt.first("syslog") is not None:
                # The answer to an SDI challenge carries no key of the session that waits for it.
                unkeyed = exchange.facility == "sdi" and not attempt.closed
                return attempt if unkeyed and _asked(attempt) else None
            if exchange.stage is Stage.AUTHORIZATION:
                return attempt if _accepted(attempt) else None
            goes_on = _GOES_ON.get(exchange.facility)
            return attempt if goes_on is not None and goes_on(attempt) else None
        return None

    def _failed_over(self, exchange: Exchange) -> Attempt | None:
        """Return the login whose first directory was silent, where this asks the next one."""
        last = next(iter(self._roster.recent()), None)
        if last is None or exchange.facility != "ldap" or last.user or last.client_ip:
            return None
        events = [entry.event for entry in last.entries]
        silent = last.first("ldap", "connect") is not None and connect_failed(last) is not None
        other = exchange.server is not None and exchange.server != asked_server(last)
        alone = all(event.facility == "ldap" for event in events)
        same = last.source == exchange.events[0].line.source
        return last if silent and other and alone and same else None


def _accepted(attempt: Attempt) -> bool:
    given = answers(attempt)
    accepted = bool(given) and given[-1][0] == "ACCEPT"
    return accepted or attempt.first("ldap", "success") is not None


def _unanswered(attempt: Attempt) -> bool:
    """Return whether every RADIUS server that was asked so far kept silent."""
    removed = attempt.first("radius", "remove", "timeout") is not None
    return removed and attempt.first("radius", "verdict", "verified") is None


def _asked(attempt: Attempt) -> bool:
    """Return whether the last answer asked for more, under no key that its answer repeats."""
    given = answers(attempt)
    return bool(given) and given[-1][0] == "CHALLENGE"


def _begun(attempt: Attempt) -> bool:
    """Return whether the ticket server has judged nothing yet, as its first reply never does."""
    return attempt.first("kerberos") is not None and not answers(attempt)


_GOES_ON = {"radius": _unanswered, "sdi": _asked, "kerberos": _begun}
