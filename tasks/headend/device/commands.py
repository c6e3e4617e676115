"""The allow-list: what may be typed on a headend, by class; checked where bytes are written."""

from __future__ import annotations

import re
from enum import StrEnum

from headend.errors import CommandRefused


class CommandClass(StrEnum):
    """How much a command can do; a session is opened for some classes and refuses the others."""

    READ = "read"
    PROBE = "probe"
    ACTION = "action"


# A filter takes the rest of the line as one regular expression, so it may hold any printable
# character but "?" (help, which leaves half a command on the line).
_FILTER = r"(?: \| (?:include|begin|exclude|grep(?: -v)?) [ ->@-~]+)?"
_WORDS = r"[\w./:@()-]+(?: [\w./:@()-]+)*"
_DEBUG = r"(?:aaa|crypto|dap|kerberos|ldap|radius|sdi|tacacs|webvpn)(?: [\w.:@-]+)*"

_RULES: tuple[tuple[CommandClass, re.Pattern[str]], ...] = tuple(
    (command_class, re.compile(pattern, re.ASCII))
    for command_class, pattern in (
        (CommandClass.READ, r" ?"),  # an empty line; a blank turns the pager's page
        (CommandClass.READ, r"enable|exit|terminal pager 0|undebug all|no debug all"),
        (CommandClass.READ, r"changeto (?:system|context [\w.-]+)"),
        (CommandClass.READ, rf"show {_WORDS}{_FILTER}"),
        (CommandClass.READ, rf"(?:no )?debug {_DEBUG}"),
        (CommandClass.PROBE, r"test aaa-server authentication [\w.-]+ host [\w.:-]+"),
        (CommandClass.ACTION, r"ssh disconnect \d{1,5}"),
    )
)
# "show tech" loads a production headend; a second pipe could write a file.
_NEVER = re.compile(r"show tech|show .*\| *(?:redirect|append|tee)\b", re.ASCII)


def classify(command: str) -> CommandClass:
    """Return the class of one command line (without its line end).

    Raises ``CommandRefused`` for everything that is not on the list: configuration and acting
    commands have no business in a session that only looks.
    """
    if not _NEVER.match(command):
        for command_class, pattern in _RULES:
            if pattern.fullmatch(command):
                return command_class
    raise CommandRefused(
        f"{command!r} is not on the list of commands that this session may type",
        remedy="A headend is only looked at here: nothing was sent",
    )


def check(
    data: str, allowed: frozenset[CommandClass], approved: frozenset[str] = frozenset()
) -> None:
    """Check every line of what is about to be written.

    ``approved`` are lines that another person let this session type, to the letter. Raises
    ``CommandRefused`` when one line is neither approved nor of a class that the session may type.
    """
    for line in data.removesuffix("\n").split("\n"):
        if line in approved:
            continue
        command_class = classify(line)
        if command_class not in allowed:
            raise CommandRefused(
                f"{line!r} is a command of class {command_class}, and this session may only type "
                f"commands of class {', '.join(sorted(allowed))}"
            )
