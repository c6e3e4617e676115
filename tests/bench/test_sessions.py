"""The sessions' part of the benchmark runs, and shows no line lost and nothing left on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.sessions.marks import END, MARK, missing

pytestmark = pytest.mark.thorough  # "make bench" is the measurement

TESTS = Path(__file__).parents[1]
# No attempt of "nobody" was seen when Ctrl-C ended it.
INTERRUPTED = 130


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Any:
    file = tmp_path_factory.mktemp("bench") / "bench.json"
    command = (
        *(sys.executable, "-m", "bench", "--quick", "--part", "sessions", "--json"),
        str(file),
    )
    printed = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, check=True).stdout
    assert "times the floor" in printed
    return json.loads(file.read_text(encoding="utf-8"))["sessions"]


def test_round_trips_are_counted_from_the_delay(figures: Any) -> None:
    armed = figures["to_armed"]
    assert armed["floor"]["round_trips"] == pytest.approx(7, abs=2)
    assert armed["session"]["round_trips"] > armed["floor"]["round_trips"]


def test_a_fleet_is_armed_at_once_and_nothing_is_left_on(figures: Any) -> None:
    assert {name: run["left"] for name, run in figures["fleet"].items()} == {
        "asyncssh": 0,
        "session": 0,
        "headend": 0,
    }


def test_a_flood_loses_no_line_and_can_be_stopped(figures: Any) -> None:
    assert {name: run["lost"] for name, run in figures["flood"].items()} == {
        "asyncssh": 0,
        "headend": 0,
    }
    assert figures["stopped"]["status"] == INTERRUPTED
    assert figures["stopped"]["off"] < 10


def test_a_lost_line_is_found(tmp_path: Path) -> None:
    flood, capture = tmp_path / "flood.txt", tmp_path / "capture.log"
    flood.write_text(f"{MARK}0\none\ntwo\n", encoding="utf-8")
    lines = ["vpn-1# ", f"{MARK}0", "one", "two", "vpn-1# bench: part 1", "one", "two", END]
    capture.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    assert missing(capture, flood, 2) == 0
    capture.write_text("\r\n".join(lines[:3] + lines[4:]) + "\r\n", encoding="utf-8")
    assert missing(capture, flood, 2) > 0
