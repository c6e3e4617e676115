"""Apply a plan on one headend, verify it, and take it back where it does not hold: one task."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress

from nornir.core.task import Result, Task

from headend.device import configure, contexts, tasks
from headend.device.fitness import fitness
from headend.device.session import AsaSession
from headend.errors import HeadendError, LoginError, Refused, SessionLost
from headend.model.change import EndState, LineClass, PlannedLine
from headend.model.check import CheckState
from headend.policy.configuration import Configuration
from headend.policy.typed import typed
from headend.workflow.application import AFTER, BEFORE, Application, Outcome, printed, redacted
from headend.workflow.as_planned import require_as_planned
from headend.workflow.standing import beside, difference, edited_since, missing, still_needed
from headend.workflow.turn import taken

_BETWEEN = 2.0  # seconds before a headend that cut us off is asked again
_SHOWN = 300
_SAVE = PlannedLine(configure.SAVE)


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
        with _turn(task, application):
            outcome = step(task, application)
    except HeadendError as error:
        outcome = _ended_by(application, error)
    finally:
        with suppress(Exception):
            task.host.close_connection(tasks.CONNECTION)
    failed = outcome.state not in {EndState.APPLIED, EndState.VERIFIED, EndState.ROLLED_BACK}
    return Result(
        host=task.host, result=f"{outcome.state}: {outcome.why}", outcome=outcome, failed=failed
    )


def _turn(task: Task, application: Application) -> AbstractContextManager[None]:
    host, plan = task.host, application.plan
    place = f"{host.hostname}:{host.port or 22}/{contexts.named(host) or ''}"
    return taken(place, host.name, application.hands.who, f"change {plan.id}")


def _ended_by(application: Application, error: HeadendError) -> Outcome:
    """Say where the headend stands behind an error: behind a typed line a person has to look."""
    why = "\n".join(part for part in (error.message, error.remedy) if part)
    if application.typed:
        lost = isinstance(error, (SessionLost, LoginError))
        return application.outcome(EndState.UNKNOWN if lost else EndState.PARTIAL, why)
    refused = isinstance(error, Refused)
    return application.untouched(EndState.REFUSED if refused else EndState.PLANNED, why)


def _apply(task: Task, application: Application) -> Outcome:
    target = application.target
    session = _session(task, application, target.lines + target.inverse)
    text = configure.running(session)
    require_as_planned(session, application, text)
    application.change.keep(target.headend, BEFORE, redacted(text))
    try:
        judgement = configure.type_lines(session, target.lines, application.note, "apply", text)
        if judgement.goes_on and judgement.words:
            application.warnings.append(f"it said: {judgement.words}")
        live = Configuration.parse(configure.running(session))
    except SessionLost as lost:
        return _after_loss(task, application, text, str(lost))
    others = beside(Configuration.parse(text), target, live) if judgement.goes_on else ""
    if others:
        application.warnings.append(f"besides these lines, or because of them: {others[:_SHOWN]}")
    refused = "" if judgement.goes_on else f"the headend refused a line: {judgement.words}"
    return _settled(task, application, session, live, refused)


def _settled(
    task: Task, application: Application, session: AsaSession, live: Configuration, refused: str
) -> Outcome:
    """Say ``applied`` where everything holds; else take back what was typed."""
    lacking = refused or missing(live, application.target)
    if not lacking:
        application.change.keep(application.target.headend, AFTER, printed(live))
        return application.outcome(EndState.APPLIED)
    return _taken_back(task, application, session, lacking)


def _taken_back(task: Task, application: Application, session: AsaSession, why: str) -> Outcome:
    """Type the way back, as far as it would change something, and compare with what was before."""
    before = application.change.kept(application.target.headend, BEFORE) or ""
    try:
        live = Configuration.parse(configure.running(session))
        lines = still_needed(live, application.target.inverse)
        judgement = configure.type_lines(session, lines, application.note, "roll-back")
        now = configure.steady(redacted(configure.running(session)))
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
    saved = configure.unsaved(session, text) is False
    lines = still_needed(live, target.inverse)
    if not any(line.line_class is LineClass.CONFIGURATION for line in lines):
        return _forgotten(session, application, live, "nothing of it was there any more")
    edited = edited_since(target, application.change.kept(target.headend, AFTER), live)
    if edited:
        raise Refused(
            f"{target.headend}: somebody edited what this change made:\n{edited}",
            remedy="Agree with them first; the lines of the way back stand in the review",
        )
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
        return _forgotten(session, application, now, "", only_ours=saved)
    said = judgement.words or ", ".join(left)
    return application.outcome(EndState.PARTIAL, f"the way back was not taken whole: {said}")


def _forgotten(
    session: AsaSession,
    application: Application,
    now: Configuration,
    why: str,
    *,
    only_ours: bool = False,
) -> Outcome:
    """Say ``rolled-back`` when the next reload does not bring the change back; save for that.

    ``only_ours`` tells that nobody had anything unsaved before the way back. Else it is saved only
    where the saved configuration with the way back is the running one: it would save theirs too.
    """
    saved = configure.saved(session)
    if saved is not None:
        then = Configuration.parse(saved)
        lines = still_needed(then, application.target.inverse)
        if not any(line.line_class is LineClass.CONFIGURATION for line in lines):
            return application.outcome(EndState.ROLLED_BACK, why)
        without = typed(then, [line.text for line in lines])
        only_ours = only_ours or without.text() == now.text()
    if not only_ours:
        return application.outcome(
            EndState.PARTIAL,
            "it is gone from the running configuration, and the next reload may bring it back: "
            "saving now would save changes that somebody else has not saved. Ask whose they are, "
            f"have them saved ({configure.SAVE}), and roll back again",
        )
    complaint = configure.save(session)
    if complaint:
        return application.outcome(
            EndState.PARTIAL, f"it is gone, and that is not saved: {complaint}. Roll back again"
        )
    return application.outcome(EndState.ROLLED_BACK, why)


def _save(task: Task, application: Application) -> Outcome:
    target = application.target
    session = _session(task, application, (_SAVE,))
    text = configure.running(session)
    live = Configuration.parse(text)
    lacking = missing(live, target)
    if lacking:
        raise Refused(
            f"{target.headend}: the change does not stand as it was applied: {lacking}",
            remedy=f"Take it back: headend change rollback {application.plan.id}",
        )
    if configure.unsaved(session, text) is False:
        return application.outcome(EndState.VERIFIED, "somebody saved it already")
    after = application.change.kept(target.headend, AFTER)
    now = printed(live)
    if not application.hands.allow_unsaved and after is not None and after != now:
        raise Refused(
            f"{target.headend} has changed since, and saving would save that too:\n"
            f"{difference(after, now)}",
            remedy="Ask whose it is, then verify again (--with-unsaved)",
        )
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
        if check.state is CheckState.WARN:
            application.warnings.append(check.reason)
    contexts.enter_own(session, task.host)
    return session


def _reconnected(task: Task, application: Application) -> AsaSession | None:
    target = application.target
    while application.reconnects:
        application.reconnects -= 1
        with suppress(Exception):
            task.host.close_connection(tasks.CONNECTION)
        try:
            session = tasks.session_of(task)
            contexts.enter_own(session, task.host)
        except (LoginError, SessionLost):
            time.sleep(_BETWEEN)
            continue
        except HeadendError:
            return None
        session.approve(configure.may_type((*target.lines, *target.inverse, _SAVE)))
        return session
    return None
