"""``headend diagnose --compare``, as an engineer types it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from diagnosis.scenes import answered, closed, ldap, opened
from headend.cli import app
from headend.cli.comparison import render_comparison
from headend.diagnosis import diagnose
from headend.diagnosis.compare import compare
from headend.errors import InputError

HOSTILE = "[red]jd[/red]\x1b[31m\u202e<b>'$(id)"


def login(user: str, number: int, code: str | None = None) -> list[str]:
    pointer, word = f"0xaa{number:02}", "REJECT" if code else "ACCEPT"
    return [
        *opened(number, pointer, user, "AD", "10.9.0.1"),
        *ldap(number, user, code, policy="GP-STAFF"),
        *answered(number, pointer, -1 if code else 1, word),
        *closed(number, word),
    ]


@pytest.fixture(autouse=True)
def captures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    texts = {
        "good.txt": login("asmith", 1),
        "bad.txt": login("jdoe", 2, "775"),
        "capture.txt": [*login("jdoe", 2, "775"), *login("asmith", 1), *login("jdoe", 3, "533")],
        "two.txt": [*login("jdoe", 2, "775"), *login("asmith", 1)],
        "none.txt": ["vpn-1# show clock"],
    }
    for name, lines in texts.items():
        Path(name).write_text("\n".join(lines) + "\n")


def run(words: str) -> Result:
    return CliRunner().invoke(app, ["diagnose", *words.split()])


@pytest.mark.parametrize(
    ("words", "one", "other", "value"),
    (
        ("capture.txt --compare jdoe asmith", "jdoe", "asmith", "rejected, data 533"),
        ("--compare capture.txt CORP\\jdoe asmith", "jdoe", "asmith", "rejected, data 533"),
        ("capture.txt --compare 1 2", "jdoe", "asmith", "rejected, data 775"),
        ("capture.txt --compare 1 asmith", "jdoe", "asmith", "rejected, data 775"),
        ("bad.txt good.txt --compare", "jdoe", "asmith", "rejected, data 775"),
        ("capture.txt good.txt --compare", "jdoe", "asmith", "rejected, data 533"),
        ("two.txt --compare", "jdoe", "asmith", "rejected, data 775"),
        ("bad.txt capture.txt --compare jdoe", "attempt 1 (jdoe)", "attempt 4 (jdoe)", "data 533"),
        ("capture.txt --compare jdoe jdoe", "attempt 1 (jdoe)", "attempt 3 (jdoe)", "data 775"),
    ),
)
def test_two_attempts_are_found_however_they_are_named(
    words: str, one: str, other: str, value: str
) -> None:
    done = run(words)
    assert done.exit_code == 0, done.output
    assert f"{one} and {other} part at the primary answer." in done.stdout
    assert value in done.stdout


def test_a_user_who_tried_more_than_once_is_said_to_have() -> None:
    text = " ".join(run("capture.txt --compare jdoe asmith").stdout.split())
    assert "jdoe: the last of 2 attempts was taken; the others by their ids: 1" in text
    assert "was taken" not in run("capture.txt --compare 1 2").stdout


@pytest.mark.parametrize(
    ("words", "message"),
    (
        ("capture.txt --compare jdoe nobody", "no attempt of nobody"),
        ("capture.txt --compare jdoe 9", "no attempt of 9"),
        ("capture.txt --compare jdoe", "two attempts"),
        ("capture.txt --compare", "there are 3 in capture.txt"),
        ("good.txt --compare", "there are 1 in good.txt"),
        ("none.txt --compare", "there are 0 in none.txt"),
        ("good.txt none.txt --compare", "no attempt in none.txt"),
        ("good.txt --compare asmith asmith", "there are 1 of asmith"),
        ("capture.txt --compare jdoe CORP\\jdoe", "the same attempt"),
        ("nope.txt --compare jdoe asmith", "nope.txt cannot be read"),
        ("capture.txt --compare nope.txt jdoe asmith", "are no files: nope.txt, jdoe, asmith"),
        ("good.txt bad.txt two.txt --compare", "two attempts"),
    ),
)
def test_what_cannot_be_compared_is_an_input_error_with_a_remedy(words: str, message: str) -> None:
    done = run(words)
    assert isinstance(done.exception, InputError)
    assert done.exception.status == 2
    assert message in done.exception.message
    assert done.exception.remedy
    assert done.stdout == ""


def test_where_nothing_differs_nothing_is_decided() -> None:
    Path("same.txt").write_text("\n".join([*login("jdoe", 1), *login("asmith", 2)]) + "\n")
    done = run("same.txt --compare jdoe asmith")
    assert done.exit_code == 11
    assert "part at no decision seen of both" in done.stdout


def test_json_is_the_document_with_a_comparison() -> None:
    done = run("capture.txt --compare jdoe asmith --json")
    document = json.loads(done.stdout)
    assert document["schema"] == "headend.diagnosis/1"
    assert [each["user"] for each in document["attempts"]] == ["jdoe", "asmith"]
    comparison = document["comparison"]
    assert [comparison["first"], comparison["second"]] == ["3", "2"]
    assert comparison["parting"] == "primary-answer"


@pytest.mark.parametrize("width", (56, 80, 120))
def test_hostile_names_stay_text_at_any_width(width: int) -> None:
    bad, good = diagnose([*login(HOSTILE, 2, "775"), *login("asmith", 1)])
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=True, color_system=None)
    render_comparison(compare(bad, good), console)
    text = stream.getvalue()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]" in text
    for line in text.splitlines():
        assert len(line) <= width
        assert line == line.rstrip()
