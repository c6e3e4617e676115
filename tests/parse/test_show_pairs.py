"""Replies and the rows that they must give: pairs below ``show/``, and the corpus where it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headend.parse.fsm import flat
from headend.parse.line_ends import lines
from headend.parse.show import commands, rows

HERE = Path(__file__).resolve().parent
PAIRS = sorted((HERE / "show").glob("*.txt"))
CORPUS = HERE.parents[2] / "shared" / "corpus" / "show"
READ = json.loads((HERE / "show_corpus.json").read_text(encoding="utf-8"))
# A login on a terminal and no reply: a matter for the diagnosis.
NO_REPLY = {"ldapnotes_ssh_ldap_user_no_enable.txt"}
TEXTS = [path.read_text(encoding="utf-8") for path in PAIRS]
COMMANDS = sorted({str(command) for command in commands()})


@pytest.mark.parametrize("pair", PAIRS, ids=lambda path: path.stem)
def test_pair(pair: Path) -> None:
    expected = json.loads(pair.with_suffix(".json").read_text(encoding="utf-8"))
    assert rows(expected["command"], pair.read_text(encoding="utf-8")) == expected["rows"]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this checkout")
@pytest.mark.parametrize("reply", READ, ids=lambda reply: f"{reply['file']}-{reply['command']}")
def test_corpus(reply: dict[str, Any]) -> None:
    text = (CORPUS / reply["file"]).read_text(encoding="utf-8")
    assert rows(reply["command"], text) == reply["rows"]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this checkout")
def test_every_reply_of_the_corpus_is_read() -> None:
    assert {path.name for path in CORPUS.glob("*.txt")} == NO_REPLY | {
        reply["file"] for reply in READ if reply["rows"]
    }


@pytest.mark.parametrize("ending", ("\r\n", "\r\r\n", "\n\r"))
@pytest.mark.parametrize("pair", PAIRS, ids=lambda path: path.stem)
def test_line_ends_of_a_terminal_make_no_difference(pair: Path, ending: str) -> None:
    expected = json.loads(pair.with_suffix(".json").read_text(encoding="utf-8"))
    text = pair.read_text(encoding="utf-8").replace("\n", ending)
    assert rows(expected["command"], text) == expected["rows"]


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(COMMANDS),
    st.lists(
        st.one_of(st.sampled_from([line for text in TEXTS for line in text.split("\n")]), st.text())
    ),
)
def test_rows_say_nothing_that_the_reply_did_not(command: str, said: list[str]) -> None:
    text = "\n".join(said)
    for row in rows(command, text):
        for value in row.values():
            for each in [value] if isinstance(value, str) else value:
                assert any(each in flat(line) for line in lines(text))
