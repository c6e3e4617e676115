"""A diagnosis that is worked out late is the one that would have been made at once."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from headend.diagnosis import Diagnoser, diagnose
from headend.diagnosis.late import Late
from headend.model.diagnosis import Diagnosis

CASES = sorted((Path(__file__).parents[1] / "accuracy").rglob("*.txt"))


def handed_over(lines: list[str]) -> list[Diagnosis]:
    found: list[Diagnosis] = []
    diagnoser = Diagnoser(on_final=found.append)
    diagnoser.read("-", lines, range(1, len(lines) + 1))
    diagnoser.finish()
    return found


def test_every_case_is_judged_alike() -> None:
    late = 0
    for path in CASES:
        text = path.read_bytes().decode("utf-8", "replace")
        found = handed_over([line.rstrip("\r\n") for line in text.split("\n")])
        late += sum(isinstance(one, Late) for one in found)
        assert list(map(asdict, found)) == list(map(asdict, diagnose(text)))
    assert late > len(CASES) / 2


def test_it_can_be_changed_and_asked_for_what_is_not_there() -> None:
    (found,) = handed_over(["AAA session opened: handle = 5", "User: jdoe"])
    assert replace(found, settled=True).settled
    with pytest.raises(AttributeError, match="nothing"):
        _ = found.nothing  # type: ignore[attr-defined]
