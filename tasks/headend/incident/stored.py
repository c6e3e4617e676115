"""A stored ``diagnosis.json`` read back as a report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from headend.model.diagnosis import (
    Agreement,
    Cause,
    ClientClock,
    Corroboration,
    Decided,
    Decision,
    Diagnosis,
    Evidence,
    Finding,
    Lane,
    Moment,
    Outcome,
    Report,
    RuledOut,
    Source,
    Span,
    Stage,
    StageReport,
    StageState,
    UnknownShape,
)
from headend.model.document import SCHEMA


def read_report(path: Path) -> Report | None:
    """Return the report in a file, or None where there is none that can be read."""
    try:
        document = json.loads(path.read_bytes())
        return _report(document) if document["schema"] == SCHEMA else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _report(document: Mapping[str, Any]) -> Report:
    return Report(
        sources=tuple(Source(**source) for source in document["sources"]),
        attempts=tuple(_attempt(attempt) for attempt in document["attempts"]),
        unrecognised=_evidence(document["unrecognised"]),
        unrecognised_shapes=tuple(
            UnknownShape(each["shape"], each["count"], Evidence(**each["example"]))
            for each in document.get("unrecognised_shapes", ())
        ),
        unrecognised_rest=document.get("unrecognised_rest", 0),
    )


def _attempt(document: Mapping[str, Any]) -> Diagnosis:
    told, span = document.get("corroboration"), document.get("span")
    clock = document.get("client_clock")
    return Diagnosis(
        **{
            **document,
            "outcome": Outcome(document["outcome"]),
            "stage": Stage(document["stage"]) if document["stage"] else None,
            "causes": tuple(_finding(finding) for finding in document["causes"]),
            "stages": tuple(_stage(stage) for stage in document["stages"]),
            "ruled_out": tuple(_ruled_out(each) for each in document.get("ruled_out", ())),
            "settled": True,
            "notes": tuple(document.get("notes", ())),
            "corroboration": Corroboration(Agreement(told["state"]), told["said"])
            if told
            else None,
            "span": Span(**span) if span else None,
            "decisions": tuple(_decided(each) for each in document.get("decisions", ())),
            "course": tuple(_moment(each) for each in document.get("course", ())),
            "client_clock": ClientClock(**clock) if clock else None,
        }
    )


def _finding(document: Mapping[str, Any]) -> Finding:
    return Finding(
        cause=Cause(document["cause"]),
        confidence=document["confidence"],
        summary=document["summary"],
        advice=tuple(document["advice"]),
        evidence=_evidence(document["evidence"]),
    )


def _ruled_out(document: Mapping[str, Any]) -> RuledOut:
    cause = Cause(document["cause"])
    return RuledOut(cause, document["reason"], _evidence(document["evidence"]))


def _decided(document: Mapping[str, Any]) -> Decided:
    decision = Decision(document["decision"])
    return Decided(decision, document["value"], Evidence(**document["evidence"]))


def _moment(document: Mapping[str, Any]) -> Moment:
    told = {"lane": Lane(document["lane"]), "stage": Stage(document["stage"])}
    return Moment(**{**document, **told, "evidence": Evidence(**document["evidence"])})


def _stage(document: Mapping[str, Any]) -> StageReport:
    state = StageState(document["state"])
    lines = _evidence(document["evidence"])
    return StageReport(Stage(document["stage"]), state, lines, document.get("hint", ""))


def _evidence(lines: list[Mapping[str, Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(**line) for line in lines)
