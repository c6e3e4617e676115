"""Apply a plan on one headend, verify it, and take it back where it does not hold: one task."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from nornir.core.task import Result, Task

from headend.device import configure, contexts, tasks
from headend.device.fitness import fitness
from headend.device.session import AsaSession
from headend.errors import HeadendError, LoginError, Refused, SessionLost
from headend.incident.changes import ChangeFolder
from headend.model.change import EndState, LineClass, PlannedLine, Target
from headend.model.check import CheckState
from headend.policy.conditions import holds
from headend.policy.configuration import Configuration
from headend.redact import Redactor
from headend.workflow.standing import difference, edited_since, missing, moved, still_needed

_RECONNECTS = 3
_BETWEEN = 2.0  # seconds before a headend that cut us off is asked again
BEFORE, AFTER = "before.txt", "after.txt"
_SAVE = PlannedLine(configure.SAVE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a headend stands, what decided it, and the warnings on the way."""

    headend: str
    state: EndState
    why: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Application:
    """The application of one target: everything that is typed goes through its journal."""

    target: Target
    change: ChangeFolder
    allow_unsaved: bool = False
    warnings: list[str] = field(default_factory=list)

    def note(self, entry: Mapping[str, Any]) -> None:
        """Write an entry of the journal."""
        self.change.note(self.target.headend, entry)

    def outcome(self, state: EndState, why: str = "") -> Outcome:
        """Write where the headend stands, and return it."""
        self.note({"phase": "end", "state": state, "why": why, "at": time.time()})
        return Outcome(self.target.headend, state, why, tuple(self.warnings))

    def untouched(self, state: EndState, why: str) -> Outcome:
        """Write why nothing was typed; where the headend stands has not changed by that."""
        self.note({"phase": "untouched", "state": state, "why": why, "at": time.time()})
        return Outcome(self.target.headend, state, why, tuple(self.warnings))


def apply_target(task: Task, application: Application) -> Result:
    """Apply one target: check, type, read back; roll back on failure. Never raises for a headend.

    The result's ``outcome`` is an ``Outcome``. Nothing is saved to flash here: that is done once
    the change is proved by the user's own login.
    """
    return _bracket(task, application, _apply)


def roll_back_target(task: Task, application: Application) -> Result:
    """Take one target back; approved together with the change itself."""
    return _bracket(task, application, _roll_back)


def save_target(task: Task, application: Application) -> Result:
    """Save the configuration that the change is part of; ``[OK]`` is required."""
    return _bracket(task, application, _save)


def _bracket(
    task: Task, application: Application, step: Callable[[Task, Application], Outcome]
) -> Result:
    try:
        outcome = step(task, application)
    except Refused as error:
        outcome = application.untouched(EndState.REFUSED, str(error))
    except HeadendError as error:
        # Nothing was typed: what may have been is settled where it was typed.
        outcome = application.untouched(EndState.PLANNED, str(error))
    finally:
        with suppress(Exception):
            task.host.close_connection(tasks.CONNECTION)
    failed = outcome.state not in {EndState.APPLIED, EndState.VERIFIED, EndState.ROLLED_BACK}
    return Result(
        host=task.host, result=f"{outcome.state}: {outcome.why}", outcome=outcome, failed=failed
    )


def _apply(task: Task, application: Application) -> Outcome:
    target = application.target
    session = _session(task, application, target.lines + target.inverse)
    text = configure.running(session)
    _may_begin(session, application, text)
    application.change.keep(target.headend, BEFORE, _redacted(text))
    try:
        judgement = configure.type_lines(session, target.lines, application.note, "apply")
        if judgement.words:
            application.warnings.append(judgement.words)
        live = Configuration.parse(configure.running(session))
    except SessionLost as lost:
        return _after_loss(task, application, text, str(lost))
    refused = "" if judgement.goes_on else f"the headend refused a line: {judgement.words}"
    return _settled(task, application, session, live, refused)


def _settled(
    task: Task, application: Application, session: AsaSession, live: Configuration, refused: str
) -> Outcome:
    """Say ``applied`` where everything holds; else take back what was typed."""
    lacking = refused or missing(live, application.target)
    if not lacking:
        text = "\n".join(printed for line in live.lines for printed in line.printed())
        application.change.keep(application.target.headend, AFTER, _redacted(text))
        return application.outcome(EndState.APPLIED)
    return _taken_back(task, application, session, lacking)


def _taken_back(task: Task, application: Application, session: AsaSession, why: str) -> Outcome:
    """Type the way back, as far as it would change something, and compare with what was before."""
    before = application.change.kept(application.target.headend, BEFORE) or ""
    try:
        live = Configuration.parse(configure.running(session))
        lines = still_needed(live, application.target.inverse)
        judgement = configure.type_lines(session, lines, application.note, "roll-back")
        now = configure.steady(_redacted(configure.running(session)))
    except SessionLost as lost:
        again = _reconnected(task, application)
        if again is None:
            return application.outcome(EndState.UNKNOWN, f"{why}; and then {lost.message}")
        return _taken_back(task, application, again, why)
    if now == configure.steady(before):
        return application.outcome(EndState.ROLLED_BACK, why)
    left = difference(configure.steady(before), now)
    said = "" if judgement.goes_on else f"; the way back was refused: {judgement.words}"
    return application.outcome(EndState.PARTIAL, f"{why}{said}; it differs from before:\n{left}")


