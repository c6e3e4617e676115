"""A report as the public JSON document ``headend.diagnosis/1``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from headend.model.diagnosis import Diagnosis, Report

SCHEMA = "headend.diagnosis/1"


def attempt_document(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return one attempt as plain values; what is internal never gets in."""
    document = asdict(diagnosis)
    for internal in ("settled", "began"):
        del document[internal]
    return document


def report_document(report: Report) -> dict[str, Any]:
    """Return a report as plain values, in the order of the published schema."""
    return {
        "schema": SCHEMA,
        "sources": [asdict(source) for source in report.sources],
        "attempts": [attempt_document(attempt) for attempt in report.attempts],
        "unrecognised": [asdict(line) for line in report.unrecognised],
        "unrecognised_shapes": [asdict(shape) for shape in report.unrecognised_shapes],
        "unrecognised_rest": report.unrecognised_rest,
    }
