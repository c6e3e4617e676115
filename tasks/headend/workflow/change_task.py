"""The approved change as one Nornir task for other people's scripts."""

from __future__ import annotations

import getpass
from pathlib import Path

from nornir.core.task import Result, Task

from headend.config import Settings
from headend.errors import HeadendError, InputError
from headend.incident.changes import APPLY, ChangeStore
from headend.incident.store import IncidentStore
from headend.workflow import applying, carrying_out
from headend.workflow.application import Hands
from headend.workflow.changing import plan_of


def apply_change(
    task: Task, change: str, *, inventory: Path | None = None, incidents: Path | None = None
) -> Result:
    """Apply an approved change on this headend: type, read back, take back what does not hold.

    ``change`` is its id. Everything that ``headend change apply`` refuses is refused here too:
    without approval, outside the window, in a freeze, on a moved state. The result's ``outcome``
    says where the headend stands. Apply, verify and roll back are one task, because Nornir leaves
    a failed host out of the next run.
    """
    try:
        settings = Settings.resolve(inventory, incidents)
        found = ChangeStore(IncidentStore(settings.incidents)).get(change)
        plan = plan_of(found)
        granted = carrying_out.permission(found, plan, settings.allowed_signers, "")
        if task.host.name not in {target.headend for target in plan.targets}:
            raise InputError(f"Change {plan.id} is not for {task.host.name}")
        hands = Hands(getpass.getuser(), only=task.host.name)
        (job,) = carrying_out.jobs(found, plan, granted, settings.inventory, hands)
    except HeadendError as error:
        return Result(host=task.host, failed=True, result=str(error), exception=error)
    found.audit(APPLY, headends=[job.target.headend], plan=plan.digest)
    result = applying.apply_target(task, job)
    outcome = result.outcome  # type: ignore[attr-defined]  # the task's own field
    found.audit("end state", headend=outcome.headend, state=outcome.state, why=outcome.why)
    return result
