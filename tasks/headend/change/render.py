"""A template of a change, rendered into its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from headend.errors import CommandRefused
from headend.model.change import LineClass, PlannedLine
from headend.paths import TEMPLATES

_PARTS = ("title", "lines", "inverse", "state", "before", "after", "risks", "instead")
_HEADING = re.compile(rf"\[({'|'.join(_PARTS)})\]")
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


def rendered(kind: str, values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the parts of a change's template, each as lines without blank ones.

    Raises ``jinja2.UndefinedError`` where a value is missing: that is a mistake in the template.
    """
    text = _environment().get_template(f"{kind}.j2").render(values)
    parts: dict[str, list[str]] = {part: [] for part in _PARTS}
    part = ""
    for line in text.split("\n"):
        heading = _HEADING.fullmatch(line.strip())
        if heading:
            part = heading[1]
        elif line.strip() and part:
            parts[part].append(line.rstrip())
    return {name: tuple(lines) for name, lines in parts.items()}


def planned(text: str) -> PlannedLine:
    """Return a rendered line with its class; raises ``CommandRefused`` for one that is unfit."""
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


def quoted(value: str) -> str:
    """Return a value as it is typed: in quotes where it has a blank."""
    return f'"{value}"' if " " in value else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "changes"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - device text; every value was checked before
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["quoted"] = quoted
    return environment
