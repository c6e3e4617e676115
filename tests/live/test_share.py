"""A bundle for a vendor: nobody's name in it, and the same diagnosis from it."""

import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from headend.lab import LOGIN, Lab
from live.drive import Cli


@pytest.fixture
def shared(lab: Lab, cli: Cli) -> tuple[Cli, dict[str, Any], Path]:
    """Return an investigated login, its result, and the bundle made of it."""
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    lab.attempt("jdoe", group="CORP", token="000000")
    result = run.result()
    done = cli.run("incident", "share", "last", "-o", "case.zip", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["bundle"] == "case.zip"
    return cli, result, cli.folder / "case.zip"


def essence(document: dict[str, Any]) -> list[object]:
    return [
        (
            [cause["cause"] for cause in one["causes"]],
            one["outcome"],
            one["stage"],
            [(stage["stage"], stage["state"]) for stage in one["stages"]],
        )
        for one in document["attempts"]
    ]


def test_the_bundle_is_diagnosed_as_the_incident_was(
    shared: tuple[Cli, dict[str, Any], Path], tmp_path: Path
) -> None:
    cli, result, bundle = shared
    again = json.loads(cli.run("diagnose", bundle.name, "--json").stdout)
    assert essence(again) == essence(result)
    assert again["attempts"][0]["user"] not in {None, "jdoe"}
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path / "unpacked")
        manifest = json.loads(archive.read("bundle.json"))
    unpacked = cli.run("diagnose", *(f"unpacked/{one}" for one in manifest["texts"]), "--json")
    assert essence(json.loads(unpacked.stdout)) == essence(result)


def test_nobody_is_named_in_the_bundle_and_the_table_stays_here(
    lab: Lab, shared: tuple[Cli, dict[str, Any], Path]
) -> None:
    cli, result, bundle = shared
    (attempt,) = result["attempts"]
    with zipfile.ZipFile(bundle) as archive:
        text = "\n".join(
            [*archive.namelist(), *(archive.read(one).decode() for one in archive.namelist())]
        )
    table = json.loads((cli.incident() / "sharing.json").read_text())
    hidden = [
        "jdoe",
        "vpn-1",
        attempt["client_ip"],
        attempt["server"],
        *lab.secrets,
        LOGIN.password,
    ]
    assert attempt["client_ip"] == "198.51.100.7"
    for value in hidden:
        assert value.lower() not in text.lower()
    assert (
        table["names"][next(one for one, name in table["names"].items() if name == "jdoe")]
        in "jdoe"
    )
    assert attempt["client_ip"] in table["addresses"].values()
    assert stat.S_IMODE((cli.incident() / "sharing.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    assert table["key"] not in text


def test_the_same_incident_gives_the_same_bytes(shared: tuple[Cli, dict[str, Any], Path]) -> None:
    cli, _, bundle = shared
    first = bundle.read_bytes()
    assert cli.run("incident", "share", "last", "-o", "again.zip").returncode == 0
    assert (cli.folder / "again.zip").read_bytes() == first


def test_any_other_archive_is_refused(cli: Cli) -> None:
    with zipfile.ZipFile(cli.folder / "other.zip", "w") as archive:
        archive.writestr("a.txt", "jdoe")
    done = cli.run("diagnose", "other.zip")
    assert done.returncode == 2
    assert "no bundle" in done.stderr or "not a bundle" in done.stderr
