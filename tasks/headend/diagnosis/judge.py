"""An attempt to a diagnosis: every rule is asked, the findings ranked, the stages told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from headend.diagnosis import messages
from headend.diagnosis.attempt import stamp, when
from headend.diagnosis.client_words import CLIENT
from headend.diagnosis.course import course
from headend.diagnosis.decisions import decisions
from headend.diagnosis.facts import facts, where, who
from headend.diagnosis.ruled_out import ruled_out
from headend.diagnosis.rules_access import access_rules
from headend.diagnosis.rules_certificate import certificate_rules
from headend.diagnosis.rules_client import client_rules
from headend.diagnosis.rules_clock import clock_rules
from headend.diagnosis.rules_directory import directory_rules
from headend.diagnosis.rules_policy import policy_rules
from headend.diagnosis.rules_reject import reject_rules
from headend.diagnosis.rules_saml import saml_rules
from headend.diagnosis.rules_server import server_rules
from headend.diagnosis.rules_tls import tls_rules
from headend.diagnosis.rules_token import token_rules
from headend.diagnosis.ruling import Ruling, ruling
from headend.diagnosis.server_words import BUILT_IN
from headend.diagnosis.stages import stage_reports
from headend.diagnosis.verdicts import (
    debug_outcome,
    exchanged,
    outcome_of,
    statuses,
    syslog_outcome,
)
from headend.model.diagnosis import Cause, Diagnosis, Outcome, Span, Stage, StageState

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt, Entry
    from headend.diagnosis.words import Words

_RULES = (tls_rules, certificate_rules, saml_rules, policy_rules, access_rules)
# These read what servers say, in words that differ from site to site.
_READING = (server_rules, clock_rules, directory_rules, token_rules, reject_rules, client_rules)
# From here on a guess that fits every reject is only noise beside a finding.
_SURE = 0.6
# No more than this where only the order of crossing lines tells whose login it is.
_GUESSED = 0.5


def judge(attempt: Attempt, words: Words = BUILT_IN) -> Diagnosis:
    """Return what the lines of ``attempt`` allow to say now; ``words`` are the servers' words."""
    return told(attempt, *verdict(attempt, words))


def verdict(attempt: Attempt, words: Words = BUILT_IN) -> tuple[Outcome, list[Ruling]]:
    """Return how ``attempt`` ended, and what may be the cause, ranked and never empty."""
    outcome = outcome_of(attempt)
    return outcome, _rulings(attempt, words, outcome)


def told(attempt: Attempt, outcome: Outcome, rulings: list[Ruling]) -> Diagnosis:
    """Return the whole diagnosis that belongs to a verdict."""
    undecided = outcome is Outcome.INCOMPLETE and rulings[0].finding.cause is Cause.UNKNOWN
    stages = stage_reports(attempt, outcome, [] if undecided else rulings)
    failing = next((one.stage for one in stages if one.state is StageState.FAILED), None)
    named = facts(attempt, failing if failing is Stage.SECONDARY else None)
    debug, syslog = debug_outcome(attempt), syslog_outcome(attempt)
    started, ended = times(attempt)
    return Diagnosis(
        id=str(attempt.number),
        headend=attempt.host or attempt.label,
        user=attempt.user,
        client_ip=attempt.client_ip,
        tunnel_group=named.tunnel_group,
        group_policy=named.group_policy,
        server_group=named.server_group,
        server=named.server,
        admin_login=admin(attempt),
        started=started,
        ended=ended,
        outcome=outcome,
        stage=failing,
        causes=tuple(one.finding for one in rulings),
        stages=stages,
        witnesses={
            "debug": debug.value if debug is not None else None,
            "counters": None,
            "syslog": syslog.value if syslog is not None else None,
        },
        ruled_out=ruled_out(attempt, {one.finding.cause for one in rulings}),
        settled=_settled(attempt, outcome),
        unknown_lines=attempt.unknown,
        span=span(attempt),
        decisions=decisions(attempt),
        course=course(attempt),
        client_clock=attempt.client_clock,
        began=began(attempt),
    )


def admin(attempt: Attempt) -> bool:
    """Return whether it is the login of an administrator to the headend itself."""
    if attempt.first("syslog", *messages.ADMIN) is not None:
        return True
    web = attempt.first("syslog", "716038", "716039")
    return web is not None and web.event.fields.get("session_type") == "admin"


def _rulings(attempt: Attempt, words: Words, outcome: Outcome) -> list[Ruling]:
    ranked = _ranked(attempt, words, outcome)
    if attempt.guessed and exchanged(attempt) is not outcome:
        return [_capped(one) for one in ranked]
    return ranked


