"""Syslog lines to attempts: by user, client address, server and time, never by a hidden name."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from headend.diagnosis.attempt import HIDDEN, when
from headend.diagnosis.facts import server as asked_server
from headend.diagnosis.messages import (
    ADMIN,
    AFTER_START,
    DENIED,
    ERRORS,
    FOLLOWS,
    IKE_ABORTED,
    REJECTS,
    STARTED,
    TUNNEL,
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
# How far back a line that hides its user's name looks for the login that it may mean.
_LOOKED_BACK = 64
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
        attempt.locate(event.fields.get("client_ip"))
        if attempt.host is None:
            attempt.host = host_of(event)
        attempt.reached = max(attempt.reached, now)
        attempt.add(event)
        return attempt

    def _match(self, event: Event, now: Phase) -> Attempt | None:
        user = event.fields.get("user")
        shown = user if user != HIDDEN else None
        address = event.fields.get("client_ip")
        if shown:
            named = [
                attempt
                for attempt in self._roster.of_user(shown)
                if same_user(attempt.user, shown) and _can_be(attempt, event, now, shown)
            ]
            if named:
                return _choose(named, event)
        if address:
            for attempt in self._roster.at_address(address):
                # A login whose name was hidden so far, from the same address.
                if (not shown or attempt.user is None) and _can_be(attempt, event, now, shown):
                    return attempt
        return self._only_silent(event, now) if user == HIDDEN else None

    def _only_silent(self, event: Event, now: Phase) -> Attempt | None:
        """Return the one login that a hidden name can mean; two candidates are nobody's."""
        if event.kind not in REJECTS and event.kind not in ERRORS:
            return None
        server = event.fields.get("server")
        rejected = [
            attempt
            for attempt in islice(self._roster.recent(), _LOOKED_BACK)
            if attempt.source == event.line.source
            and attempt.client_ip is None
            and _unheard(attempt)
            and _can_be(attempt, event, now, None)
            and (not server or _asked(attempt, server))
        ]
        return rejected[0] if len(rejected) == 1 else None


def _can_be(attempt: Attempt, event: Event, now: Phase, shown: str | None) -> bool:
    told = _relayed(attempt, event) or _fits(attempt, event, now)
    return told and _somewhere_near(attempt, event, shown)


def _choose(attempts: list[Attempt], event: Event) -> Attempt:
    """Prefer an attempt with the same address, then the newest of this source."""
    same = [attempt for attempt in attempts if _address(attempt, event)]
    here = [attempt for attempt in same or attempts if attempt.source == event.line.source]
    # Another file tells the same logins in the same order: the oldest comes first.
    return here[0] if here else (same or attempts)[-1]


def _address(attempt: Attempt, event: Event) -> bool:
    address = event.fields.get("client_ip")
    return address is not None and attempt.client_ip == address


def _unheard(attempt: Attempt) -> bool:
    """Return whether syslog has yet to tell how the attempt ended: it failed, or was challenged."""
    failed = not attempt.reached and debug_outcome(attempt) in _BAD
    return failed or attempt.reached is Phase.CHALLENGE


def _asked(attempt: Attempt, server: str) -> bool:
    """Return whether the attempt asked ``server``, or does not tell whom it asked."""
    return asked_server(attempt) in {server, None} or any(
        server in entry.event.fields.values() for entry in attempt.find("aaa", "server")
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
    kind, reached = event.kind, attempt.reached
    if kind in IKE_ABORTED:
        return reached != Phase.STARTED and not _told(attempt, kind)
    refused = reached == Phase.REFUSED
    if now is Phase.REFUSED and refused and kind not in FOLLOWS:
        return kind in REJECTS and _only_session_told(attempt)
    outcome = debug_outcome(attempt)
    if kind in ADMIN or kind in STARTED:
        repeated = (kind in ADMIN or kind == "113039") and _told(attempt, kind)
        if repeated or (refused and now is Phase.STARTED):
            return False
        return not (outcome in _BAD and now is Phase.STARTED)
    if kind in DENIED:
        return not refused and outcome not in _BAD and _may_be_denied(attempt, kind)
    if now is Phase.REFUSED:
        if _told(attempt, kind) or outcome is Outcome.ACCEPTED:
            return False
        return reached < Phase.ACCEPTED or refused
    if refused or outcome in _BAD:
        # A headend that got no answer says so itself, after the debug of its tries.
        return kind in ERRORS and outcome in {Outcome.TIMEOUT, Outcome.ERROR}
    if now is Phase.PASSWORD:
        return reached < Phase.ACCEPTED
    return now >= reached or reached < Phase.ACCEPTED


def _may_be_denied(attempt: Attempt, kind: str) -> bool:
    if attempt.reached != Phase.STARTED:
        return True
    return kind in AFTER_START and attempt.first("syslog", *TUNNEL) is None


def _relayed(attempt: Attempt, event: Event) -> bool:
    """Return whether the attempt knows this very message: some relays deliver a line twice."""
    if "stamp" not in event.fields:
        return False
    return any(one.event.fields == event.fields for one in attempt.find("syslog", event.kind))


def _only_session_told(attempt: Attempt) -> bool:
    """Return whether 716039 alone has told that the attempt was rejected, not yet by whom."""
    return {entry.event.kind for entry in attempt.find("syslog")} == {"716039"}


def _told(attempt: Attempt, kind: str) -> bool:
    return attempt.first("syslog", kind) is not None
