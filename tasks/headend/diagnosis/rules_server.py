"""What silent, missing and distrusted AAA servers rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis.answers import answers
from headend.diagnosis.facts import server_group, where, who
from headend.diagnosis.messages import HANDSHAKE_FAILED
from headend.diagnosis.ruling import Ruling, capital, ruling
from headend.diagnosis.verdicts import distrusted, statuses, timed_out, unanswered
from headend.model.diagnosis import Cause, Stage
from headend.model.line import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt, Entry
    from headend.diagnosis.words import Words

# Where the reason of 113013 is about something later than the password.
_STAGES = {
    Cause.GROUP_POLICY_MISSING: Stage.GROUP_POLICY,
    Cause.SIMULTANEOUS_LOGINS: Stage.GROUP_POLICY,
    Cause.GROUP_NOT_AUTHORIZED: Stage.AUTHORIZATION,
    Cause.POSTURE_FAILED: Stage.GROUP_POLICY,
}
_SAID_OF_ERRORS = 0.9


def server_rules(attempt: Attempt, words: Words) -> Iterator[Ruling]:
    """Yield what the servers' silence, or the headend's failure to ask them, rules."""
    bad = distrusted(attempt)
    if bad is None:
        yield from _silence(attempt, words)
    elif not _answered_after(attempt, bad):
        said = (
            f"The headend cannot verify the answer of {where(attempt, bad.stage)}: "
            f"the shared secret differs, and {who(attempt)} was not judged."
        )
        yield ruling(Cause.SERVER_SECRET_MISMATCH, bad.stage, 0.9, said, bad)
    yield from _no_server(attempt)
    yield from _syslog(attempt, words)


def _answered_after(attempt: Attempt, entry: Entry) -> bool:
    given = answers(attempt)
    return bool(given) and given[-1][1].place > entry.place


def _silence(attempt: Attempt, words: Words) -> Iterator[Ruling]:
    quiet = timed_out(attempt)
    given_up = unanswered(attempt)
    status = next((e for word, e in reversed(statuses(attempt)) if word == "UNAVAILABLE"), None)
    if attempt.first("aaa", "no-server") is not None:
        status = None
    if given_up is None and quiet is not None and _answered_after(attempt, quiet):
        quiet = None
    proof = [entry for entry in (quiet, given_up, status) if entry is not None]
    if not proof or any(one.stage is proof[0].stage for one in attempt.find("ldap")):
        return
    stage = proof[0].stage
    sends = sum(one.stage is stage for one in attempt.find("radius", "send"))
    tries = f" to {sends} requests" if sends > 1 else ""
    said = f"No answer{tries} from {where(attempt, stage)}: {who(attempt)} could not be checked."
    asked = any(word == "CHALLENGE" for word, _ in answers(attempt))
    second = stage is Stage.SECONDARY
    token = words.token_group(server_group(attempt, stage)) and not asked
    where_failed = Stage.CHALLENGE if asked else stage
    sure = 0.55 if asked or (token and second) else 0.75 if token else 0.9
    yield ruling(Cause.SERVER_UNREACHABLE, where_failed, sure, said, *proof)
    if token:
        said = (
            f"{where(attempt, stage)} kept silent for {who(attempt)}: a push or call that nobody "
            "confirmed in time looks so too."
        )
        yield ruling(Cause.MFA_TIMEOUT, stage, 0.5 if second else 0.4, capital(said), *proof)


def handshake_failed(attempt: Attempt) -> Entry | None:
    """Return the line that says that the TLS handshake with a server failed, not a client's."""
    failed = attempt.find("syslog", HANDSHAKE_FAILED)
    return next((one for one in failed if "server" in one.event.fields), None)


def _no_server(attempt: Attempt) -> Iterator[Ruling]:
    missing = attempt.last("aaa", "no-server")
    if missing is None:
        return
    marked = attempt.first("syslog", "113022", "113045", "113014")
    tried = attempt.first("radius", "timeout", "send") or attempt.first("aaa", "server")
    said = (
        f"The headend found no server in service in {where(attempt, missing.stage)} "
        f"for {who(attempt)}."
    )
    sure = marked is not None or tried is not None
    yield ruling(
        Cause.SERVER_UNREACHABLE, missing.stage, 0.8 if sure else 0.55, said, missing, marked
    )
    yield ruling(Cause.SERVER_NOT_CONFIGURED, missing.stage, 0.3 if sure else 0.6, said, missing)


def _syslog(attempt: Attempt, words: Words) -> Iterator[Ruling]:
    dead = attempt.first("syslog", "113014", "409023")
    marked = attempt.first("syslog", "113022", "113045")
    shaken = handshake_failed(attempt)
    if dead is not None and shaken is not None:
        said = (
            f"The headend could not check {who(attempt)}: its TLS handshake with "
            f"{where(attempt)} failed."
        )
        yield ruling(Cause.SERVER_TLS_FAILED, dead.stage, 0.9, said, shaken, dead)
    elif dead is not None and distrusted(attempt) is None:
        said = f"The headend could not reach {where(attempt)} to check {who(attempt)}."
        yield ruling(Cause.SERVER_UNREACHABLE, dead.stage, 0.9, said, dead, marked)
    failed = attempt.first("syslog", "113013")
    if failed is not None and dead is None:
        reason = failed.event.fields.get("reason", "")
        named = words.reason(reason)
        if named is not None:
            said = (
                f"The headend could not complete the AAA request of {who(attempt)}: "
                f'"{visible(reason)}".'
            )
            stage = _STAGES.get(named[0], Stage.PRIMARY)
            yield ruling(named[0], stage, min(named[1], _SAID_OF_ERRORS), said, failed)
