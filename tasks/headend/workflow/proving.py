"""The proof of a change: the user's next login goes the way that was planned, others' do not."""

from __future__ import annotations

from collections.abc import Sequence

from headend.incident.changes import ChangeFolder
from headend.model.change import Plan, Target
from headend.model.diagnosis import Cause, Diagnosis, Outcome, Stage, StageState
from headend.model.policy import Caller, ClientCertificate, Encounter, Point
from headend.policy import exposure
from headend.policy.configuration import Configuration
from headend.policy.resolve import resolve
from headend.policy.way import TokenName
from headend.workflow.application import AFTER, BEFORE
from headend.workflow.planning import Place


def meant(plan: Plan) -> Caller | None:
    """Return for whom a plan was made, as far as it names somebody."""
    given = plan.parameters
    if "subject" in given:
        certificate = ClientCertificate({"cn": given["subject"]}, {"cn": given["issuer"]})
        return Caller(given["subject"], given["tunnel_group"], certificate=certificate)
    user = given.get("user")
    return Caller(user, given.get("tunnel_group")) if user or "tunnel_group" in given else None


def expected(change: ChangeFolder, plan: Plan) -> Encounter | None:
    """Return what the one for whom the plan was made should meet where it was applied."""
    caller = meant(plan)
    for target in plan.targets:
        after = change.kept(target.headend, AFTER)
        if caller is not None and after is not None:
            return resolve(Configuration.parse(after), caller)
    return None


def disproof(attempt: Diagnosis, way: Encounter | None) -> str:
    """Return why a login does not prove the change; empty where it does.

    It has to be accepted, by the expected path: with certificate and without token where the plan
    says so, into the expected tunnel group or group policy where the capture shows them.
    """
    if attempt.outcome is not Outcome.ACCEPTED:
        cause = attempt.causes[0]
        return f"the login was {attempt.outcome}: {cause.summary}"
    if any(finding.cause is not Cause.NONE for finding in attempt.causes[:1]):
        return f"the login has a fault: {attempt.causes[0].summary}"
    if way is None:
        return ""
    wrong = [
        f"it went through {what} {seen}, not {wanted}"
        for what, seen, wanted in (
            ("tunnel group", attempt.tunnel_group, way.value(Point.TUNNEL_GROUP)),
            ("group policy", attempt.group_policy, way.value(Point.GROUP_POLICY)),
        )
        if seen is not None and wanted is not None and seen.lower() != wanted.lower()
    ]
    asked = {report.stage: report.state for report in attempt.stages}
    if way.value(Point.PASSWORD) == "not asked":
        wrong += [
            f"{stage} took place, and the certificate alone should do"
            for stage in (Stage.PRIMARY, Stage.CHALLENGE)
            if asked.get(stage) in {StageState.PASSED, StageState.FAILED}
        ]
    return "; ".join(wrong)


def strangers(
    change: ChangeFolder, target: Target, now: Place, token_name: TokenName
) -> Sequence[str]:
    """Return what others meet now that the plan did not say: the control of the proof."""
    before = change.kept(target.headend, BEFORE)
    if before is None:
        return ()
    was = Configuration.parse(before)
    found = exposure.compared(was, now.configuration, (), now.people, token_name)
    told = {(one.who, one.point, one.after) for one in target.radius.others}
    return [
        f"{one.who}: {one.point} is now {one.after}, and it was {one.before}"
        for one in found.others
        if (one.who, one.point, one.after) not in told
    ]
