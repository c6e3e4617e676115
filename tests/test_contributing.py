"""What CONTRIBUTING tells a newcomer to type makes a facility that is read and tested."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\w+\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for part in ("tasks/headend", "parsers", "templates", "tests/parse"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def cases_of_foo(checkout: Path) -> str:
    command = "-m pytest -q -p no:cacheprovider tests/parse/test_cases.py -k foo"
    done = subprocess.run(
        [sys.executable, *command.split()],
        check=False,
        capture_output=True,
        text=True,
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout / "tasks")},
    )
    return done.stdout + done.stderr


def test_the_ten_lines_are_a_facility(checkout: Path) -> None:
    template, reader, listed, text, expected = BLOCKS
    lines = [line for block in (template, reader, listed) for line in block.splitlines() if line]
    assert len(lines) == 10
    case = checkout / "tests/parse/cases/foo"
    case.mkdir()
    (case / "session.txt").write_text(text.removesuffix("\n"))
    (case / "session.json").write_text(expected)
    assert "1 failed" in cases_of_foo(checkout), "the case must fail before there is a reader"
    (checkout / "parsers/cisco_asa_debug_foo.textfsm").write_text(template)
    (checkout / "tasks/headend/parse/foo.py").write_text(reader)
    facilities = checkout / "tasks/headend/parse/facilities.py"
    imported, entry = listed.splitlines(keepends=True)
    source = facilities.read_text()
    beginning = source.index("= (\n", source.index("\nREADERS")) + len("= (\n")
    source = source[:beginning] + entry + source[beginning:]
    first = source.index("from headend")
    facilities.write_text(source[:first] + imported + source[first:])
    assert "1 passed" in cases_of_foo(checkout)


def test_every_path_and_target_that_it_names_is_there() -> None:
    named = re.findall(r"`((?:tests|tasks|parsers)/[\w/.]*)[`<]", TEXT)
    assert len(named) >= 5
    for path in named:
        assert "foo" in path or (ROOT / path).exists(), path
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make (\w+)`", TEXT):
        assert f"\n{target}:" in makefile