def _after_loss(task: Task, application: Application, before: str, why: str) -> Outcome:
    """Reconnect, read the live state, and decide from it."""
    application.note({"phase": "lost", "state": EndState.UNKNOWN, "why": why, "at": time.time()})
    session = _reconnected(task, application)
    if session is None:
        return application.outcome(EndState.UNKNOWN, f"{why}; it could not be reached again")
    try:
        text = configure.running(session)
    except SessionLost as lost:
        return application.outcome(EndState.UNKNOWN, f"{why}; and then {lost.message}")
    if configure.steady(text) == configure.steady(before):
        return application.outcome(EndState.ROLLED_BACK, f"{why}; nothing had been applied")
    live = Configuration.parse(text)
    return _settled(
        task, application, session, live, "" if not missing(live, application.target) else why
    )


def _roll_back(task: Task, application: Application) -> Outcome:
    target = application.target
    session = _session(task, application, (*target.inverse, _SAVE))
    text = configure.running(session)
    live = Configuration.parse(text)
    lines = still_needed(live, target.inverse)
    if not any(line.line_class is LineClass.CONFIGURATION for line in lines):
        return application.outcome(EndState.ROLLED_BACK, "nothing of it was there any more")
    edited = edited_since(target, application.change.kept(target.headend, AFTER), live)
    if edited:
        raise Refused(
            f"{target.headend}: somebody edited what this change made:\n{edited}",
            remedy="Agree with them first; the lines of the way back stand in the review",
        )
    # A change that was saved would come back with the next reload.
    saved = configure.unsaved(session, text) is False
    try:
        judgement = configure.type_lines(session, lines, application.note, "roll-back")
        now = Configuration.parse(configure.running(session))
    except SessionLost as lost:
        again = _reconnected(task, application)
        if again is None:
            return application.outcome(EndState.UNKNOWN, lost.message)
        return _roll_back(task, application)
    left = [line.text.strip() for line in still_needed(now, target.inverse) if line.text[:1] == " "]
    if judgement.goes_on and not left:
        complaint = configure.save(session) if saved else ""
        return application.outcome(
            EndState.ROLLED_BACK, f"it is not saved: {complaint}" if complaint else ""
        )
    said = judgement.words or ", ".join(left)
    return application.outcome(EndState.PARTIAL, f"the way back was not taken whole: {said}")


def _save(task: Task, application: Application) -> Outcome:
    session = _session(task, application, (_SAVE,))
    complaint = configure.save(session)
    if complaint:
        return application.outcome(EndState.APPLIED, f"it is not saved: {complaint}")
    return application.outcome(EndState.VERIFIED, "saved")


def _session(task: Task, application: Application, lines: Sequence[PlannedLine]) -> AsaSession:
    session = tasks.session_of(task)
    session.approve(configure.may_type(lines))
    for check in fitness(session):
        if check.state is CheckState.REFUSE:
            raise Refused(f"{application.target.headend}: {check.reason}", remedy=check.remedy)
    contexts.enter_own(session, task.host)
    return session


def _may_begin(session: AsaSession, application: Application, text: str) -> None:
    """Raise ``Refused`` where the headend is not as it was when the plan was approved."""
    target, live = application.target, Configuration.parse(text)
    differs = moved(target, live)
    if differs:
        raise Refused(
            f"{target.headend} is not as it was when the change was planned:\n{differs}",
            remedy="Plan and approve it anew: headend change new",
        )
    for condition in target.before:
        if not holds(live, condition):
            raise Refused(f"{target.headend}: the change needs {condition}")
    if not application.allow_unsaved and configure.unsaved(session, text):
        raise Refused(
            f"{target.headend} has changes that nobody has saved yet",
            remedy="Ask whose they are: saving this change would save them too (--with-unsaved)",
        )


def _reconnected(task: Task, application: Application) -> AsaSession | None:
    for _ in range(_RECONNECTS):
        with suppress(Exception):
            task.host.close_connection(tasks.CONNECTION)
        try:
            session = tasks.session_of(task)
        except LoginError:
            time.sleep(_BETWEEN)
            continue
        except HeadendError:
            return None
        target = application.target
        contexts.enter_own(session, task.host)
        session.approve(configure.may_type((*target.lines, *target.inverse, _SAVE)))
        return session
    return None


def _redacted(text: str) -> str:
    redactor = Redactor()
    data = redactor.feed(text.encode()) + redactor.flush()
    return data.decode("utf-8", "backslashreplace")
