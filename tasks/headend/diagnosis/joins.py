"""Syslog lines to attempts: by user, client address, server and time, never by a hidden name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis.attempt import HIDDEN, when
from headend.diagnosis.messages import (
    ADMIN,
    DENIED,
    ERRORS,
    FOLLOWS,
    REJECTS,
    STARTED,
    Phase,
    phase,
)
from headend.diagnosis.roster import host_of
from headend.diagnosis.verdicts import debug_outcome
from headend.model.diagnosis import Outcome
from headend.model.user import same_user

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster
    from headend.model.event import Event

# A login is over in two minutes, a token entered and a policy pushed included.
_SECONDS = 120
_BAD = frozenset({Outcome.REJECTED, Outcome.TIMEOUT, Outcome.ERROR})


class Joins:
    """Finds the attempt that a syslog message tells of, or opens one."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def feed(self, event: Event) -> Attempt | None:
        """Return the attempt that ``event`` was added to; ``None`` if it is about no login."""
        now = phase(event)
        nameless = "user" not in event.fields and "client_ip" not in event.fields
        if now is None or (nameless and now is not Phase.REFUSED):
            return None
        attempt = self._match(event, now) or self._roster.open(event)
        attempt.name(event.fields.get("user"))
        address = event.fields.get("client_ip")
        if address and not attempt.client_ip:
            attempt.client_ip = address
        if attempt.host is None:
            attempt.host = host_of(event)
        attempt.add(event)
        return attempt

    def _match(self, event: Event, now: Phase) -> Attempt | None:
        user = event.fields.get("user")
        shown = user if user != HIDDEN else None
        fitting = [
            attempt
            for attempt in self._roster.recent()
            if _fits(attempt, event, now) and _somewhere_near(attempt, event, shown)
        ]
        if shown:
            named = [attempt for attempt in fitting if same_user(attempt.user, shown)]
            if named:
                return _choose(named, event)
            # A login whose name was hidden so far, from the same address.
            return next((one for one in fitting if one.user is None and _address(one, event)), None)
        found = [attempt for attempt in fitting if _address(attempt, event)]
        if found:
            return found[0]
        return _only_silent(fitting, event) if user == HIDDEN else None


def _choose(attempts: list[Attempt], event: Event) -> Attempt:
    """Prefer an attempt with the same address, then the newest of this source."""
    same = [attempt for attempt in attempts if _address(attempt, event)]
    here = [attempt for attempt in same or attempts if attempt.source == event.line.source]
    # Another file tells the same logins in the same order: the oldest comes first.
    return here[0] if here else (same or attempts)[-1]


def _address(attempt: Attempt, event: Event) -> bool:
    address = event.fields.get("client_ip")
    return address is not None and attempt.client_ip == address


def _only_silent(fitting: list[Attempt], event: Event) -> Attempt | None:
    """Return the one login that a hidden name can mean; two candidates are nobody's."""
    if event.kind not in REJECTS and event.kind not in ERRORS:
        return None
    server = event.fields.get("server")
    rejected = [
        attempt
        for attempt in fitting
        if attempt.source == event.line.source
        and attempt.client_ip is None
        and attempt.first("syslog") is None
        and debug_outcome(attempt) in _BAD
        and (not server or _asked(attempt, server))
    ]
    return rejected[0] if len(rejected) == 1 else None


def _asked(attempt: Attempt, server: str) -> bool:
    return any(
        server in entry.event.fields.values() for entry in attempt.find("aaa", "server")
    ) or any(
        f"/{server}:" in entry.event.fields.get("uri", "")
        for entry in attempt.find("ldap", "context")
    )


def _somewhere_near(attempt: Attempt, event: Event, user: str | None) -> bool:
    """Return whether the headend, the address and the time of both can be the same login's."""
    address = event.fields.get("client_ip")
    if address and attempt.client_ip and address != attempt.client_ip:
        return False
    host = host_of(event)
    if host and attempt.host and host != attempt.host:
        return False
    if attempt.source != event.line.source and not (host and host == attempt.host):
        # Two files that do not name their headend: only a name and an address make one login.
        return bool(user) and same_user(attempt.user, user) and _address(attempt, event)
    then, now = attempt.moment(), when(event)
    if then is None or now is None:
        return True
    if then.year != now.year and 1904 in {then.year, now.year}:  # noqa: PLR2004 - a stamp without a year
        then, now = then.replace(year=1904), now.replace(year=1904)
    return abs((now - then).total_seconds()) <= _SECONDS


def _fits(attempt: Attempt, event: Event, now: Phase) -> bool:  # noqa: PLR0911 - one return a case
    """Return whether the attempt can still come to what ``event`` says."""
    told = [entry.event for entry in attempt.find("syslog")]
    reached = max((phase(one) or Phase.CERTIFICATE for one in told), default=Phase.CERTIFICATE)
    outcome = debug_outcome(attempt)
    if event.kind in ADMIN or event.kind in STARTED:
        repeated = any(one.kind == event.kind for one in told) and event.kind in ADMIN | {"113039"}
        refused = reached is Phase.REFUSED and now is Phase.STARTED
        return not repeated and not refused and not (outcome in _BAD and now is Phase.STARTED)
    if event.kind in DENIED:
        return reached is not Phase.REFUSED and reached is not Phase.STARTED and outcome not in _BAD
    if now is Phase.REFUSED:
        if reached is Phase.REFUSED and event.kind not in FOLLOWS:
            return False
        if any(one.kind == event.kind for one in told) or outcome is Outcome.ACCEPTED:
            return False
        return reached < Phase.ACCEPTED or reached is Phase.REFUSED
    if reached is Phase.REFUSED or outcome in _BAD:
        return False
    if now is Phase.PASSWORD:
        return reached < Phase.ACCEPTED
    return now >= reached or reached < Phase.ACCEPTED
