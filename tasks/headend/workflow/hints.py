"""What a debug that was on and told nothing says of a stage that was not seen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from headend.model.diagnosis import Diagnosis, Report, StageReport, StageState

_ADD = re.compile(r"add (debug [a-z]+(?: (?!with|or)[a-z]+){0,2})")


def with_armed(report: Report, armed: Mapping[str, Sequence[str]]) -> Report:
    """Return the report in which no stage asks for a debug that was ``armed``, by headend."""
    return replace(
        report,
        attempts=tuple(
            _without(attempt, armed.get(attempt.headend or "", ())) for attempt in report.attempts
        ),
    )


def _without(attempt: Diagnosis, armed: Sequence[str]) -> Diagnosis:
    return replace(attempt, stages=tuple(_told(stage, armed) for stage in attempt.stages))


def _told(stage: StageReport, armed: Sequence[str]) -> StageReport:
    wanted = _ADD.match(stage.hint)
    if stage.state is not StageState.UNSEEN or wanted is None:
        return stage
    name = wanted[1]
    if not any(f"{debug} ".startswith(f"{name} ") for debug in armed):
        return stage
    return replace(stage, hint=f"{name} was on and told nothing of it")
