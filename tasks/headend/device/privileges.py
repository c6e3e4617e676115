"""What an account must be allowed to type: the least TACACS+ command set that works."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headend.device import (
    bracket,
    checks,
    configure,
    contexts,
    debug_set,
    debugs,
    fitness,
    gather,
    servers,
)
from headend.device.session import TYPED

# A word in braces stands for what differs from one run to the next.
NEEDED: dict[str, tuple[str, ...]] = {
    "every verb": (*TYPED, *checks.OF_THE_HEADEND, *checks.OF_THE_CONTEXT, *bracket.AFTER),
    "headends in multiple context mode": (checks.CONTEXTS, contexts.ENTER, contexts.SYSTEM),
    "headend investigate": (
        *debug_set.every(),
        debug_set.CONDITION,
        debugs.OFF,
        "show debug",
        debugs.RESET,
    ),
    "headend servers": servers.COMMANDS,
    "headend policy, and headend change (the approved lines come on top)": (
        *gather.COMMANDS,
        *fitness.COMMANDS,
        *configure.COMMANDS,
    ),
    "headend servers --test, with a group and a host each": (
        "show aaa-server {group}",
        servers.TEST,
    ),
    "headend sweep, where it ends a session that was left behind": ("ssh disconnect {sid}",),
}
_VARYING = re.compile(r"\\{\w+\\}")


def pattern(line: str) -> str:
    """Return a regular expression for one line of ``NEEDED``.

    It allows a filter behind ``show`` commands that use one: whether a headend sends filters to
    its AAA server is not documented.
    """
    command, piped, _ = line.partition(" |")
    return _VARYING.sub(r"\\S+", re.escape(command).replace(r"\ ", " ")) + "( .*)?" * bool(piped)


def command_set() -> str:
    """Return them as text: grant, command, and its arguments as a regular expression."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "# The commands that headend types, as a TACACS+ command set: grant, command, arguments."
    yield "# Debug needs privilege 15 as well. None of these changes the headend's configuration."
    for purpose, lines in NEEDED.items():
        yield ""
        yield f"# {purpose[0].upper()}{purpose[1:]}"
        for each in dict.fromkeys(map(pattern, lines)):
            command, _, arguments = each.partition(" ")
            yield f"PERMIT  {command:8}  {f'^{arguments}$' if arguments else ''}".rstrip()
