"""A template of a change, rendered into its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from headend.paths import TEMPLATES

_PARTS = ("title", "lines", "inverse", "state", "before", "after", "risks", "instead")
_HEADING = re.compile(rf"\[({'|'.join(_PARTS)})\]")


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
