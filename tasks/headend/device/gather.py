"""Read a headend for a plan: its configuration, its living sessions, who logged in lately."""

from __future__ import annotations

from dataclasses import dataclass

from nornir.core.task import Result, Task

from headend.device import configure, contexts, tasks
from headend.device.session import AsaSession
from headend.errors import HeadendError
from headend.model.line import Line
from headend.parse import show
from headend.parse.read import Reader

_SESSIONS = "show vpn-sessiondb anyconnect"
# Who logged in lately, as far as the headend's own buffer goes back.
_LATELY = "show logging | include 113039"
COMMANDS = (configure.RUNNING, _SESSIONS, _LATELY)
_MOST_USERS = 200
_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Readings:
    """The running configuration, living sessions as (user, tunnel group, group policy), users."""

    configuration: str
    sessions: tuple[tuple[str, str, str], ...]
    users: tuple[str, ...]


def gather(task: Task) -> Result:
    """Read one headend; the result is its ``Readings``. Nothing is changed."""
    try:
        session = tasks.session_of(task)
        contexts.enter_own(session, task.host)
        readings = read(session, configure.running(session))
    except HeadendError as error:
        return Result(host=task.host, failed=True, exception=error)
    return Result(host=task.host, result=readings)


def read(session: AsaSession, configuration: str) -> Readings:
    """Return a configuration that was read, with who uses the headend now and did lately."""
    living, lately = session.ask_all([_SESSIONS, _LATELY], _WAIT)
    return Readings(configuration, _living(living), _users(lately))


def _living(reply: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (row["username"], row.get("tunnel_group", ""), row.get("group_policy", ""))
        for row in show.rows(_SESSIONS, reply)
        if row.get("username")
    )


def _users(lately: str) -> tuple[str, ...]:
    reader = Reader()
    found: dict[str, None] = {}
    for number, text in enumerate(lately.splitlines(), 1):
        for event in reader.feed(Line(_LATELY, number, text))[1]:
            user = event.fields.get("user")
            if user and set(user) != {"*"}:
                found[user] = None
    return tuple(found)[:_MOST_USERS]
