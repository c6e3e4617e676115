"""The logs of a user's machine join the incident that the real command line captured."""

import json
import stat
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from headend.lab import Lab
from live.drive import Cli
from workflow.event_log_writer import Record, event_log
from workflow.hostile_archives import inner_zip

ZONE = timedelta(hours=2)
AHEAD = ZONE - timedelta(seconds=9)
SAID = "Message type warning sent to the user:\n"


@pytest.fixture
def failed(lab: Lab, cli: Cli) -> dict[str, Any]:
    """Return the attempt of jdoe, whose password was wrong."""
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    lab.attempt("jdoe", "not the password", group="CORP")
    (attempt,) = run.result()["attempts"]
    assert isinstance(attempt, dict)
    return attempt


def ended(attempt: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(attempt["ended"])


def bundle(path: Path, end: datetime) -> Path:
    """Write the Diagnostics bundle of a client whose clock shows ``end`` when the login failed.

    Its message history tells the user's time, its event log UTC.
    """
    told = ((-5, "Contacting vpn.example.net."), (-3, "User credentials entered."))
    history = "".join(
        f"[{end + timedelta(seconds=at):%m/%d/%Y %H:%M:%S}] {words}\n"
        for at, words in (*told, (0, "Login failed."))
    )
    records = [
        Record(end - ZONE - timedelta(seconds=5), "acvpnui", f"{SAID}Contacting vpn.example.net."),
        Record(end - ZONE, "acvpnui", f"{SAID}Login failed."),
    ]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Cisco/Logs/UI History.txt", history.encode("utf-16"))
        archive.writestr("Cisco/Logs/AnyConnect.evtx", event_log(records))
        archive.writestr("Cisco/Profile/corp.xml", "<AnyConnectProfile/>")
        archive.writestr("Cisco/more.zip", inner_zip())
    return path


def test_a_bundle_joins_the_timeline_at_the_headends_time(cli: Cli, failed: dict[str, Any]) -> None:
    assert not [one for one in failed["course"] if one["lane"] == "client"]
    bundle(cli.folder / "DART.zip", ended(failed) + AHEAD)
    done = cli.run("incident", "add", "last", "DART.zip", "--json")
    assert done.returncode == 14, done.stderr
    document = json.loads(done.stdout)
    kept = {each["name"]: each["messages"] for each in document["kept"]}
    assert kept == {"UI History.txt": 3, "AnyConnect.evtx": 2}
    assert document["refused"] == [
        {"came_from": "DART.zip: Cisco/more.zip", "why": "is an archive in the archive (zip)"}
    ]
    assert [each["came_from"] for each in document["left_out"]] == [
        "DART.zip: Cisco/Profile/corp.xml"
    ]
    (attempt,) = document["diagnosis"]["attempts"]
    assert attempt["user"] == "jdoe"
    assert attempt["causes"][0]["cause"] == failed["causes"][0]["cause"]
    assert (attempt["started"], attempt["ended"]) == (failed["started"], failed["ended"])
    clock = attempt["client_clock"]
    assert clock["seconds"] == pytest.approx(AHEAD.total_seconds(), abs=1.5)
    shown = [one for one in attempt["course"] if one["lane"] == "client"]
    assert {one["evidence"]["source"] for one in shown} == {
        "client/UI History.txt",
        "client/AnyConnect.evtx",
    }
    ends = [one["at"] for one in shown if one["words"] == "Shows: login failed"]
    assert ends
    for at in ends:
        assert abs(datetime.fromisoformat(at) - ended(failed)) < timedelta(seconds=2)
    page = (cli.incident() / "report.html").read_text().replace("&#39;", "'")
    assert clock["said"] in page
    for path in (cli.incident() / "client").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "more.zip" not in path.name
    assert cli.run("incident", "verify", "last").returncode == 0


def test_the_screen_says_what_was_taken_and_what_was_refused(
    cli: Cli, failed: dict[str, Any]
) -> None:
    bundle(cli.folder / "DART.zip", ended(failed) + AHEAD)
    done = cli.run("incident", "add", "last", "DART.zip")
    assert done.returncode == 14
    text = " ".join(done.stdout.split())
    added, refused = text.index("Added"), text.index("Refused")
    assert added < text.index("UI History.txt") < refused < text.index("Cisco/more.zip")
    assert "is an archive in the archive (zip)" in text
    assert "client's clock is" in text


def test_an_attack_is_refused_and_changes_nothing(cli: Cli, failed: dict[str, Any]) -> None:
    path = bundle(cli.folder / "DART.zip", ended(failed) + AHEAD)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../owned.txt", "x")
    before = {one: one.read_bytes() for one in cli.incident().rglob("*") if one.is_file()}
    done = cli.run("incident", "add", "last", "DART.zip")
    assert done.returncode == 2
    assert "member '../../owned.txt' leads out of the archive (..)" in done.stderr
    assert "by hand" in done.stderr
    assert {one: one.read_bytes() for one in cli.incident().rglob("*") if one.is_file()} == before
    assert not list(cli.folder.parent.rglob("owned.txt"))
