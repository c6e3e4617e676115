"""Logins that one text tells of in syslog and, before or behind it or in another file, in debug."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis.attempt import HIDDEN
from headend.diagnosis.client_words import CLIENT
from headend.diagnosis.messages import DENIED
from headend.diagnosis.nearness import SECONDS
from headend.diagnosis.verdicts import debug_outcome, syslog_outcome
from headend.model.diagnosis import Outcome
from headend.model.user import bare_name, same_user
from headend.parse.stamp import has_year

if TYPE_CHECKING:
    from collections.abc import Iterable

    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster

_Index = dict[str, "list[Attempt]"]

_BAD = frozenset({Outcome.REJECTED, Outcome.TIMEOUT, Outcome.ERROR})
# More of one name or address are told apart by time, or not at all.
_NAMESAKES = 32


def join_twins(roster: Roster) -> None:
    """Let what syslog alone told and what debug alone told of one login be one attempt.

    Lines that come later find their login while they are read; here the syslog came first. Where
    several fit, there must be as many of the one as of the other, in the same order.
    """
    told: _Index = {}
    heard: _Index = {}
    for attempt in sorted(roster.recent(), key=lambda one: one.number):
        silent = attempt.first("syslog") is None
        if debug_outcome(attempt) is not None:
            index = heard if silent else None
        else:
            index = None if silent or attempt.first(CLIENT) is not None else told
        if index is not None:
            for key in _keys(attempt):
                index.setdefault(key, []).append(attempt)
    if told:
        for debug in dict.fromkeys(one for held in heard.values() for one in held):
            _pair(roster, debug, heard, told)


def _pair(roster: Roster, debug: Attempt, heard: _Index, told: _Index) -> None:
    fits = _fitting(debug, told)
    rivals = [one for one in _namesakes(debug, heard) if fits and _fitting(one, told) == fits]
    if fits and len(fits) == len(rivals):
        for one, syslog in zip(rivals, fits, strict=True):
            _join(roster, one, syslog)
            for key in _keys(syslog):
                told[key].remove(syslog)


def _keys(attempt: Attempt) -> Iterable[str]:
    if attempt.user and attempt.user != HIDDEN:
        yield bare_name(attempt.user)
    if attempt.client_ip:
        yield attempt.client_ip


def _namesakes(attempt: Attempt, index: _Index) -> list[Attempt]:
    found = dict.fromkeys(one for key in _keys(attempt) for one in index.get(key, ())[:_NAMESAKES])
    return sorted(found, key=lambda one: one.number)


def _fitting(debug: Attempt, told: _Index) -> list[Attempt]:
    if debug.first("syslog") is not None:
        return []
    return [one for one in _namesakes(debug, told) if _same(debug, one)]


def _same(debug: Attempt, syslog: Attempt) -> bool:
    """Return whether both can be one login: name, address, headend, time and end."""
    named = bool(debug.user and syslog.user)
    if named and not same_user(debug.user, syslog.user):
        return False
    placed = bool(debug.client_ip and syslog.client_ip)
    if placed and debug.client_ip != syslog.client_ip:
        return False
    # Two files may be of two days: a name alone is no proof.
    if not placed and not (named and debug.source == syslog.source):
        return False
    if debug.host and syslog.host and debug.host != syslog.host:
        return False
    return _together(debug, syslog) and _agree(debug, syslog)


def _together(debug: Attempt, syslog: Attempt) -> bool:
    then, now = debug.moment(), syslog.moment()
    if then is None or now is None:
        return True
    if has_year(then) != has_year(now):
        then, now = then.replace(year=1904), now.replace(year=1904)
    return abs((now - then).total_seconds()) <= SECONDS


def _agree(debug: Attempt, syslog: Attempt) -> bool:
    heard, said = debug_outcome(debug), syslog_outcome(syslog)
    if heard in _BAD:
        return said in _BAD
    if heard is Outcome.ACCEPTED:
        return said is Outcome.ACCEPTED or syslog.first("syslog", *DENIED) is not None
    return True


def _join(roster: Roster, debug: Attempt, syslog: Attempt) -> None:
    for entry in syslog.entries:
        debug.add(entry.event, entry.stage)
    debug.name(syslog.user)
    debug.locate(syslog.client_ip)
    debug.host = debug.host or syslog.host
    debug.reached = max(debug.reached, syslog.reached)
    roster.drop(syslog)
