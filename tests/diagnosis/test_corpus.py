"""The captures that come with the brief, where they are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headend.diagnosis import diagnose

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "login"
CASES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.skipif(not CASES, reason="the corpus is not beside this checkout")
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_corpus_login(case: Path) -> None:
    wanted = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))["attempts"]
    found = diagnose(case.read_text(encoding="utf-8"))
    assert len(found) == len(wanted)
    for want, got in zip(wanted, found, strict=True):
        assert got.user == want["user"]
        assert got.outcome.value in want["outcome"]
        assert got.causes[0].cause.value in want["causes"]
        assert (got.stage is None) if want["stage"] is None else (got.stage in want["stage"])
        assert got.admin_login is want["admin"]
