"""The context of a headend in which users log in: entered by the name that the inventory gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from nornir.core.inventory import Host

from headend.device.session import AsaSession
from headend.errors import InputError

ENTER = "changeto context {context}"
SYSTEM = "changeto system"
_NAME = re.compile(r"[\w.-]{1,32}", re.ASCII)


def named(host: Host) -> str | None:
    """Return the host's ``context`` (``data: {context: RA-EAST}``), ``None`` where it has none.

    Raises ``InputError`` for what cannot be the name of a context.
    """
    name = host.get("context")
    if name is not None and not _NAME.fullmatch(str(name)):
        raise InputError(
            f"The inventory's context {name!r} of {host.name} is no name of a context",
            remedy="A name has up to 32 letters, digits, dots, hyphens and underscores",
        )
    return None if name is None else str(name)


def enter(session: AsaSession, name: str | None) -> None:
    """Move the session into a context, ``None`` being the system space, unless it is there.

    Raises ``InputError`` where the headend has no context of that name.
    """
    if session.prompt.context != name:
        command = ENTER.format(context=name) if name else SYSTEM
        entered(session, name, session.ask(command))


def enter_own(session: AsaSession, host: Host) -> None:
    """Move the session into the host's context, where the inventory gives it one."""
    name = named(host)
    if name is not None:
        enter(session, name)


@contextmanager
def inside(session: AsaSession, name: str | None) -> Iterator[None]:
    """Be in a context for the length of the block."""
    before = session.prompt.context
    enter(session, name)
    yield
    enter(session, before)


def entered(session: AsaSession, name: str | None, reply: str) -> None:
    """Judge the reply to ``changeto``: silence is success."""
    if reply.strip():
        raise InputError(
            f"{session.where} has no context {name!r} that we may enter: {reply.strip()}",
            remedy="Correct the context of this headend in the inventory; show context lists them",
        )
