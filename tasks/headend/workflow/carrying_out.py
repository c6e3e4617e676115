"""A change in its window: may it begin, the first headend alone, then the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nornir.core import Nornir
from nornir.core.task import Result

from headend.change.window import time_needed
from headend.errors import HeadendError, InputError, Refused
from headend.incident.changes import APPLY, ChangeFolder
from headend.model.change import EndState, Plan
from headend.workflow import applying, approving, journal
from headend.workflow.application import Application, Hands, Outcome
from headend.workflow.approving import Approved
from headend.workflow.site_words import site_words

_Step = Callable[..., Result]
Told = Callable[[Outcome], object]


@dataclass(frozen=True, slots=True)
class Permission:
    """Why a change may be typed: its approval, or the reason for which none was waited for."""

    approved: Approved | None
    broken_glass: str = ""


def permission(change: ChangeFolder, plan: Plan, allowed_signers: Any, why: str) -> Permission:
    """Return the permission to apply a plan; raises ``Refused`` where there is none.

    ``why`` breaks the glass: no approval is asked for now, the record says so loudly, and two
    people have to approve afterwards. Nothing is applied from a copy: it has no record of its own.
    """
    if change.incident is None:
        raise Refused(
            f"{change.path} is a copy of a change that this record does not have",
            remedy="Apply it where it was planned; the copy brings its signatures there",
        )
    approving.not_revoked(change)
    if journal.is_over(plan):
        raise Refused(
            f"Change {plan.id} is an exception that ended on {plan.expires}",
            remedy="Plan it anew, with an end that is still to come: headend change new",
        )
    # The digest says that nobody edited the plan since: the record, that it was made here.
    if not change.was_planned(plan.digest):
        raise Refused(
            f"The record of change {change.id} does not say that plan {plan.id} was made here",
            remedy="Look who put it there: headend incident verify; then headend change new",
        )
    if not why:
        return Permission(approving.approved(change, plan, allowed_signers))
    change.audit("BREAK GLASS: applied without approval", why=why, plan=plan.digest)
    change.write(approving.GLASS, f"{datetime.now(UTC).isoformat()} {why}\n".encode())
    return Permission(None, why)


def jobs(
    change: ChangeFolder, plan: Plan, granted: Permission, inventory: Path, hands: Hands
) -> list[Application]:
    """Return what is to be done now.

    Headends on which the change stands already are left alone. Raises ``Refused`` where it stands
    on all, in a freeze, outside the window, and where it cannot end in it.
    """
    left = [
        target
        for target in plan.targets
        if hands.only in {None, target.headend} and not journal.applied(change, target.headend)
    ]
    if not left:
        raise Refused(
            f"Change {plan.id} is applied already",
            remedy=f"Next, with the user: headend change verify {plan.id}",
        )
    window = granted.approved.window if granted.approved else None
    if window is not None:
        needed = time_needed(left, hands.at_once)
        frozen = approving.frozen_now(approving.freezes(inventory), needed)
        if frozen:
            raise Refused(frozen, remedy="Wait for its end, or break the glass")
        reason = window.refusal(datetime.now(UTC), needed)
        if reason:
            raise Refused(f"Change {plan.id} does not begin now: {reason}")
    token_name = site_words(inventory).token_group
    return [Application(plan, target, change, hands, window, token_name) for target in left]


def carried_out(
    nornir: Nornir, to_do: Sequence[Application], told: Told = lambda _outcome: None
) -> tuple[Outcome, ...]:
    """Apply a plan: the first headend alone, the others only when it stands there."""
    change, plan = to_do[0].change, to_do[0].plan
    change.audit(APPLY, headends=[job.target.headend for job in to_do], plan=plan.digest)
    first = _run(nornir, applying.apply_target, to_do[:1], told)
    if first[0].state is not EndState.APPLIED:
        return first
    return (*first, *_run(nornir, applying.apply_target, to_do[1:], told))


def taken_back(
    nornir: Nornir,
    change: ChangeFolder,
    plan: Plan,
    hands: Hands,
    told: Told = lambda _outcome: None,
) -> tuple[Outcome, ...]:
    """Take a plan back on every headend on which any of it may stand."""
    jobs = [
        Application(plan, target, change, hands)
        for target in plan.targets
        if journal.standing(change, target.headend) is not EndState.PLANNED
    ]
    if not jobs:
        raise InputError(f"Change {change.id} stands on no headend", remedy="headend change list")
    # No signature is asked for here, so that the way back is always open: it is open for the plan
    # that was applied, and for no other that was put in its place.
    if not change.was_applied(plan.digest):
        raise Refused(
            f"The record of change {change.id} does not say that plan {plan.id} was ever applied",
            remedy="Only what was applied is taken back: headend incident verify",
        )
    change.audit("roll back", headends=[job.target.headend for job in jobs])
    return _run(nornir, applying.roll_back_target, jobs, told)


def saved(
    nornir: Nornir,
    change: ChangeFolder,
    plan: Plan,
    hands: Hands,
    told: Told = lambda _outcome: None,
) -> tuple[Outcome, ...]:
    """Save the configuration of every headend on which the change stands and is proved."""
    jobs = [
        Application(plan, target, change, hands)
        for target in plan.targets
        if journal.applied(change, target.headend)
    ]
    change.audit("save", headends=[job.target.headend for job in jobs])
    return _run(nornir, applying.save_target, jobs, told)


def status_of(outcomes: Iterable[Outcome], wanted: EndState) -> int:
    """Return the exit status for what became of a change; the published order decides."""
    states = {outcome.state for outcome in outcomes}
    for status, bad in (
        (16, {EndState.PARTIAL, EndState.UNKNOWN}),
        (15, {EndState.ROLLED_BACK} - {wanted}),
        (12, {EndState.REFUSED}),
        (13, {EndState.PLANNED}),
        (16, {EndState.APPLIED} - {wanted}),
    ):
        if states & bad:
            return status
    return 0


def _run(
    nornir: Nornir, step: _Step, jobs: Sequence[Application], told: Told
) -> tuple[Outcome, ...]:
    by_name = {job.target.headend: job for job in jobs}
    unknown = sorted(by_name.keys() - nornir.inventory.hosts.keys())
    if unknown:
        raise InputError(
            f"The inventory has no headend {', '.join(unknown)}",
            remedy="Use the inventory with which the change was planned",
        )
    if not jobs:
        return ()
    chosen = nornir.filter(filter_func=lambda host: host.name in by_name)

    def one(task: Any) -> Result:
        job = by_name[task.host.name]
        if job.hands.stopped():
            outcome = job.untouched(EndState.REFUSED, "interrupted: nothing was begun here")
            return Result(host=task.host, outcome=outcome)
        return step(task, application=job)

    chosen.data.reset_failed_hosts()
    results = chosen.run(task=one, name=step.__name__)
    outcomes, failure = [], None
    for job in jobs:
        result = results[job.target.headend][0]
        if result.exception is not None:
            failure = failure or result.exception
            continue
        ended: Outcome = result.outcome  # type: ignore[attr-defined]  # the task's own field
        outcomes.append(_recorded(job.change, ended))
    for outcome in outcomes:
        told(outcome)
    if failure is not None:  # a mistake of ours; where the others stand is in the record by now
        raise failure
    return tuple(outcomes)


def _recorded(change: ChangeFolder, outcome: Outcome) -> Outcome:
    """Write an end state into the record; where that fails the state is told all the same."""
    try:
        change.audit("end state", headend=outcome.headend, state=outcome.state, why=outcome.why)
    except HeadendError as error:
        return replace(outcome, warnings=(*outcome.warnings, f"not recorded: {error.message}"))
    return outcome
