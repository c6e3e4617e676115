"""The questions that only the identity team can answer, with what it finds its own log by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from headend.incident.events import read_events
from headend.incident.summary import IncidentSummary
from headend.incident.verdict import attempt_of
from headend.model.diagnosis import Cause, Diagnosis, Outcome, Report

UNSEEN = "unseen"
# RADIUS attributes by number (RFC 2865): what a server's log names a request by.
_NAS, _STATION, _CLASS = "4", "31", "25"
_QUESTIONS: Mapping[Cause, tuple[str, ...]] = {
    Cause.BAD_CREDENTIALS: (
        "Which reason does your log give for this reject: password, account state, or policy?",
        "When was the account's last bad password, and from where?",
    ),
    Cause.ACCOUNT_LOCKED: ("Which device or service locked the account, and when?",),
    Cause.ACCOUNT_DISABLED: ("Who disabled the account, and may it be enabled?",),
    Cause.ACCOUNT_UNKNOWN: ("Under which name, and in which part of the directory, is the user?",),
    Cause.GROUP_NOT_AUTHORIZED: ("Which of the user's groups is meant to give VPN access?",),
    Cause.TOKEN_REQUIRED: (
        "Is a token or second factor assigned to this user, and is it meant for this login?",
        "Which policy of yours asked for it, and does a certificate login pass it?",
    ),
    Cause.TOKEN_REJECTED: ("What does the token server's log say of this passcode?",),
    Cause.SERVER_BIND_FAILED: ("Is the headend's bind account locked, expired or changed?",),
    Cause.SAML_FAILED: ("What does the identity provider's log say of this assertion?",),
}
_ALWAYS = (
    "Did this request reach your server at all, and which answer did you send?",
    "Is the account enabled, not locked, not expired, and its password valid?",
)
_NOT_REACHED = ("Did your server see this request, and does it know this NAS address?",)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Facts to search a log by, each with the place where it was seen, and the questions."""

    facts: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]


def inquiry(folder: Path, summary: IncidentSummary, report: Report | None) -> Inquiry:
    """Return what to ask the identity team about an incident; what was not seen is said to be."""
    attempt = attempt_of(report, summary.user) if report else None
    seen = _attributes(folder, attempt) if attempt else {}
    cause = attempt.causes[0].cause if attempt else None
    if cause is Cause.SERVER_UNREACHABLE or (attempt and attempt.outcome is Outcome.TIMEOUT):
        asked: tuple[str, ...] = _NOT_REACHED
    else:
        asked = (*(_QUESTIONS.get(cause, ()) if cause else ()), *_ALWAYS)
    server = " ".join(filter(None, (attempt.server_group, attempt.server))) if attempt else ""
    return Inquiry(
        facts=(
            ("User", (attempt.user if attempt else None) or summary.user or UNSEEN),
            ("Time", _time(attempt, seen, summary)),
            ("Server asked", server or UNSEEN),
            ("NAS address", _told(seen, _NAS)),
            ("Calling-Station-Id", _told(seen, _STATION) if attempt else UNSEEN),
            ("Class", _told(seen, _CLASS)),
            ("Your answer", attempt.outcome.value if attempt else UNSEEN),
        ),
        questions=asked,
    )


def _attributes(folder: Path, attempt: Diagnosis) -> dict[str, Mapping[str, Any]]:
    """Return the attempt's RADIUS attributes by number, the last of each; only of its lines."""
    seen = {}
    for event in read_events(folder / "events.jsonl"):
        fields = event.get("fields")
        if (
            event.get("facility") == "radius"
            and event.get("kind") == "attribute"
            and isinstance(fields, dict)
            and "vendor" not in fields
            and _within(event, attempt)
        ):
            seen[str(fields.get("type"))] = event
    return seen


def _within(event: Mapping[str, Any], attempt: Diagnosis) -> bool:
    span, line = attempt.span, event.get("line")
    return (
        span is not None
        and event.get("source") == span.source
        and isinstance(line, int)
        and span.first <= line <= span.last
    )


def _told(seen: Mapping[str, Mapping[str, Any]], number: str) -> str:
    event = seen.get(number)
    if event is None:
        return UNSEEN
    value = event["fields"].get("value") or "empty"
    return f"{value} ({event['source']}:{event['line']})"


def _time(
    attempt: Diagnosis | None,
    seen: Mapping[str, Mapping[str, Any]],
    summary: IncidentSummary,
) -> str:
    if attempt is not None and attempt.started:
        return f"{attempt.started} (the headend's clock)"
    arrivals = [event["received"] for event in seen.values() if event.get("received")]
    if arrivals:
        first = datetime.fromtimestamp(min(arrivals), UTC)
        return f"{first.isoformat(timespec='seconds')} (when the lines arrived here)"
    at = summary.milestones.get("attempt_seen")
    return f"{at} (when it was seen here)" if at else UNSEEN
