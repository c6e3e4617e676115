"""What silent, missing and distrusted AAA servers rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis.facts import where, who
from headend.diagnosis.ruling import Ruling, ruling
from headend.diagnosis.verdicts import radius_words, statuses, unanswered
from headend.model.diagnosis import Cause, Stage
from headend.model.line import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt


def server_rules(attempt: Attempt) -> Iterator[Ruling]:
    """Yield what the servers' silence, or the headend's failure to ask them, rules."""
    bad = attempt.first("radius", "bad-authenticator")
    if bad is not None:
        said = (
            f"The headend cannot verify the answer of {where(attempt, bad.stage)}: "
            f"the shared secret differs, and {who(attempt)} was not judged."
        )
        yield ruling(Cause.SERVER_SECRET_MISMATCH, bad.stage, 0.9, said, bad)
    else:
        yield from _silence(attempt)
    yield from _no_server(attempt)
    yield from _syslog(attempt)
    skew = attempt.first("syslog", "113020")
    if skew is not None:
        said = (
            f"Kerberos refuses logins: the clocks of the headend and {where(attempt)} "
            "differ too much."
        )
        yield ruling(Cause.CLOCK_SKEW, Stage.PRIMARY, 0.95, said, skew)


def _silence(attempt: Attempt) -> Iterator[Ruling]:
    quiet = attempt.last("radius", "timeout")
    given_up = unanswered(attempt)
    status = next((e for word, e in reversed(statuses(attempt)) if word == "UNAVAILABLE"), None)
    words = radius_words(attempt)
    if given_up is None and quiet is not None and words:
        quiet = None if words[-1][1].event.line.number > quiet.event.line.number else quiet
    proof = [entry for entry in (quiet, given_up, status) if entry is not None]
    if not proof or attempt.first("ldap") is not None:
        return
    stage = proof[0].stage
    sends = sum(1 for _ in attempt.find("radius", "send"))
    tries = f" to {sends} requests" if sends > 1 else ""
    said = f"No answer{tries} from {where(attempt, stage)}: {who(attempt)} could not be checked."
    asked = any(word == "CHALLENGE" for word, _ in words)
    where_failed = Stage.CHALLENGE if asked else stage
    yield ruling(Cause.SERVER_UNREACHABLE, where_failed, 0.55 if asked else 0.9, said, *proof)


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


def _syslog(attempt: Attempt) -> Iterator[Ruling]:
    dead = attempt.first("syslog", "113014", "409023")
    marked = attempt.first("syslog", "113022", "113045")
    if dead is not None:
        said = f"The headend could not reach {where(attempt)} to check {who(attempt)}."
        yield ruling(Cause.SERVER_UNREACHABLE, Stage.PRIMARY, 0.9, said, dead, marked)
    failed = attempt.first("syslog", "113013")
    if failed is not None and dead is None:
        reason = visible(failed.event.fields.get("reason", ""))
        said = f'The headend could not complete the AAA request of {who(attempt)}: "{reason}".'
        yield ruling(Cause.SERVER_UNREACHABLE, Stage.PRIMARY, 0.5, said, failed)
    saml = attempt.first("syslog", "716160", "716162")
    if saml is not None:
        reason = visible(saml.event.fields.get("reason", ""))
        said = f'The headend refused the SAML exchange of {who(attempt)}: "{reason}".'
        yield ruling(Cause.SAML_FAILED, Stage.PRIMARY, 0.9, said, saml)
        if "expired" in reason.casefold() or "not valid" in reason.casefold():
            yield ruling(Cause.CLOCK_SKEW, Stage.PRIMARY, 0.5, said, saml)
