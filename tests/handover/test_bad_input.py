"""What cannot be used ends in a sentence with a remedy and the right status, at every verb."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli_render.samples import report
from headend.incident import Incident, IncidentStore
from live.drive import Cli

LOG = "[11/23/2026 8:10:08 AM] Contacting vpn.example.net.\n"
# Each verb that takes an id, with what else it needs.
VERBS = {
    "show": (),
    "report": (),
    "watch": (),
    "verify": (),
    "share": ("-o", "b.zip"),
    "close": ("--resolution", "x"),
    "add": ("log.txt",),
}


@pytest.fixture
def incident(store: IncidentStore, cli: Cli) -> Incident:
    made = store.open("investigate", "jdoe", ["vpn-1"])
    with made.capture("vpn-1") as log:
        log.write(b"nothing of a login\r\n", 1.0)
    made.write_report(report())
    made.end("verdict")
    (cli.folder / "log.txt").write_text(LOG)
    return made


def refused(cli: Cli, *arguments: str, status: int = 2) -> str:
    done = cli.run("incident", *arguments)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "Unexpected" not in done.stderr
    sentence, *remedy = done.stderr.strip().splitlines()
    assert sentence.startswith("headend: ")
    assert remedy, sentence
    return done.stderr


@pytest.mark.parametrize("verb", VERBS)
def test_an_id_that_is_none_or_several(
    cli: Cli, incident: Incident, store: IncidentStore, verb: str
) -> None:
    store.open("investigate", "asmith", [])
    for name in ("2099", "../.."):
        assert "There is no incident" in refused(cli, verb, name, *VERBS[verb])
    assert "2 incidents begin with" in refused(cli, verb, incident.id[:4], *VERBS[verb])


@pytest.mark.parametrize("damage", ("{", '{"id": 3}'), ids=repr)
def test_a_record_that_is_damaged(cli: Cli, incident: Incident, damage: str) -> None:
    (incident.path / "incident.json").write_text(damage)
    for verb in VERBS.keys() - {"verify"}:
        assert "incident.json" in refused(cli, verb, incident.id, *VERBS[verb])
    checked = cli.run("incident", "verify", incident.id)
    assert checked.returncode == 1
    assert "incident.json" in checked.stdout
    for verb in ("list", "open"):
        assert "damaged" in cli.run("incident", verb).stdout


@pytest.mark.parametrize("name", ("diagnosis.json", "events.jsonl", "vpn-1/capture.idx"))
def test_another_file_that_is_damaged_is_no_crash(cli: Cli, incident: Incident, name: str) -> None:
    (incident.path / name).write_bytes(b"\x00\xff{")
    for verb in ("show", "report", "watch"):
        done = cli.run("incident", verb, "last")
        assert done.returncode in {0, 2, 10}, done.stderr
        assert "Traceback" not in done.stderr
        assert "Unexpected" not in done.stderr


@pytest.mark.parametrize(
    ("make", "said"),
    (
        (Path.mkdir, "is no file"),
        (os.mkfifo, "is no file"),
        (Path.touch, "no text"),
        (lambda path: path.write_bytes(bytes(range(256)) * 40), "no text"),
        (lambda path: path.write_text("nothing\n"), "nothing in it tells of a login"),
        (lambda path: path.write_bytes(b"\x1f\x8b" + bytes(60)), "gzip archive"),
        (lambda path: path.write_bytes(b"PK\x03\x04" + bytes(60)), "not a whole zip archive"),
        (lambda path: path.symlink_to("nowhere"), "There is no file"),
    ),
    ids=("folder", "pipe", "empty", "binary", "no log", "gzip", "no zip", "broken link"),
)
@pytest.mark.usefixtures("incident")
def test_a_file_that_is_no_log(cli: Cli, make: object, said: str) -> None:
    assert callable(make)
    make(cli.folder / "x")
    assert said in refused(cli, "add", "last", "x")


@pytest.mark.usefixtures("incident")
def test_a_place_that_cannot_be_written(cli: Cli) -> None:
    (cli.folder / "folder").mkdir()
    for place in ("folder", "missing/x"):
        for verb in ("report", "share"):
            said = refused(cli, verb, "last", "-o", place)
            assert f"{place} cannot be written" in said
            assert "-o" in said


def test_a_folder_of_incidents_that_is_a_file(cli: Cli) -> None:
    cli.incidents.write_text("x")
    for arguments in (("list",), ("open",), ("show", "last"), ("purge", "--older-than", "1d")):
        assert "--incidents" in refused(cli, *arguments)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only(cli: Cli, incident: Incident) -> None:
    incident.path.chmod(0o500)
    try:
        for verb in ("add", "close", "share"):
            said = refused(cli, verb, "last", *VERBS[verb], status=1)
            assert "cannot be written" in said
        assert cli.run("incident", "show", "last").returncode == 0
    finally:
        incident.path.chmod(0o700)
