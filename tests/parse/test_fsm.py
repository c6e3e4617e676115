"""The streaming engine gives the rows of the stock one, line by line."""

from __future__ import annotations

from io import StringIO

import pytest
import textfsm
from hypothesis import given, settings
from hypothesis import strategies as st

from headend.parse.fsm import Template
from headend.paths import PARSERS

NAMES = sorted(path.name for path in PARSERS.glob("*.textfsm"))
LINES = (PARSERS.parent / "tests" / "parse" / "cases").rglob("*.txt")
GENUINE = sorted({line for path in LINES for line in path.read_text(encoding="utf-8").split("\n")})


@pytest.mark.parametrize("name", [name for name in NAMES if "show" not in name])
def test_rows_are_those_of_the_stock_engine(name: str) -> None:
    text = "\n".join(GENUINE)
    stock = textfsm.TextFSM(StringIO((PARSERS / name).read_text(encoding="utf-8")))
    header = [column.lower() for column in stock.header]
    wanted = [
        {key: value for key, value in zip(header, row, strict=True) if value}
        for row in stock.ParseText(text)
    ]
    template = Template(name)
    found = [dict(row) for line in GENUINE for row in template.feed(line).rows]
    assert [*found, *(dict(row) for row in template.close())] == wanted


@pytest.mark.parametrize("name", NAMES)
def test_no_template_raises_on_a_line_it_does_not_know(name: str) -> None:
    assert "-> Error" not in (PARSERS / name).read_text(encoding="utf-8")


def test_recognised_without_a_row_and_unknown() -> None:
    template = Template("cisco_asa_debug_ldap.textfsm")
    known = template.feed("[1] Fiber started")
    assert (known.recognised, known.rows) == (True, ())
    assert not template.feed("hello").recognised


@pytest.mark.parametrize("mark", ("\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\r", "\n"))
def test_a_line_with_another_kind_of_break_stays_one_line(mark: str) -> None:
    template = Template("cisco_asa_debug_ldap.textfsm")
    (row,) = template.feed(f"[1] Invalid password for a{mark}[2] Session Start").rows
    assert row["id"] == "1"


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=200))
def test_any_line_is_read(line: str) -> None:
    for name in NAMES:
        Template(name).feed(line)


def test_every_template_is_in_the_index() -> None:
    index = (PARSERS / "index").read_text(encoding="utf-8")
    listed = [line.split(",")[0] for line in index.split("\n") if line.startswith("cisco_asa_")]
    assert sorted(set(listed)) == NAMES
