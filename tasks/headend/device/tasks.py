"""The Nornir tasks: preflight, snapshot, arm, capture, disarm."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Concatenate, ParamSpec

from nornir.core.task import Result, Task

from headend.device import checks, contexts, debug_set, debugs
from headend.device.debug_set import Wanted
from headend.device.listen import Stop, listen
from headend.device.progress import (
    Arming,
    Checked,
    Connected,
    Disarmed,
    Listening,
    Observer,
    Snapshot,
    Step,
)
from headend.device.session import AsaSession
from headend.device.situation import MAX_CPU, Limits, Situation
from headend.device.tape import Tape
from headend.errors import CaptureRefused, DebugNotOff, HeadendError, SessionLost, StandbyUnit
from headend.model.check import Check, CheckState

# Nornir logs a failed task with its traceback; without a handler Python prints that on stderr.
logging.getLogger("nornir").addHandler(logging.NullHandler())

CONNECTION = "headend"
AFTER = ("show aaa-server", "show checksum")
DURATION = 120.0

_P = ParamSpec("_P")


def _task(
    function: Callable[Concatenate[Task, _P], Result],
) -> Callable[Concatenate[Task, _P], Result]:
    """Turn our errors into a failed ``Result`` that reads as a sentence, not as a traceback."""

    @functools.wraps(function)
    def run(task: Task, *args: _P.args, **kwargs: _P.kwargs) -> Result:
        try:
            return function(task, *args, **kwargs)
        except HeadendError as error:
            return Result(host=task.host, failed=True, result=str(error), exception=error)

    return run  # type: ignore[return-value]  # Nornir passes the task by position


def session_of(task: Task) -> AsaSession:
    """Return the open session to the task's host, logging in where there is none."""
    session: AsaSession = task.host.get_connection(CONNECTION, task.nornir.config)
    return session


@_task
def preflight(
    task: Task,
    duration: float = DURATION,
    max_cpu: float = MAX_CPU,
    client_ip: str | None = None,
    wanted: Wanted | None = None,
) -> Result:
    """Check whether a capture of ``duration`` seconds can work here, and is safe; read-only.

    ``max_cpu`` is the load in per cent above which none is safe, ``client_ip`` the address that
    the headend must not shun; ``wanted`` says more of the login. The result's ``checks`` is a
    tuple of ``Check``; ``replies`` maps each command to its reply. A headend that refuses is a
    finding, not a failed task.
    """
    wanted = wanted or Wanted(client_ip=client_ip)
    found, replies = _preflight(task, session_of(task), Limits(duration, max_cpu), wanted)
    return Result(host=task.host, result=_table(found), checks=found, replies=replies)


@_task
def snapshot(task: Task, commands: Sequence[str] = AFTER) -> Result:
    """Read some ``show`` commands; ``replies`` maps each command to its text."""
    session = session_of(task)
    context = contexts.named(task.host)
    if context:
        contexts.enter(session, context)
    replies = _read(session, commands)
    text = "\n\n".join(f"{command}\n{reply}" for command, reply in replies.items())
    return Result(host=task.host, result=text, replies=replies)


@_task
def arm(task: Task, wanted: Wanted = Wanted()) -> Result:  # noqa: B008 - frozen
    """Switch debugs on in this host's session; ``capture`` does it with a sure end.

    ``wanted`` says whose login is to be seen, or names the debugs.
    """
    session = session_of(task)
    found, replies = _preflight(task, session, Limits(DURATION), wanted)
    _refuse(session, found)
    try:
        armed = debugs.arm(session, debug_set.choose(wanted, replies))
    except CaptureRefused:
        debugs.disarm(session)
        raise
    return Result(host=task.host, result="armed: " + ", ".join(armed.debugs), armed=armed)


@_task
def disarm(task: Task) -> Result:
    """Switch every debug of this host's session off, read it back, and log out.

    Run it with ``on_failed=True``: Nornir leaves failed hosts out of the next run.
    """
    try:
        proof = debugs.disarm(session_of(task))
    finally:
        _log_out(task)
    return Result(host=task.host, result=proof)


