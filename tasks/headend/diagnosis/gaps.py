"""An attempt during which the capture was interrupted: what it says is less sure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headend.model.diagnosis import Diagnosis

# The line that was missed may be the one that says otherwise.
_LESS = 0.75


def gapped(diagnosis: Diagnosis, gaps: Mapping[str, Sequence[int]]) -> Diagnosis:
    """Return ``diagnosis`` with a note for each gap that it spans, and less confidence.

    ``gaps`` are the line numbers at which something may be missing, by source. An attempt that
    had not ended when the gap came spans it as well.
    """
    span = diagnosis.span
    if span is None or span.source not in gaps:
        return diagnosis
    crossed = [
        number
        for number in gaps[span.source]
        if span.first < number and (number < span.last or not diagnosis.settled)
    ]
    if not crossed:
        return diagnosis
    notes = tuple(
        f"Lines may be missing at {span.source}:{number}: the session was lost there and opened "
        "again during this attempt."
        for number in crossed
    )
    causes = tuple(
        replace(one, confidence=round(one.confidence * _LESS ** len(crossed), 3))
        for one in diagnosis.causes
    )
    return replace(diagnosis, causes=causes, notes=diagnosis.notes + notes)
