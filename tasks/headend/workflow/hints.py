"""What a debug that was on and told nothing says of a stage that was not seen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from headend.model.diagnosis import Diagnosis, Report, StageReport, StageState

_ADD = re.compile(r"add (debug [a-z]+(?: (?!with|or)[a-z]+){0,2})")


def with_armed(report: Report, headends: Mapping[str, Mapping[str, Any]]) -> Report:
    """Return the report in which no stage asks for a debug that was armed.

    ``headends`` holds the facts of each, as an incident's record does, by name; an attempt's id
    begins with that name (``vpn-1/2``), whatever the headend's prompt says.
    """
    armed = {name: facts.get("debugs") or () for name, facts in headends.items()}
    return replace(
        report,
        attempts=tuple(
            _without(attempt, armed.get(attempt.id.rpartition("/")[0], ()))
            for attempt in report.attempts
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
