"""The part of a report that the record of an incident keeps: what lists and figures are made of."""

from __future__ import annotations

from typing import Any

from headend.model.diagnosis import Diagnosis, Report
from headend.model.user import same_user


def attempt_of(report: Report, user: str | None) -> Diagnosis | None:
    """Return the attempt that an incident is about: the user's first, else the first of all."""
    mine = [each for each in report.attempts if user is None or same_user(each.user, user)]
    return next(iter(mine or report.attempts), None)


def verdict_of(report: Report, attempt: Diagnosis | None) -> dict[str, Any]:
    """Return the verdict that ``attempt`` is for its report; what was not seen is ``None``."""
    if attempt is None:
        return {"attempts": len(report.attempts), "outcome": None, "cause": None}
    first = attempt.causes[0] if attempt.causes else None
    return {
        "attempts": len(report.attempts),
        "outcome": attempt.outcome,
        "cause": first.cause if first else None,
        "headend": attempt.headend,
        "server": attempt.server,
        "advice": first.advice[0] if first and first.advice else None,
    }
