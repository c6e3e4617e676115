"""The news of an investigation as JSON, one object a line, for scripts."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import typer

from headend.device.progress import Arming, Checked, Connected, Disarmed, Listening
from headend.errors import HeadendError
from headend.model.document import attempt_document, report_document
from headend.workflow.investigation import Conclusion, Investigation
from headend.workflow.news import AttemptChanged, HeadendFailed, HeadendStep, LineCame, News, Ready

_STATES = (
    (Connected, "connected"),
    (Checked, "checked"),
    (Arming, "arming"),
    (Listening, "armed"),
    (Disarmed, "disarmed"),
)


def run(investigation: Investigation) -> Conclusion:
    """Print each piece of news, then the result."""
    for news in investigation:
        document = _document(news)
        if document:
            typer.echo(json.dumps(document))
    conclusion = investigation.conclusion
    result = report_document(conclusion.report) | {
        "event": "result",
        "incident": {"id": conclusion.incident.id, "path": str(conclusion.incident.path)},
        "headends": list(conclusion.headends),
        "timing": conclusion.timing,
        "status": conclusion.status,
    }
    typer.echo(json.dumps(result))
    return conclusion


def _document(news: News) -> dict[str, Any] | None:
    if isinstance(news, LineCame):
        line = news.line
        return {
            "event": "line",
            "headend": line.headend,
            "line": line.number,
            "received": line.received,
            "text": line.text,
        }
    if isinstance(news, AttemptChanged):
        attempt = attempt_document(news.attempt)
        return {"event": "attempt", "headend": news.headend, "asked": news.chosen} | attempt
    if isinstance(news, Ready):
        return {
            "event": "ready",
            "headends": list(news.armed),
            "seconds": round(news.seconds, 3),
            "elsewhere": list(news.elsewhere),
        }
    if isinstance(news, HeadendFailed):
        known = isinstance(news.error, HeadendError)
        text = str(news.error) if known else f"{type(news.error).__name__}: {news.error}"
        return {"event": "headend", "name": news.headend, "state": news.state, "error": text}
    return _step(news)


def _step(news: HeadendStep) -> dict[str, Any] | None:
    for kind, state in _STATES:
        if isinstance(news.step, kind):
            facts: dict[str, Any] = {"event": "headend", "name": news.headend, "state": state}
            if isinstance(news.step, Checked):
                facts["checks"] = [asdict(check) for check in news.step.checks]
            if isinstance(news.step, Listening):
                facts["debugs"] = list(news.step.debugs)
            return facts
    return None
