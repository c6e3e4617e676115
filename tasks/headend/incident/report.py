"""The report of an incident as Markdown and as one HTML file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headend.incident.markup import environment
from headend.model.diagnosis import Cause, Report, Stage, StageState


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
    templates = environment(html=name.endswith(".html.j2"))
    templates.filters["sure"] = confidence_words
    return templates.get_template(name).render(
        report=report,
        record=record,
        stages=list(Stage),
        StageState=StageState,
        Cause=Cause,
    )
