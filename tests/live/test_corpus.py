"""The published login cases, through the real command line."""

import json
from pathlib import Path

import pytest

from live.drive import Cli

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "login"
CASES = sorted(CORPUS.glob("*.txt"))


@pytest.mark.skipif(not CASES, reason="the corpus is not beside this checkout")
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_login_case_is_diagnosed_as_its_author_says(tmp_path: Path, case: Path) -> None:
    expected = json.loads(case.with_suffix(".json").read_text())["attempts"]
    done = Cli({}, tmp_path).run("diagnose", "--json", str(case))
    found = json.loads(done.stdout)["attempts"]
    assert done.returncode == 0, done.stderr
    assert len(found) == len(expected)
    for wanted in expected:
        (attempt,) = [each for each in found if each["user"] == wanted["user"]]
        assert attempt["outcome"] in wanted["outcome"]
        assert attempt["causes"][0]["cause"] in wanted["causes"]
        assert attempt["stage"] in (wanted["stage"] or [None])
        assert attempt["admin_login"] is wanted["admin"]
