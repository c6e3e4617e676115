"""Right before the first line: the headend is as it was planned for, and there is time left."""

from __future__ import annotations

from datetime import UTC, datetime

from headend.change.window import time_needed
from headend.device import configure, gather
from headend.device.session import AsaSession
from headend.errors import Refused
from headend.policy.conditions import holds
from headend.policy.configuration import Configuration
from headend.workflow.application import Application
from headend.workflow.places import place
from headend.workflow.rederiving import require_unforged
from headend.workflow.standing import moved


def require_as_planned(session: AsaSession, application: Application, text: str) -> None:
    """Raise ``Refused`` where the headend is not as it was when the plan was approved.

    So too where its turn comes too late to end in the window.
    """
    target, live = application.target, Configuration.parse(text)
    if application.window is not None:
        late = application.window.refusal(datetime.now(UTC), time_needed([target], 1))
        if late:
            raise Refused(f"{target.headend} is not changed now: {late}")
    differs = moved(target, live)
    if differs:
        raise Refused(
            f"{target.headend} is not as it was when the change was planned:\n{differs}",
            remedy="Plan and approve it anew: headend change new",
        )
    now = place(target.headend, gather.read(session, text))
    require_unforged(application.plan, target, now, application.token_name)
    for condition in target.before:
        if not holds(live, condition):
            raise Refused(f"{target.headend}: the change needs {condition}")
    unsaved = configure.unsaved(session, text)
    if not application.hands.allow_unsaved and unsaved is not False:
        raise Refused(
            f"{target.headend} has changes that nobody has saved yet"
            if unsaved
            else f"{target.headend} does not tell whether everything is saved",
            remedy="Ask whose they are: saving this change would save them too (--with-unsaved)",
        )
