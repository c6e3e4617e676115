"""Raw text and the events that it must give, in pairs below ``cases/``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from headend.model.event import Event
from headend.model.line import Line
from headend.parse.read import Reader

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(FOLDER.rglob("*.txt"))


def read(text: str) -> dict[str, Any]:
    reader = Reader()
    events: list[Event] = []
    unknown: list[Line] = []
    for number, line in enumerate(text.split("\n"), 1):
        missed, found = reader.feed(Line("case", number, line))
        events += found
        unknown += missed
    missed, found = reader.finish()
    return {
        "events": [
            [event.line.number, event.facility, event.kind, dict(event.fields)]
            for event in [*events, *found]
        ],
        "unrecognised": [line.number for line in [*unknown, *missed]],
    }


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_case(case: Path) -> None:
    expected = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))
    assert read(case.read_text(encoding="utf-8")) == expected


def test_every_facility_has_a_case() -> None:
    assert {path.parent.name for path in CASES} >= {
        "aaa", "client", "crypto_ca", "dap", "kerberos", "ldap", "radius", "saml", "sdi", "syslog",
        "tacacs", "webvpn",
    }  # fmt: skip
