"""What an incident says to whoever takes it over: five lines, and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headend.incident.owners import VPN, owner
from headend.incident.report import confidence_words
from headend.incident.summary import IncidentSummary
from headend.incident.verdict import attempt_of
from headend.model.diagnosis import Cause, Report

_LONGEST = 300
# What is to be done where a change is on its way, by the last milestone.
_CHANGE_STEPS = {
    "change_rendered": "have the change approved: headend change approve",
    "approved": "apply the approved change in its window: headend change apply",
    "applied": "prove the change by the user's login: headend change verify",
    "verified": "close it: headend incident close {id} --resolution TEXT",
}


@dataclass(frozen=True, slots=True)
class HandOver:
    """The five lines for a ticket, each a name and its words."""

    who: str
    what: str
    cause: str
    proof: str
    next: str

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """The names and words, in order."""
        return (
            ("Who", self.who),
            ("What", self.what),
            ("Cause", self.cause),
            ("Proof", self.proof),
            ("Next", self.next),
        )


def hand_over(
    record: Mapping[str, Any],
    summary: IncidentSummary,
    report: Report | None,
    change: str = "",
) -> HandOver:
    """Return the five lines of an incident; what was not seen is called so."""
    attempt = attempt_of(report, summary.user) if report else None
    when = _clock(summary.opened)
    if attempt is None:
        ended = f"; the capture ended: {record['ending']}" if record.get("ending") else ""
        return HandOver(
            who=f"{summary.user or 'no single user'}, incident {summary.id}",
            what=f"no login attempt was seen, {summary.verb} of {when} UTC{ended}",
            cause="unknown: nothing was seen",
            proof="none",
            next=next_step(summary, change),
        )
    first = attempt.causes[0]
    places = (
        ("on", attempt.headend),
        ("from", attempt.client_ip),
        ("tunnel group", attempt.tunnel_group),
        ("server", " ".join(filter(None, (attempt.server_group, attempt.server)))),
    )
    where = ", ".join(f"{name} {value}" for name, value in places if value)
    at = f"{_clock(attempt.started)} by the headend's clock" if attempt.started else f"{when} UTC"
    line = first.evidence[0] if first.evidence else None
    failed = f" at {attempt.stage.value}" if attempt.stage else ""
    return HandOver(
        who=f"{attempt.user or summary.user or 'unknown user'}, incident {summary.id}",
        what=f"login {attempt.outcome.value}{failed}, {at}{f', {where}' if where else ''}",
        cause=f"{first.summary} ({first.cause.value}, {confidence_words(first.confidence)})",
        proof=f"{line.source}:{line.line} {_short(line.text)}" if line else "no line proves it",
        next=next_step(summary, change),
    )


def next_step(summary: IncidentSummary, change: str = "") -> str:
    """Return what is to be done next and by whom; ``change`` is where its newest change stands."""
    if summary.damaged:
        return f"look into the folder, its record cannot be read (by {VPN})"
    if summary.state == "closed":
        return f"nothing, it is closed: {summary.resolution or 'no resolution was given'}"
    return f"{_step(summary, change)} (by {_by(summary)})"


def _step(summary: IncidentSummary, change: str) -> str:
    close = _CHANGE_STEPS["verified"].format(id=summary.id)
    if change == "rolled-back":
        return f"its change was rolled back; {close}, or plan another one"
    if summary.state in _CHANGE_STEPS:
        return _CHANGE_STEPS[summary.state].format(id=summary.id)
    if summary.outcome == "accepted":
        return f"the login succeeded; {close}"
    if summary.cause is None:
        return "have the user try once more: headend investigate"
    return (summary.advice or "read the lines that no reader knew").rstrip(".")


def _by(summary: IncidentSummary) -> str:
    if summary.state in _CHANGE_STEPS or summary.cause is None or summary.outcome == "accepted":
        return VPN
    try:
        return owner(Cause(summary.cause))
    except ValueError:  # a record of a later version
        return VPN


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def _clock(at: str | None) -> str:
    return (at or "unknown time").replace("T", " ")[:19]
