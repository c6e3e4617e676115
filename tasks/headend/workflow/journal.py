"""Where a change stands, by the journal of what was typed."""

from __future__ import annotations

from datetime import UTC, datetime

from headend.incident.changes import ChangeFolder
from headend.model.change import EndState, Plan

_STANDING = frozenset({EndState.APPLIED, EndState.VERIFIED})


def standing(change: ChangeFolder, headend: str) -> EndState:
    """Return where a headend stands by its journal.

    A journal without an end is of a process that died: what was typed then is unknown.
    """
    state = EndState.PLANNED
    for entry in change.journal(headend):
        if entry["phase"] != "untouched":
            state = EndState(entry["state"]) if entry["phase"] == "end" else EndState.UNKNOWN
    return state


def applied(change: ChangeFolder, headend: str) -> bool:
    """Return whether the change was applied on a headend, and not taken back since."""
    return standing(change, headend) in _STANDING


def stands(change: ChangeFolder, plan: Plan) -> bool:
    """Return whether the change stands, or may stand, on any headend."""
    gone = {EndState.PLANNED, EndState.ROLLED_BACK}
    return any(standing(change, target.headend) not in gone for target in plan.targets)


def expired(change: ChangeFolder, plan: Plan) -> bool:
    """Return whether an exception is past its end and still stands."""
    return is_over(plan) and stands(change, plan)


def is_over(plan: Plan) -> bool:
    """Return whether the end that was given to an exception is past."""
    today = datetime.now(UTC).date().isoformat()
    return bool(plan.expires) and str(plan.expires) < today
