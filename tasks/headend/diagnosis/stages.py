"""The nine stages of an attempt: passed, failed, unseen or not reached, by the evidence."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from headend.diagnosis import messages
from headend.diagnosis.attempt import evidence
from headend.diagnosis.talk import talk
from headend.diagnosis.verdicts import statuses
from headend.model.diagnosis import Outcome, Stage, StageReport, StageState

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt, Entry
    from headend.diagnosis.ruling import Ruling

HINTS: dict[Stage, str] = {
    Stage.TLS: "debug crypto ikev2 protocol, or syslog 725001-725006",
    Stage.CERTIFICATE: "debug crypto ca, or syslog 717xxx",
    Stage.TUNNEL_GROUP: "debug radius decode, or syslog 113040 and 717038",
    Stage.PRIMARY: "debug aaa common with debug radius all or debug ldap 255",
    Stage.CHALLENGE: "debug radius all",
    Stage.SECONDARY: "debug aaa common",
    Stage.AUTHORIZATION: "debug aaa common, debug ldap 255",
    Stage.GROUP_POLICY: "debug aaa common, debug dap trace",
    Stage.SESSION: "debug webvpn anyconnect, or syslog 113039 and 722xxx",
}
_ORDER = tuple(Stage)


def stage_reports(
    attempt: Attempt, outcome: Outcome, rulings: list[Ruling]
) -> tuple[StageReport, ...]:
    """Return all nine stages; ``rulings`` are ranked, and the first names the failing stage."""
    failing = rulings[0].stage if rulings and outcome is not Outcome.ACCEPTED else None
    proof = rulings[0].finding.evidence if rulings else ()
    reports = []
    for stage in _ORDER:
        if failing is not None and stage is failing:
            reports.append(StageReport(stage, StageState.FAILED, proof))
        elif failing is not None and _ORDER.index(stage) > _ORDER.index(failing):
            reports.append(StageReport(stage, StageState.NOT_REACHED))
        else:
            reports.append(_passed(attempt, stage, outcome))
    return tuple(reports)


def _passed(attempt: Attempt, stage: Stage, outcome: Outcome) -> StageReport:
    entries = _evidence(attempt, stage, outcome)
    if entries:
        return StageReport(stage, StageState.PASSED, evidence(*entries))
    if stage is Stage.PRIMARY and any(turn.word == "CHALLENGE" for turn in talk(attempt)):
        return StageReport(
            stage, StageState.UNSEEN, (), "the server asked for more before it judged"
        )
    return StageReport(stage, StageState.UNSEEN, (), f"add {HINTS[stage]}")


def _evidence(attempt: Attempt, stage: Stage, outcome: Outcome) -> list[Entry]:  # noqa: PLR0911 - one return a stage
    if stage is Stage.TLS:
        return _some(attempt.first("syslog", "725002"))
    if stage is Stage.CERTIFICATE:
        return _some(
            attempt.last("crypto-ca", "validated")
            or attempt.last("syslog", "717022", "717028", "113024")
        )
    if stage is Stage.TUNNEL_GROUP:
        return _landed(attempt)
    if stage in {Stage.PRIMARY, Stage.SECONDARY}:
        return _authenticated(attempt, stage)
    if stage is Stage.CHALLENGE:
        return _challenged(attempt)
    if stage is Stage.AUTHORIZATION:
        return _authorized(attempt)
    if stage is Stage.GROUP_POLICY:
        return _some(_admitted(attempt, outcome))
    return _some(attempt.first("syslog", *messages.STARTED, *messages.ADMIN_STARTED))


def _some(entry: Entry | None) -> list[Entry]:
    return [entry] if entry is not None else []


def _landed(attempt: Attempt) -> list[Entry]:
    for entry in attempt.entries:
        fields = entry.event.fields
        if entry.event.facility == "syslog" and "tunnel_group" in fields:
            return [entry]
        if fields.get("vendor") == "3076" and fields.get("type") == "146":
            return [entry]
    return []


def _authenticated(attempt: Attempt, stage: Stage) -> list[Entry]:
    for word, entry in statuses(attempt, stage):
        if word == "ACCEPT" and entry.event.fields["status_of"] == "Authentication":
            return [entry]
    accepted = [t.entry for t in talk(attempt) if t.word == "ACCEPT" and t.entry.stage is stage]
    if accepted:
        return accepted[-1:]
    for entry in attempt.find("ldap", "success"):
        if entry.stage is stage:
            return [entry]
    passed = [
        entry
        for entry in attempt.find("syslog", "113004", "113012", "611101")
        if entry.event.fields.get("action", "authentication") == "authentication"
    ]
    if stage is Stage.PRIMARY:
        return passed[:1] or _some(attempt.first("syslog", "113008", "716038", "605005"))
    return passed[1:2] if passed and passed[0].event.kind == passed[-1].event.kind else []


def _challenged(attempt: Attempt) -> list[Entry]:
    turns = talk(attempt)
    for earlier, later in pairwise(turns):
        if earlier.word == "CHALLENGE" and later.word == "ACCEPT":
            return [earlier.entry, later.entry]
    asked, accepted = attempt.first("syslog", "113010"), attempt.first("syslog", "113004", "113008")
    return [asked, accepted] if asked is not None and accepted is not None else []


def _authorized(attempt: Attempt) -> list[Entry]:
    found = [
        entry
        for word, entry in statuses(attempt, Stage.AUTHORIZATION)
        if word == "ACCEPT" and entry.event.fields["status_of"] != "Authentication"
    ]
    if found:
        return found
    for entry in attempt.find("syslog", "113004"):
        if entry.event.fields.get("action") == "authorization":
            return [entry]
    done = [
        e
        for e in attempt.find("ldap", "exit")
        if e.stage is Stage.AUTHORIZATION and e.event.fields["status"] == "1"
    ]
    return done[-1:] or _some(attempt.first("syslog", "113009", "113011", "113003"))


def _admitted(attempt: Attempt, outcome: Outcome) -> Entry | None:
    if outcome is Outcome.ACCEPTED:
        final = attempt.last("aaa", "final")
        if final is not None and attempt.first("aaa", "login-limit") is not None:
            return final
    return attempt.first("syslog", "734001") or attempt.first("syslog", *messages.STARTED)
