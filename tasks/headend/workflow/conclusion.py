"""What an investigation came to: its report, its headends, its times and its exit status."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from headend.device.listen import Ending
from headend.errors import (
    INTERRUPTED,
    PARTIAL,
    DebugNotOff,
    HeadendError,
    LoginError,
    Refused,
    SessionLost,
    StandbyUnit,
)
from headend.incident.incident import Incident
from headend.model.diagnosis import Diagnosis, Report
from headend.workflow.selection import status_of


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What an investigation came to; ``headends`` and ``timing`` as in the JSON contract."""

    incident: Incident
    report: Report
    chosen: tuple[Diagnosis, ...]
    headends: tuple[dict[str, Any], ...]
    timing: dict[str, float | None]
    ending: str
    status: int

    @property
    def interrupted(self) -> bool:
        """Whether it was broken off before a verdict."""
        return self.ending == Ending.INTERRUPTED


def state_after(error: BaseException) -> str:
    """Return the state of a headend whose capture ended with ``error``."""
    for kind, state in (
        (DebugNotOff, "unproved"),
        (SessionLost, "lost"),
        (StandbyUnit, "standby"),
        (Refused, "refused"),
        (LoginError, "unreachable"),
    ):
        if isinstance(error, kind):
            return state
    return "refused" if isinstance(error, HeadendError) else "lost"


def status(  # noqa: PLR0911 - one return a rule, in the published order
    errors: Collection[BaseException],
    headends: Collection[Mapping[str, Any]],
    chosen: Collection[Diagnosis],
    ending: str,
) -> int:
    """Return the exit status; where several apply, the published order decides."""
    ours = [error for error in errors if isinstance(error, HeadendError)]
    if len(ours) < len(errors):
        return HeadendError.status
    if any(isinstance(error, DebugNotOff) for error in ours):
        return DebugNotOff.status
    if ending == Ending.INTERRUPTED:
        return INTERRUPTED
    if len(ours) == len(headends):
        return min((one.status for one in ours if one.status >= Refused.status), default=2)
    if ours:
        return PARTIAL
    if not chosen:
        endings = {each.get("ending") for each in headends}
        if Ending.CPU in endings:
            return Refused.status
        if Ending.FAILOVER in endings:
            return PARTIAL
    return status_of(chosen)


def ending(
    asked: Ending | None, headends: Collection[Mapping[str, Any]], *, decided: bool
) -> Ending:
    """Return why the whole ended: ``asked`` for, or where the headends ended one by one, alike."""
    if decided:
        return Ending.VERDICT
    if asked is not None:
        return asked
    found = [Ending(each["ending"]) for each in headends if each.get("ending")]
    if Ending.DEADLINE in found:
        return Ending.DEADLINE
    return next(iter(found), Ending.REFUSED)


def timing(
    headends: Collection[Mapping[str, Any]],
    first_action: float | None,
    decided: tuple[float, float] | None,
) -> dict[str, float | None]:
    """Return the times of the JSON contract; ``decided``: the last line came, and was read."""
    return {
        "seconds_to_connected": min(_times(headends, "seconds_to_connected"), default=None),
        "seconds_to_armed": max(_times(headends, "seconds_to_armed"), default=None),
        "seconds_to_first_action": None if first_action is None else round(first_action, 3),
        "seconds_to_verdict": round(decided[1] - decided[0], 3) if decided else None,
    }


def _times(headends: Collection[Mapping[str, Any]], key: str) -> list[float]:
    return [headend[key] for headend in headends if headend.get(key) is not None]
