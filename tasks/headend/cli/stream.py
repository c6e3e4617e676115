"""The news of an investigation as JSON, one object a line, for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from typing import Any

from headend.device.progress import Arming, Checked, Connected, Disarmed, Listening, Lost
from headend.errors import HeadendError
from headend.incident.reading import Gap
from headend.model.document import attempt_document, report_document
from headend.model.line import Line
from headend.workflow.conclusion import Conclusion
from headend.workflow.investigation import Investigation
from headend.workflow.news import (
    AttemptChanged,
    Behind,
    HeadendFailed,
    HeadendIs,
    HeadendStep,
    LinesCame,
    News,
    Ready,
)

_STATES = (
    (Connected, "connected"),
    (Checked, "checked"),
    (Arming, "arming"),
    (Listening, "armed"),
    (Lost, "lost"),
    (Disarmed, "disarmed"),
)


def run(investigation: Investigation) -> Conclusion:
    """Print each piece of news, then the result."""
    with closing(investigation.__iter__()) as every:
        for news in every:
            tell(news)
    conclusion = investigation.conclusion
    say(
        report_document(conclusion.report)
        | {
            "event": "result",
            "incident": {"id": conclusion.incident.id, "path": str(conclusion.incident.path)},
            "ending": conclusion.ending,
            "headends": list(conclusion.headends),
            "timing": conclusion.timing,
            "status": conclusion.status,
        }
    )
    return conclusion


def tell(news: News) -> None:
    """Print one piece of news."""
    if isinstance(news, LinesCame):
        say(*map(_line, news.lines))
    else:
        say(_document(news))


def say(*documents: Mapping[str, Any] | None) -> None:
    """Print objects, one a line, at once."""
    data = memoryview("".join(f"{json.dumps(each)}\n" for each in documents if each).encode())
    sys.stdout.flush()
    while data:  # an unbuffered stream (PYTHONUNBUFFERED) takes a part when a signal comes
        data = data[sys.stdout.buffer.write(data) :]
    sys.stdout.buffer.flush()


def _line(line: Line) -> dict[str, Any]:
    return {
        "event": "line",
        "headend": line.headend,
        "line": line.number,
        "received": line.received,
        "text": line.text,
    } | ({"gap": True} if isinstance(line, Gap) else {})


def _document(
    news: AttemptChanged | Behind | Ready | HeadendFailed | HeadendIs | HeadendStep,
) -> dict[str, Any] | None:
    if isinstance(news, AttemptChanged):
        attempt = attempt_document(news.attempt)
        return {
            "event": "attempt",
            "headend": news.headend,
            "asked": news.chosen,
            "settled": news.attempt.settled,
        } | attempt
    if isinstance(news, Behind):
        return {"event": "behind", "bytes": news.bytes}
    if isinstance(news, Ready):
        return {
            "event": "ready",
            "headends": list(news.armed),
            "waiting": list(news.waiting),
            "seconds": round(news.seconds, 3),
            "elsewhere": list(news.elsewhere),
        }
    return _headend(news)


def _headend(news: HeadendFailed | HeadendIs | HeadendStep) -> dict[str, Any] | None:
    if isinstance(news, HeadendStep):
        return _step(news)
    facts: Mapping[str, Any]
    if isinstance(news, HeadendIs):
        facts = news.facts
    else:
        known = isinstance(news.error, HeadendError)
        text = str(news.error) if known else f"{type(news.error).__name__}: {news.error}"
        facts = {"state": news.state, "error": text}
    return {"event": "headend", "name": news.headend, **facts}


def _step(news: HeadendStep) -> dict[str, Any] | None:
    for kind, state in _STATES:
        if isinstance(news.step, kind):
            facts: dict[str, Any] = {"event": "headend", "name": news.headend, "state": state}
            if isinstance(news.step, Checked):
                facts["checks"] = [asdict(check) for check in news.step.checks]
            if isinstance(news.step, Listening):
                facts["debugs"] = list(news.step.debugs)
            if isinstance(news.step, Lost):
                facts["error"] = news.step.message
            if isinstance(news.step, Disarmed):
                facts |= {"ending": news.step.ending, "proof": news.step.proof}
            return facts
    return None
