"""What an account must be allowed to type: the least TACACS+ command set that works."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headend.device import checks, debugs, session, tasks
from headend.device.commands import CommandClass, classify

_NEEDED = {
    "every verb": (*session.TYPED, *checks.COMMANDS, *tasks.AFTER),
    "a capture": (*debugs.EVERY, debugs.OFF, "show debug"),
    "headend sweep, to end a session that was left behind": (r"ssh disconnect \d+",),
}


def needed() -> dict[str, tuple[str, ...]]:
    """Return what each journey types, as regular expressions of whole lines.

    A filter is kept apart: whether a headend sends it to the AAA server is not documented.
    """
    return {
        purpose: tuple(dict.fromkeys(_pattern(line) for line in lines))
        for purpose, lines in _NEEDED.items()
    }


def command_set() -> str:
    """Return them as text: grant, command, and its arguments as a regular expression (ISE's way)."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "# What headend types on a headend, as a TACACS+ command set. The account also needs"
    yield "# privilege 15 where debug was not given to a lower level. Nothing here changes anything."
    for purpose, patterns in needed().items():
        yield ""
        yield f"# For {purpose}"
        for pattern in patterns:
            command, _, arguments = pattern.partition(" ")
            yield f"PERMIT  {command:9} ^{arguments}$"
