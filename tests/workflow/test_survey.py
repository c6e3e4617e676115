"""``headend survey`` on archives, through the program that users run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import archive
from bench.diagnosing import run
from headend.errors import NO_ATTEMPT

_MB = 1_000_000


def surveyed(*arguments: object) -> dict[str, Any]:
    command = [str(Path(sys.executable).with_name("headend")), "survey", "--json"]
    done = subprocess.run(
        [*command, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode in {0, NO_ATTEMPT}, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[int, archive.Archive]:
    return {size: archive.write(tmp_path_factory.mktemp("a"), size * _MB) for size in (2, 20)}


def test_memory_does_not_grow_with_the_archive(archives: dict[int, archive.Archive]) -> None:
    small, large = (run(*one.files, verb="survey").peak for one in archives.values())
    assert large < 1.2 * small
    assert large < 150


def test_an_outage_in_the_middle_of_years_is_found_to_the_second(
    archives: dict[int, archive.Archive],
) -> None:
    """Time-outs before, hostile names and answers on both sides of it do not hide it."""
    truth = archives[20]
    verdict = surveyed(*truth.files)["verdict"]
    assert (verdict["kind"], verdict["server"]) == ("outage", archive.DEAD)
    assert verdict["headends"] == list(archive.HEADENDS)
    assert (verdict["first"], verdict["last"]) == (
        truth.first.isoformat(), truth.last.isoformat(),
    )  # fmt: skip
    assert (verdict["users"], verdict["users_exact"], verdict["over"]) == (truth.users, True, True)


def test_packed_archives_give_the_same(tmp_path: Path) -> None:
    plain, packed = (tmp_path / name for name in ("plain", "packed"))
    for folder in (plain, packed):
        folder.mkdir()
        archive.write(folder, _MB, packed=folder is packed)
    names = [f"{name}.log" for name in archive.HEADENDS]
    one = surveyed(*(plain / name for name in names))
    other = surveyed(*(packed / f"{name}.gz" for name in names))
    assert one.pop("files") != other.pop("files")
    assert one == other


def test_a_user_of_the_archive_is_asked_about(archives: dict[int, archive.Archive]) -> None:
    files = archives[2].files
    (name, *_) = surveyed(*files)["verdict"]["names"]
    found = surveyed("--user", name, *files)
    assert found["ticket"]["user"] == name
    assert surveyed("--user", "not-there", *files)["verdict"]["kind"] == "nobody"
