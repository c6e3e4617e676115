"""The Nornir tasks: preflight, snapshot, arm, capture, disarm."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Concatenate, ParamSpec

from nornir.core.task import Result, Task

from headend.device import contexts, debug_set, debugs
from headend.device.bracket import AFTER, Bracket, Host, look, read, refuse
from headend.device.debug_set import Wanted
from headend.device.listen import Stop
from headend.device.progress import Observer
from headend.device.session import AsaSession
from headend.device.situation import MAX_CPU, Limits
from headend.device.tape import Tape
from headend.errors import CaptureRefused, HeadendError
from headend.model.check import Check

# Nornir logs a failed task with its traceback; without a handler Python prints that on stderr.
logging.getLogger("nornir").addHandler(logging.NullHandler())

CONNECTION = "headend"
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
    limits = Limits(duration, max_cpu)
    wanted = wanted or Wanted(client_ip=client_ip)
    found, replies = look(session_of(task), limits, wanted, contexts.named(task.host))
    return Result(host=task.host, result=_table(found), checks=found, replies=replies)


@_task
def snapshot(task: Task, commands: Sequence[str] = AFTER) -> Result:
    """Read some ``show`` commands; ``replies`` maps each command to its text."""
    session = session_of(task)
    context = contexts.named(task.host)
    if context:
        contexts.enter(session, context)
    replies = read(session, commands)
    text = "\n\n".join(f"{command}\n{reply}" for command, reply in replies.items())
    return Result(host=task.host, result=text, replies=replies)


@_task
def arm(task: Task, wanted: Wanted = Wanted()) -> Result:  # noqa: B008 - frozen
    """Switch debugs on in this host's session; ``capture`` does it with a sure end.

    ``wanted`` says whose login is to be seen, or names the debugs.
    """
    session = session_of(task)
    found, replies = look(session, Limits(DURATION), wanted, contexts.named(task.host))
    refuse(session, found)
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
    when one of the ``limits`` is reached; a lost session is opened once more. The result's
    ``ending`` says which; the session is closed.
    """
    name = task.host.name
    bracket = Bracket(
        Host(
            name,
            lambda tape: _recorded(task, tape),
            lambda: _log_out(task),
            contexts.named(task.host),
        ),
        tape(name),
        lambda step: observer(name, step),
        stop or Stop(),
        limits,
        wanted,
    )
    ending = bracket.run()
    return Result(host=task.host, result=f"ended: {ending}", ending=ending)


def _recorded(task: Task, tape: Tape) -> AsaSession:
    """Return the session to the task's host, on tape from its first byte where it is a new one."""
    if CONNECTION not in task.host.connections:
        extras = task.host.get_connection_parameters(CONNECTION).extras or {}
        task.host.open_connection(CONNECTION, task.nornir.config, extras=extras | {"tape": tape})
    session = session_of(task)
    session.record_to(tape)
    return session


def _log_out(task: Task) -> None:
    # Nornir raises its own error for a connection that is not open; there is nothing to close then.
    with suppress(Exception):
        task.host.close_connection(CONNECTION)


def _table(found: Sequence[Check]) -> str:
    return "\n".join(f"{check.state:8} {check.name:14} {check.reason}" for check in found)
