"""What a line must look like to be typed at all, whoever wrote it and whoever approved it."""

from __future__ import annotations

import re

from headend.errors import CommandRefused
from headend.model.change import LineClass, PlannedLine

# What is typed in exec mode. Each names what it acts on.
_ACTIONS = (
    re.compile(r"clear aaa local user lockout username [\w.@-]+", re.ASCII),
    re.compile(r"vpn-sessiondb logoff tunnel-group [\w.-]+ noconfirm", re.ASCII),
)
# A "clear configure" without a name wipes every object of its kind, without asking.
_CLEAR = re.compile(
    r"clear configure (?:crypto ca certificate map|tunnel-group|group-policy) [\w.-]+", re.ASCII
)
# "?" asks for help and leaves half a line, "!" makes a comment of it.
_PRINTABLE = re.compile(r"[ -~]{1,250}", re.ASCII)
_NEVER = re.compile(r"[?!;|`$]|^ *(?:reload|write|copy|delete|more|exit|end)\b")


def planned(text: str) -> PlannedLine:
    """Return a line with its class; raises ``CommandRefused`` for one that is unfit."""
    plain = text.strip()
    if plain.startswith("clear configure") and not _CLEAR.fullmatch(plain):
        raise CommandRefused(
            f"{plain!r} names no single object", remedy="It would wipe all of its kind"
        )
    if any(action.fullmatch(text) for action in _ACTIONS):
        return PlannedLine(text, LineClass.ACTION)
    exec_words = ("clear aaa", "vpn-sessiondb")
    if plain.startswith(exec_words) or not _PRINTABLE.fullmatch(text) or _NEVER.search(text):
        raise CommandRefused(f"{text[:80]!r} is no line that a change may type")
    return PlannedLine(text)
