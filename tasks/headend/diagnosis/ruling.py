"""One rule's word on an attempt: a finding, and the stage at which the login failed."""

from __future__ import annotations

from dataclasses import dataclass

from headend.diagnosis.advice import ADVICE
from headend.diagnosis.attempt import Entry, evidence
from headend.model.diagnosis import Cause, Finding, Stage


@dataclass(frozen=True, slots=True)
class Ruling:
    """A finding, where the login failed if it is right, and whether it is a last resort.

    A ``weak`` ruling fits any reject; it is dropped where a rule knows better.
    """

    stage: Stage
    finding: Finding
    weak: bool = False


def ruling(
    cause: Cause,
    stage: Stage,
    confidence: float,
    summary: str,
    *entries: Entry | None,
    weak: bool = False,
) -> Ruling:
    """Return a ruling with the standing advice for its cause and the lines that prove it."""
    finding = Finding(cause, confidence, summary, ADVICE.get(cause, ()), evidence(*entries))
    return Ruling(stage, finding, weak)


def capital(text: str) -> str:
    """Return a sentence with a capital at its start."""
    return text[:1].upper() + text[1:]
