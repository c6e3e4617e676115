"""The report of an incident as one HTML file, as Markdown and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from headend.incident.markup import environment
from headend.incident.story import Story, story_document
from headend.model.diagnosis import Cause, Lane, Outcome, StageState

_LONGEST = 120
_HASH = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{28,}\b")
_LANES = {Lane.CLIENT: "Client", Lane.HEADEND: "Headend", Lane.SERVER: "AAA server"}
_OUTCOMES = {
    Outcome.ACCEPTED: "logged in",
    Outcome.REJECTED: "was rejected",
    Outcome.CHALLENGED: "was asked for more and did not get in",
    Outcome.TIMEOUT: "got no answer from a server",
    Outcome.ERROR: "could not be asked about",
    Outcome.INCOMPLETE: "was not decided before the capture ended",
}
_STATES = {
    StageState.PASSED: ("✓", "passed"),
    StageState.FAILED: ("✗", "failed here"),
    StageState.UNSEEN: ("?", "not visible"),
    StageState.NOT_REACHED: ("–", "not reached"),  # noqa: RUF001 - the dash is meant
}


def markdown_report(story: Story) -> str:
    """Return the report of an incident as Markdown."""
    return _render("report.md.j2", story)


def html_report(story: Story) -> str:
    """Return the report of an incident as one HTML file without script or outside parts."""
    return _render("report.html.j2", story)


def json_report(story: Story) -> str:
    """Return the report of an incident as the document ``headend.report/1``."""
    # ASCII: no received character can act on whatever shows it.
    return json.dumps(story_document(story), indent=2, default=str) + "\n"


FORMATS = {"html": html_report, "markdown": markdown_report, "json": json_report}


def confidence_words(confidence: float) -> str:
    """Return how sure we are, in words."""
    steps = ((0.9, "almost certain"), (0.7, "very likely"), (0.5, "likely"), (0.3, "possible"))
    return next((words for least, words in steps if confidence >= least), "a guess")


def _details(details: Mapping[str, Any]) -> str:
    """Return the details of an audit record on one line, lists and hashes cut short."""
    shown = []
    for name, value in details.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        if text:
            text = _HASH.sub(r"\1…", text)
            shown.append(f"{name}: {text if len(text) <= _LONGEST else text[:_LONGEST] + '…'}")
    return "; ".join(shown)


def _clock(at: str | None) -> str:
    """Return ``2026-11-25T16:34:21.718046+00:00`` as ``2026-11-25 16:34:21``."""
    return (at or "").replace("T", " ")[:19]


def _after(seconds: float | None) -> str:
    """Return a time after the first moment: ``+0.008 s``."""
    return "" if seconds is None else f"+{seconds:.3f} s" if seconds < 100 else f"+{seconds:.0f} s"  # noqa: PLR2004 - milliseconds no longer matter


def _render(name: str, story: Story) -> str:
    templates = environment(html=name.endswith(".html.j2"))
    templates.filters.update(sure=confidence_words, details=_details, clock=_clock, after=_after)
    return templates.get_template(name).render(
        story=story,
        record=story.record,
        report=story.report,
        lanes=_LANES,
        outcomes=_OUTCOMES,
        states=_STATES,
        StageState=StageState,
        Cause=Cause,
    )
