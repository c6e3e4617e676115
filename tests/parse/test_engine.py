"""The compiled engine gives the rows of the stock engine, whatever the template and the text."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textfsm import TextFSM

from headend.parse import fsm
from headend.parse.dispatch import Dispatch
from headend.parse.fsm import Template, flat
from headend.parse.program import compiled
from headend.parse.viable import Expression
from headend.paths import PARSERS

# So often a line comes until nothing more is learnt about it.
LEARNT = 40
TEMPLATES = sorted(path.name for path in PARSERS.glob("*.textfsm"))
CASES = Path(__file__).parent / "cases"
TEXTS = [path.read_text(encoding="utf-8") for path in sorted(CASES.rglob("*.txt"))]
LINES = sorted({line for text in TEXTS for line in text.split("\n")})


def stock(template: str, lines: list[str]) -> list[dict[str, Any]]:
    """Return what textfsm itself makes of lines, one at a time, without the empty values."""
    engine = TextFSM(StringIO(template))
    for line in lines:
        engine._CheckLine(flat(line))  # noqa: SLF001 - ParseText would split the line again
    rows = engine.ParseText("")
    return [
        {name.lower(): value for name, value in zip(engine.header, row, strict=True) if value}
        for row in rows
    ]


def ours(name: str, lines: list[str]) -> list[dict[str, Any]]:
    template = Template(name)
    rows = [dict(row) for line in lines for row in template.feed(line).rows]
    return [*rows, *map(dict, template.close())]


def alike(rule: str) -> str:
    """Return a line that is made of a rule's own words."""
    words = re.sub(r"\$\{\w+\}|\\[sS][*+?]?|\(\?[:=!][^)]*\)|[\^$*+?{}|]", " 1 ", rule)
    return words.replace("\\", "").replace(" 1 ", "1")


def rules(name: str) -> list[str]:
    text = (PARSERS / name).read_text(encoding="utf-8")
    return [line.strip().split(" -> ")[0] for line in text.split("\n") if line.startswith("  ^")]


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_gives_the_stock_rows(name: str) -> None:
    text = (PARSERS / name).read_text(encoding="utf-8")
    lines = [*LINES, *map(alike, rules(name)), *LINES[::-1]]
    assert ours(name, lines) == stock(text, lines)


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(TEMPLATES).flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.lists(
                st.one_of(
                    st.sampled_from(LINES),
                    st.sampled_from(rules(name)).map(alike),
                    st.sampled_from(rules(name)).flatmap(
                        lambda rule: st.from_regex(_expression(name, rule))
                    ),
                    st.text(max_size=40),
                ),
                max_size=12,
            ),
        )
    )
)
def test_any_lines_give_the_stock_rows(drawn: tuple[str, list[str]]) -> None:
    name, lines = drawn
    text = (PARSERS / name).read_text(encoding="utf-8")
    assert ours(name, lines) == stock(text, lines)


def _expression(name: str, rule: str) -> re.Pattern[str]:
    template = TextFSM(StringIO((PARSERS / name).read_text(encoding="utf-8")))
    found = (one for state in template.states.values() for one in state)
    return next(re.compile(one.regex) for one in found if one.match == rule)


OPTIONS = st.lists(
    st.sampled_from(("Required", "Filldown", "Fillup", "List", "Key")), unique=True, max_size=2
)
MATCHES = st.sampled_from(
    (
        "^a ${ONE}", "^a ${ONE} ${TWO}", "^b( ${TWO})?", "^(?:c|d) ${ONE}", "^.*e", r"^\s*f ${TWO}",
        "^[a-c]+ ${TWO}$$", "^$$", "^a", "^ab|^c", "^é ${ONE}", "^1?2 ${TWO}", "^(x|yy )z ${ONE}",
    )
)  # fmt: skip
ACTIONS = st.sampled_from(
    ("", " -> Record", " -> Clear", " -> Clearall", " -> Continue", " -> Continue.Record",
     " -> Continue.Clear", " -> Other", " -> Record Other", " -> Record Start",
     " -> Clearall Start", " -> End", " -> EOF", " -> Next.NoRecord")
)  # fmt: skip


@st.composite
def templates(draw: st.DrawFn) -> str:
    values = []
    for name in ("ONE", "TWO"):
        options = ",".join(draw(OPTIONS))
        values.append(f"Value {options} {name} (\\S*?|\\d+)".replace("  ", " "))
    states = [
        f"{state}\n"
        + "".join(f"  {draw(MATCHES)}{draw(ACTIONS)}\n" for _ in range(draw(st.integers(1, 5))))
        for state in ("Start", "Other")
    ]
    if draw(st.booleans()):
        states.append("EOF\n")
    return "\n".join(values) + "\n\n" + "\n".join(states)


@settings(deadline=None, max_examples=400)
@given(
    templates(),
    st.lists(
        st.one_of(
            st.text(alphabet="abcdefxyz 12é", max_size=8),
            st.sampled_from(("a 1", "a 1 2", "b 2", "b", "c x", "dd", "xe", " f 1", "", "yy z 1")),
        ),
        max_size=10,
    ),
)
def test_every_option_and_action_gives_the_stock_rows(template: str, lines: list[str]) -> None:
    program = compiled(template)
    if program is None:  # lists and look-backs run in the stock engine itself
        return
    engine = fsm.Sparse(program)
    rows: list[dict[str, Any]] = []
    known = TextFSM(StringIO(template))
    for line in lines:
        rows += map(dict, engine.feed(flat(line)).rows)
        known._CheckLine(flat(line))  # noqa: SLF001 - as above
        if engine.state in {"End", "EOF"}:  # where ParseText stops too
            break
    rows += map(dict, engine.end())
    expected = [
        {name.lower(): value for name, value in zip(known.header, row, strict=True) if value}
        for row in known.ParseText("")
    ]
    assert rows == expected


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_no_line_loses_a_rule_that_matches_it(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(TEMPLATES))
    patterns = [_expression(name, rule) for rule in rules(name)]
    line = flat(data.draw(st.sampled_from(patterns).flatmap(st.from_regex)))
    known = Dispatch((Expression(pattern), pattern) for pattern in patterns)
    matching = [one for one in patterns if one.match(line)]
    # First by its first sign, then by its head, at last by what stands behind its first blanks.
    for candidates in {known.candidates(line) for _ in range(LEARNT)}:
        assert [one for one in candidates if one.match(line)] == matching
