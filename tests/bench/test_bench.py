"""The benchmark itself runs, its contenders agree, and no promise of it is lost by far."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.thorough  # "make bench" is the measurement

TESTS = Path(__file__).parents[1]
# Far below what the whole measurement shows: a quick look is a noisy one.
FLOORS = {"debug": 2, "syslog": 10}
MEMORY = 150


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Any:
    file = tmp_path_factory.mktemp("bench") / "bench.json"
    command = (sys.executable, "-m", "bench", "--quick", "--json", str(file))
    printed = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, check=True).stdout
    assert "times the stock engine" in printed
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", sorted(FLOORS))
def test_the_compiled_templates_agree_with_the_stock_engine_and_are_faster(
    figures: Any, kind: str
) -> None:
    reading = figures["reading"][kind]
    assert reading["differences"] == 0
    assert reading["ratio"] > FLOORS[kind]


@pytest.mark.parametrize("verb", ("diagnose", "survey"))
def test_a_verb_stays_within_its_memory(figures: Any, verb: str) -> None:
    assert all(row["peak_mb"] < MEMORY for rows in figures[verb].values() for row in rows)


def test_open_logins_do_not_make_a_line_dearer(figures: Any) -> None:
    alone, among = figures["open"].values()
    assert among < 3 * alone
