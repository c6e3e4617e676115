"""A report as Markdown and as one HTML file, in which no received text is more than text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from headend.model.diagnosis import Cause, Report, Stage, StageState
from headend.model.line import visible
from headend.paths import TEMPLATES

# A backslash makes a mark mean itself. Those that act anywhere, and those of which some viewers
# make a link; escaping every mark would be hard to read.
_MARKS = re.compile(r"[\\`*_\[\]<>|~&$@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# What begins a heading, a list or a rule.
_BEGINNING = re.compile(r"^(\s*)([#+=-])|^(\s*\d{1,9})([.)])(?=\s|$)")


class _Verbatim(str):
    """Text that is Markdown already."""

    __slots__ = ()


def markdown_report(report: Report, record: Mapping[str, Any]) -> str:
    """Return the report of an incident as Markdown."""
    return _render("report.md.j2", report, record)


def html_report(report: Report, record: Mapping[str, Any]) -> str:
    """Return the report of an incident as one HTML file without script or outside parts."""
    return _render("report.html.j2", report, record)


def confidence_words(confidence: float) -> str:
    """Return how sure we are, in words."""
    steps = ((0.9, "almost certain"), (0.7, "very likely"), (0.5, "likely"), (0.3, "possible"))
    return next((words for least, words in steps if confidence >= least), "a guess")


def _render(name: str, report: Report, record: Mapping[str, Any]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - slow

    html = name.endswith(".html.j2")
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "report"),
        autoescape=html,  # noqa: S701 - in Markdown it is finalize that escapes
        finalize=_html_text if html else _markdown_text,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["sure"] = confidence_words
    environment.filters["verbatim"] = lambda text: _Verbatim(visible(str(text)))
    return environment.get_template(name).render(
        report=report,
        record=record,
        stages=list(Stage),
        StageState=StageState,
        Cause=Cause,
    )


def _html_text(value: object) -> object:
    return value if hasattr(value, "__html__") else visible(str(value))


def _markdown_text(value: object) -> str:
    if isinstance(value, _Verbatim):
        return value
    return _BEGINNING.sub(r"\1\3\\\2\4", _MARKS.sub(r"\\\g<0>", visible(str(value))))