def _ranked(attempt: Attempt, words: Words, outcome: Outcome) -> list[Ruling]:
    if outcome is Outcome.ACCEPTED:
        last = attempt.entries[-1] if attempt.entries else None
        said = f"The login of {who(attempt)} was accepted by {where(attempt)}."
        return [ruling(Cause.NONE, Stage.SESSION, 0.95, said, _proof(attempt) or last)]
    found = list(chain.from_iterable(rule(attempt) for rule in _RULES))
    found.extend(chain.from_iterable(rule(attempt, words) for rule in _READING))
    if any(not one.weak and one.finding.confidence >= _SURE for one in found):
        found = [one for one in found if not one.weak]
    ranked = sorted(_merged(found), key=lambda one: -one.finding.confidence)
    if ranked:
        return ranked
    return [_unexplained(attempt, outcome)]


def _capped(one: Ruling) -> Ruling:
    if one.finding.confidence <= _GUESSED:
        return one
    said = f"{one.finding.summary} Whose login it is, is guessed: the lines of several cross here."
    return replace(one, finding=replace(one.finding, confidence=_GUESSED, summary=said))


def _proof(attempt: Attempt) -> Entry | None:
    return (
        attempt.first("syslog", *messages.STARTED, *messages.ADMIN_STARTED)
        or attempt.last("aaa", "final")
        or attempt.last("radius", "verdict")
        or attempt.last("ldap", "success")
        or attempt.first("syslog", "113008", "113004", "113012")
    )


def _merged(found: list[Ruling]) -> list[Ruling]:
    """Return one ruling a cause: the surest, with the evidence of all."""
    merged: dict[Cause, Ruling] = {}
    for one in found:
        known = merged.get(one.finding.cause)
        if known is None:
            merged[one.finding.cause] = one
            continue
        best, other = (
            (one, known) if one.finding.confidence > known.finding.confidence else (known, one)
        )
        lines = tuple(dict.fromkeys([*best.finding.evidence, *other.finding.evidence]))
        merged[one.finding.cause] = replace(best, finding=replace(best.finding, evidence=lines))
    return list(merged.values())


def _unexplained(attempt: Attempt, outcome: Outcome) -> Ruling:
    last = attempt.entries[-1] if attempt.entries else None
    if outcome is Outcome.INCOMPLETE and attempt.closed and not statuses(attempt):
        said = f"The AAA session of {who(attempt)} was closed before any server had answered."
        return ruling(
            Cause.CLIENT_ABORTED, _reached(attempt), 0.6, said, attempt.last("aaa", "closed")
        )
    if outcome is Outcome.INCOMPLETE:
        said = f"The lines end before the login of {who(attempt)} does."
        return ruling(Cause.UNKNOWN, _reached(attempt), 0.5, said, last)
    said = f"The login of {who(attempt)} ended as {outcome.value}, and no line tells why."
    return ruling(Cause.UNKNOWN, _reached(attempt), 0.5, said, last)


def _reached(attempt: Attempt) -> Stage:
    return attempt.entries[-1].stage if attempt.entries else Stage.PRIMARY


def times(attempt: Attempt) -> tuple[str | None, str | None]:
    """Return the first and the last time that its lines name in full, or when they arrived."""
    entries = _heard(attempt)
    times = [time for entry in entries if (time := stamp(entry.event))]
    if times:
        return times[0], times[-1]
    live = [e.event.line.received for e in entries if e.event.line.received is not None]
    if live:
        first, last = (datetime.fromtimestamp(at, UTC).isoformat() for at in (live[0], live[-1]))
        return first, last
    return None, None


def began(attempt: Attempt) -> datetime | None:
    """Return the time of its first line that has one."""
    return next((moment for e in _heard(attempt) if (moment := when(e.event))), None)


def _heard(attempt: Attempt) -> list[Entry]:
    # The client's clock may be another: it is asked where no headend told of the attempt.
    heard = [entry for entry in attempt.entries if entry.event.facility != CLIENT]
    return heard or attempt.entries


def span(attempt: Attempt) -> Span | None:
    """Return from which line to which its own source tells of it."""
    numbers = [
        e.event.line.number for e in attempt.entries if e.event.line.source == attempt.source
    ]
    return Span(attempt.source, min(numbers), max(numbers)) if numbers else None


def _settled(attempt: Attempt, outcome: Outcome) -> bool:
    """Return whether the lines still to come can hardly change the verdict."""
    if attempt.session:
        return attempt.closed
    if outcome in {Outcome.INCOMPLETE, Outcome.CHALLENGED}:
        return False
    if attempt.first("ldap") is not None:
        return attempt.last("ldap", "ended") is not None
    if attempt.first("radius") is not None:
        return attempt.last("radius", "remove", "delete") is not None
    if outcome is Outcome.ACCEPTED:
        return attempt.first("syslog", *messages.STARTED, *messages.ADMIN_STARTED) is not None
    return True
