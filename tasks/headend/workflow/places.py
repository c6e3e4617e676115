"""The headends as they are now, for a plan: their configuration, and who uses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nornir.core import Nornir
from nornir.core.task import Result, Task

from headend.device import configure, tasks
from headend.errors import HeadendError
from headend.model.line import Line
from headend.parse import show
from headend.parse.read import Reader
from headend.policy.configuration import Configuration
from headend.policy.exposure import People, Session
from headend.workflow.planning import Place

_SESSIONS = "show vpn-sessiondb anyconnect"
# Who logged in lately, as far as the headend's own buffer goes back.
_LATELY = "show logging | include 113039"
_MOST_USERS = 200


@dataclass(frozen=True, slots=True)
class Gathered:
    """What could be read: the places, their configurations' text, and why the others failed."""

    places: tuple[Place, ...]
    texts: Mapping[str, str]
    failed: Mapping[str, HeadendError]


def gathered(nornir: Nornir) -> Gathered:
    """Read every chosen headend, in parallel and read-only."""
    results = nornir.run(task=_read, name="read")
    nornir.close_connections()
    places, texts, failed = [], {}, {}
    for name in sorted(results):
        result = results[name][0]
        if isinstance(result.exception, HeadendError):
            failed[name] = result.exception
        elif result.exception is not None:
            raise result.exception
        else:
            text, sessions, lately = result.result
            texts[name] = text
            places.append(place(name, text, sessions, lately))
    return Gathered(tuple(places), texts, failed)


def place(name: str, configuration: str, sessions: str = "", lately: str = "") -> Place:
    """Return a headend as its replies tell of it."""
    rows = show.rows(_SESSIONS, sessions)
    living = tuple(
        Session(row["username"], row.get("tunnel_group", ""), row.get("group_policy", ""))
        for row in rows
        if row.get("username")
    )
    return Place(name, Configuration.parse(configuration), People(living, _users(lately)))


def _read(task: Task) -> Result:
    try:
        session = tasks.session_of(task)
        text = configure.running(session)
        sessions, lately = session.ask_all([_SESSIONS, _LATELY], 60.0)
    except HeadendError as error:
        return Result(host=task.host, failed=True, exception=error)
    return Result(host=task.host, result=(text, sessions, lately))


def _users(lately: str) -> tuple[str, ...]:
    reader = Reader()
    found: dict[str, None] = {}
    for number, text in enumerate(lately.splitlines(), 1):
        for event in reader.feed(Line(_LATELY, number, text))[1]:
            user = event.fields.get("user")
            if user and set(user) != {"*"}:
                found[user] = None
    return tuple(found)[:_MOST_USERS]
