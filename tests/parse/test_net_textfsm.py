"""``parsers/`` as the template folder of plain netmiko."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from netmiko.utilities import get_structured_data_textfsm

from headend.paths import PARSERS

PAIRS = sorted((Path(__file__).parent / "show").glob("*.json"))
PROMPT = re.compile(r"vpn-\d\S*#")
INDEX = [
    line.split(", ")
    for line in (PARSERS / "index").read_text(encoding="utf-8").split("\n")
    if line.startswith("cisco_asa_")
]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda path: path.stem)
def test_netmiko_reads_the_same_rows(pair: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NET_TEXTFSM", str(PARSERS))
    expected = json.loads(pair.read_text(encoding="utf-8"))
    reply = pair.with_suffix(".txt").read_text(encoding="utf-8").split("\n")
    # netmiko has taken the echo and the last prompt away before it reads.
    text = "\n".join(line for line in reply if not PROMPT.match(line))
    found: Any = get_structured_data_textfsm(
        text, platform="cisco_asa", command=expected["command"]
    )
    assert [{name: value for name, value in row.items() if value} for row in found] == expected[
        "rows"
    ]


def test_every_template_is_listed() -> None:
    assert {template for template, *_ in INDEX} == {path.name for path in PARSERS.glob("*.textfsm")}


def test_the_longest_command_stands_first() -> None:
    widths = [len(re.sub(r"[\[\]]", "", asked)) for *_, asked in INDEX]
    assert widths == sorted(widths, reverse=True)
