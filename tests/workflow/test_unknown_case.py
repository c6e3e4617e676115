"""``--export-unknown``: what nobody knew becomes a parser case that passes as it stands."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from diagnosis.scenes import answered, closed, ldap, opened, radius_answer, radius_request
from headend.cli import app
from headend.errors import InputError
from parse.test_cases import read

HEADEND = Path(sys.executable).parent / "headend"
UNKNOWN = "foo_bar: session {} from 198.51.100.7"
HOSTILE = "evil \x1b[31m\u2028\u202e <b> %s ${id} {{ x }} \\"


def capture() -> list[str]:
    return [
        *radius_request("0x9", 9, "0xd1", "asmith", "10.9.0.5"),
        *radius_answer("0x9", 9, "0xd1", 11, text="Enter PASSCODE:", state="S"),
        *opened(5, "0xaa01", "jdoe", "AD", "10.9.0.1"),
        *(UNKNOWN.format(number) for number in range(40)),
        *ldap(3, "jdoe", "775"),
        HOSTILE,
        *answered(5, "0xaa01", -1, "REJECT"),
        "aaa-server RSA (inside) host 10.9.0.5 Sup3rSecret unknown",
        *closed(5, "REJECT"),
        *["Radius: Type = 18 (0x12) Reply-Message", "what is this"],
    ]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "capture.txt").write_text("\n".join(capture()) + "\n")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["diagnose", *words])


def pair(text: Path) -> tuple[str, dict[str, list[object]]]:
    return text.read_text(), json.loads(text.with_suffix(".json").read_text())


def test_an_exported_pair_passes_the_case_runner(folder: Path) -> None:
    done = run("capture.txt", "--export-unknown", "out")
    assert done.exit_code == 0, done.output
    text, expected = pair(folder / "out" / "unknown-capture.txt")
    assert read(text) == expected
    lines = text.split("\n")
    unknown = [lines[number - 1] for number in expected["unrecognised"] if isinstance(number, int)]
    assert UNKNOWN.format(0) in unknown
    assert HOSTILE in unknown
    assert "what is this" in unknown
    assert sum(line.startswith("foo_bar") for line in unknown) < 10
    assert any("Filter" in line or "FSM" in line for line in lines), "no context"
    for words in ("out/unknown-capture.txt", "tests/parse/cases", "CONTRIBUTING.md"):
        assert words in done.stdout


def test_only_its_owner_can_read_it_and_nothing_is_overwritten(folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "unknown-capture.json").symlink_to(folder / "elsewhere")
    for _ in range(2):
        run("capture.txt", "--export-unknown", "out")
    names = {path.name for path in (folder / "out").iterdir()}
    assert names == {
        "unknown-capture.json",
        *(f"unknown-capture-{number}.{kind}" for number in (2, 3) for kind in ("txt", "json")),
    }
    assert not (folder / "elsewhere").exists()
    for name in names - {"unknown-capture.json"}:
        assert stat.S_IMODE((folder / "out" / name).stat().st_mode) == 0o600


def test_secrets_are_redacted_as_everywhere(folder: Path) -> None:
    (folder / "key.txt").write_text("aaa: foo\n key Sup3rSecret\nwhat is this\n")
    run("key.txt", "capture.txt", "--export-unknown", "out")
    for path in (folder / "out").iterdir():
        assert "Sup3rSecret" not in path.read_text()


def test_json_stays_json_and_standard_input_has_no_context(folder: Path) -> None:
    done = subprocess.run(
        [HEADEND, "diagnose", "-", "--json", "--export-unknown", "out"],
        input="\n".join(capture()), text=True, capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["sources"][0]["name"] == "stdin"
    assert "unknown-stdin.txt" in done.stderr
    text, expected = pair(folder / "out" / "unknown-stdin.txt")
    assert read(text) == expected
    assert expected["events"] == []


def test_a_hostile_file_name_stays_in_the_folder(folder: Path) -> None:
    (folder / "..hidden \x1b[31m.txt").write_text("what is this\n")
    run("..hidden \x1b[31m.txt", "--export-unknown", "out")
    (text,) = (folder / "out").glob("*.txt")
    assert text.name.isprintable()
    assert text.name.startswith("unknown-")


def test_nothing_unknown_writes_nothing(folder: Path) -> None:
    (folder / "known.txt").write_text("\n".join(closed(5, "REJECT")))
    done = run("known.txt", "--export-unknown", "out")
    assert "nothing to export" in done.stdout
    assert not (folder / "out").exists()


def test_a_folder_that_is_a_file_is_an_input_error() -> None:
    done = run("capture.txt", "--export-unknown", "capture.txt")
    assert isinstance(done.exception, InputError)
    assert done.exception.remedy
