"""Templates of Markdown and of HTML, in which no received text is more than text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headend.model.line import visible
from headend.paths import TEMPLATES

if TYPE_CHECKING:
    from jinja2 import Environment

# A backslash makes a mark mean itself. Those that act anywhere, and those of which some viewers
# make a link; escaping every mark would be hard to read.
_MARKS = re.compile(r"[\\`*_\[\]<>|~&$@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# What begins a heading, a list or a rule.
_BEGINNING = re.compile(r"^(\s*)([#+=-])|^(\s*\d{1,9})([.)])(?=\s|$)")


class _Verbatim(str):
    """Text that is Markdown already."""

    __slots__ = ()


def environment(*, html: bool) -> Environment:
    """Return the environment of the report templates, HTML or Markdown."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - slow

    made = Environment(
        loader=FileSystemLoader(TEMPLATES / "report"),
        autoescape=html,  # noqa: S701 - in Markdown it is finalize that escapes
        finalize=_html_text if html else _markdown_text,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["verbatim"] = lambda text: _Verbatim(visible(str(text)))
    return made


def _html_text(value: object) -> object:
    return value if hasattr(value, "__html__") else visible(str(value))


def _markdown_text(value: object) -> str:
    if isinstance(value, _Verbatim):
        return value
    return _BEGINNING.sub(r"\1\3\\\2\4", _MARKS.sub(r"\\\g<0>", visible(str(value))))
