"""What an error makes of a headend's capture, and all of them of the run."""

from __future__ import annotations

from collections.abc import Iterable

from headend.errors import (
    DebugNotOff,
    HeadendError,
    LoginError,
    Refused,
    SessionLost,
    StandbyUnit,
)
from headend.model.diagnosis import Diagnosis
from headend.workflow.selection import status_of

_PARTIAL = 14
_INTERRUPTED = 130


def state_after(error: BaseException) -> str:
    """Return the published state of a headend whose capture ended with this error."""
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


def status_after(
    errors: Iterable[BaseException],
    chosen: tuple[Diagnosis, ...],
    *,
    everywhere: bool,
    interrupted: bool,
) -> int:
    """Return the exit status; where several apply, the published order decides.

    ``everywhere`` when no headend was captured.
    """
    errors = list(errors)
    ours = [error for error in errors if isinstance(error, HeadendError)]
    if len(ours) < len(errors):
        return HeadendError.status
    if any(isinstance(error, DebugNotOff) for error in ours):
        return DebugNotOff.status
    if interrupted:
        return _INTERRUPTED
    if ours and everywhere:
        return min((error.status for error in ours if error.status >= Refused.status), default=2)
    return _PARTIAL if ours else status_of(chosen)