@_task
def capture(  # noqa: PLR0913 - each is one choice of the caller
    task: Task,
    *,
    tape: Callable[[str], Tape],
    observer: Observer = lambda _headend, _step: None,
    stop: Stop | None = None,
    limits: Limits = Limits(DURATION),  # noqa: B008 - frozen
    wanted: Wanted = Wanted(),  # noqa: B008 - frozen
) -> Result:
    """Arm, listen, disarm: one bracket, one task, because a second run would skip a failed host.

    ``tape(host name)`` gives the tape that records the session. Ends when ``stop`` asks for it or
    after the duration of ``limits``. The result's ``ending`` says which; the session is closed.
    """
    stop = stop or Stop()
    recording = tape(task.host.name)

    def tell(step: Step) -> None:
        observer(task.host.name, step)

    username, sid, condition = "", None, None
    try:
        session = session_of(task)
        # Told first: the observer learns now which secrets the tape must not let through.
        tell(Connected(time.time() - session.began))
        session.record_to(recording)
        username = session.username
        found, replies = _preflight(task, session, limits, wanted)
        tell(Checked(found, replies))
        _refuse(session, found)
        if stop.requested:
            tell(Disarmed(stop.reason, "nothing was armed"))
            return Result(host=task.host, result=f"ended: {stop.reason}", ending=stop.reason)
        sid = checks.own_session(replies["show ssh sessions"], username, session.local_address)
        chosen = debug_set.choose(wanted, replies)
        condition = chosen.condition
        address = session.local_address
        tell(Arming(session.host, session.port, username, address, sid, chosen.commands))
        try:
            with debugs.armed(session, chosen) as armed:
                tell(Listening(time.time() - session.began, armed.debugs, armed.refused))
                ending = listen(session, stop, limits.duration)
        except CaptureRefused:
            tell(Disarmed(None, debugs.PROOF))
            raise
        tell(Disarmed(ending, debugs.proof(armed.condition)))
        with suppress(SessionLost):  # the proof is had; a lost after-picture is only a pity
            tell(Snapshot(_read(session, AFTER)))
    except SessionLost as lost:
        _log_out(task)
        if username:
            tell(Disarmed(None, _prove_gone(task, username, sid, condition, lost)))
        raise
    finally:
        recording.close(time.time())
        _log_out(task)
    return Result(host=task.host, result=f"ended: {ending}", ending=ending)


def _prove_gone(
    task: Task, username: str, sid: int | None, condition: str | None, lost: SessionLost
) -> str:
    """Prove that a lost session ended on the headend as well: its debug ended with it.

    The condition that it may have set did not, and is taken back.

    Raises ``DebugNotOff`` where the headend cannot be asked, or still lists the session.
    """
    try:
        session = session_of(task)
        ours = checks.sessions_of(session.ask("show ssh sessions"), username)
        context = contexts.named(task.host)
        if context:
            contexts.enter(session, context)
        if condition:
            debugs.reset(session)
    except DebugNotOff:
        raise
    except HeadendError as error:
        raise DebugNotOff(
            f"{lost.message}, and the headend could not be asked whether its session ended: "
            f"{error.message}",
            remedy="Run headend sweep as soon as it answers",
        ) from error
    if len(ours) == 1 or (sid is not None and sid not in ours):
        return "the lost session is not in show ssh sessions any more, and its debug with it"
    raise DebugNotOff(
        f"{lost.message}, and the headend still lists {len(ours)} SSH sessions of {username!r}",
        remedy="Run headend sweep: it ends the session that was lost",
    )


def _preflight(
    task: Task, session: AsaSession, limits: Limits, wanted: Wanted
) -> tuple[tuple[Check, ...], dict[str, str]]:
    context = contexts.named(task.host)
    change = contexts.ENTER.format(context=context)
    commands = (*checks.OF_THE_HEADEND, *([change] if context else []), *checks.OF_THE_CONTEXT)
    replies = _read(session, commands)
    if context:
        contexts.entered(session, context, replies.pop(change))
    elif "multiple" in replies["show mode"]:
        replies[checks.CONTEXTS] = session.ask(checks.CONTEXTS)
    here = Situation(replies, limits, time.time(), wanted, session.prompt.context)
    return checks.run(here), replies


def _read(session: AsaSession, lines: Sequence[str]) -> dict[str, str]:
    return dict(zip(lines, session.ask_all(lines), strict=True))


def _refuse(session: AsaSession, found: Sequence[Check]) -> None:
    for check in found:
        if check.state is CheckState.REFUSE:
            refused = StandbyUnit if check.name == "role" else CaptureRefused
            raise refused(f"{session.where}: {check.reason}", remedy=check.remedy)


def _log_out(task: Task) -> None:
    # Nornir raises its own error for a connection that is not open; there is nothing to close then.
    with suppress(Exception):
        task.host.close_connection(CONNECTION)


def _table(found: Sequence[Check]) -> str:
    return "\n".join(f"{check.state:8} {check.name:14} {check.reason}" for check in found)
