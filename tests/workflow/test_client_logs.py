"""What a user's machine sends joins the incident, and none of it can do harm."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from diagnosis.scenes import answered, closed, opened, radius_answer, radius_request
from headend.diagnosis.server_words import BUILT_IN
from headend.errors import InputError
from headend.incident import Incident, IncidentStore
from headend.incident.stored import read_report
from headend.model.diagnosis import Cause, Diagnosis, Lane
from headend.workflow.archive import members
from headend.workflow.client_logs import Added, add_client_logs
from workflow.event_log_writer import Record, event_log
from workflow.hostile_archives import ATTACKS, BAD_MEMBERS, LOG, Case, packed, table

END = datetime(2026, 11, 23, 8, 10, 8, tzinfo=UTC)


@pytest.fixture
def incident(tmp_path: Path) -> Incident:
    """Return an incident in which jdoe's login was rejected at ``END``."""
    made = IncidentStore(tmp_path / "incidents").open("investigate", "jdoe", ["vpn-1"])
    lines = [
        *opened(7, "0xaa", "jdoe", "RSA", "10.9.0.5"),
        *radius_request("0x8", 8, "0xd1", "jdoe", "10.9.0.5"),
        *radius_answer("0x8", 8, "0xd1", 3),
        *answered(7, "0xaa", -1, "REJECT"),
        *closed(7, "REJECT"),
    ]
    with made.capture("vpn-1") as log:
        log.write("".join(f"{line}\r\n" for line in lines).encode(), END.timestamp())
    made.end("verdict")
    return made


def added(incident: Incident, *files: Path) -> Added:
    return add_client_logs(incident, files, BUILT_IN)


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def history(end: datetime, said: str = "Login failed.") -> str:
    lines = ((-4, "Contacting vpn.example.net."), (-2, "User credentials entered."), (0, said))
    return "".join(f"[{end + timedelta(seconds=at):%m/%d/%Y %H:%M:%S}] {s}\n" for at, s in lines)


def mine(found: Added) -> Diagnosis:
    (attempt,) = found.chosen
    return attempt


def client_lines(attempt: Diagnosis) -> list[str]:
    return [one.evidence.text for one in attempt.course if one.lane is Lane.CLIENT]


def contents(folder: Path) -> dict[Path, bytes]:
    return {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}


@pytest.mark.parametrize("case", ATTACKS, ids=lambda case: case.title)
def test_an_archive_that_was_made_to_do_harm_is_refused_whole(
    incident: Incident, tmp_path: Path, case: Case
) -> None:
    path = tmp_path / "DARTBundle.zip"
    case.make(path)
    before = contents(incident.path)
    tracemalloc.start()
    try:
        with pytest.raises(InputError) as refused:
            added(incident, path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert case.said in str(refused.value)
    assert refused.value.remedy
    assert str(refused.value).isprintable()
    assert peak < 32 << 20
    assert contents(incident.path) == before
    assert {each.name for each in tmp_path.iterdir()} == {"DARTBundle.zip", "incidents"}


@pytest.mark.parametrize("case", BAD_MEMBERS, ids=lambda case: case.title)
def test_a_member_that_cannot_be_read_is_refused_alone_and_the_good_ones_are_taken(
    incident: Incident, tmp_path: Path, case: Case
) -> None:
    path = tmp_path / "DARTBundle.zip"
    case.make(path)
    with zipfile.ZipFile(path) as archive:
        names = {each.filename for each in archive.infolist()}
    found = added(incident, path)
    assert [each.name for each in found.kept] == ["good.txt"]
    assert found.left_out == ()
    (refused,) = found.refused
    assert case.said in refused.why
    assert refused.came_from.removeprefix("DARTBundle.zip: ") in names
    assert sorted(each.name for each in incident.path.rglob("*") if "client" in str(each)) == [
        "client",
        "good.txt",
    ]
    (kept,) = (incident.path / "client").iterdir()
    assert kept.read_text() == LOG
    trail = [json.loads(line) for line in (incident.path / "audit.jsonl").read_text().splitlines()]
    assert trail[-1]["details"]["refused"] == [f"{refused.came_from} {refused.why}"]


def test_what_was_tried_stands_in_the_docs() -> None:
    written_down = Path(__file__).parents[2] / "docs" / "hostile-archives.md"
    assert written_down.read_text() == table()


def test_a_bundle_of_nothing_but_bad_members_adds_nothing(
    incident: Incident, tmp_path: Path
) -> None:
    path = tmp_path / "b.zip"
    packed(path, ("a\x1b.txt", LOG), ("b.txt", b"PK\x03\x04"))
    before = contents(incident.path)
    with pytest.raises(InputError, match=r"Nothing was added .* has a name that no log has; .*zip"):
        added(incident, path)
    assert contents(incident.path) == before


def test_a_large_bundle_is_read_in_the_memory_of_a_small_one(
    incident: Incident, tmp_path: Path
) -> None:
    """Two logs of 12 MiB, of which a portion at a time is held."""
    path = tmp_path / "b.zip"
    filler = "".join(f"[11/22/2026 7:{n % 60:02}:00 AM] Posture {n:01500}\n" for n in range(2500))
    text = filler.encode() * ((12 << 20) // len(filler))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(2):
            archive.writestr(f"{number}.txt", text + LOG.encode() + b"%d\n" % number)
    del text
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from headend.diagnosis.server_words import BUILT_IN\n"
        "from headend.incident import Incident\n"
        "from headend.workflow.client_logs import add_client_logs\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "found = add_client_logs(Incident(Path(sys.argv[1])), [Path(sys.argv[2])], BUILT_IN)\n"
        "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(len(found.kept), sum(one.lines for one in found.kept), after - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(incident.path), str(path)],
        check=True, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    kept, lines, grown = map(int, done.stdout.split())
    assert (kept, lines) == (2, 2 * (2500 * ((12 << 20) // len(filler)) + 3))
    assert grown < 32 << 10, f"{grown >> 10} MiB more than before"


@pytest.mark.parametrize(
    "name",
    (
        "AnyConnect.txt",
        "Secure Client é.TXT",
        "no suffix",
        "日本語.log",
        "%2e%2e",
        ".hidden",
        "-rf",
    ),
)
@pytest.mark.parametrize("encoding", ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"))
def test_any_name_and_encoding_of_a_log_is_read(
    incident: Incident, tmp_path: Path, name: str, encoding: str
) -> None:
    path = tmp_path / "bundle.zip"
    packed(path, (f"DART/{name}", history(END).replace("\n", "\r\n").encode(encoding)))
    found = added(incident, path)
    assert [each.name for each in found.kept] == [name]
    assert len(client_lines(mine(found))) == 3
    (kept,) = (incident.path / "client").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.resolve().is_relative_to(incident.path.resolve())


@pytest.mark.parametrize("hours", (0, 1, -5, 5.5, 13))
def test_a_client_in_another_zone_finds_its_login_and_the_offset_is_told(
    incident: Incident, tmp_path: Path, hours: float
) -> None:
    away = timedelta(hours=hours, seconds=7)
    text = "".join(
        history(END + away - earlier)
        for earlier in (timedelta(hours=5, minutes=11), timedelta(minutes=44), timedelta(0))
    )
    found = added(incident, written(tmp_path / "history.txt", text))
    clock = mine(found).client_clock
    assert clock is not None
    assert clock.seconds == pytest.approx(away.total_seconds(), abs=1)
    ends = [one.at for one in mine(found).course if one.words == "Shows: login failed"]
    assert ends == [END.isoformat()]
    assert mine(found).ended == END.isoformat(), "the headend's time, not the client's"
    stored = read_report(incident.path / "diagnosis.json")
    assert stored is not None
    assert stored.attempts[0].client_clock == clock
    assert clock.said in (incident.path / "report.html").read_text().replace("&#39;", "'")


def test_tries_that_could_be_any_login_are_claimed_for_none(
    incident: Incident, tmp_path: Path
) -> None:
    text = history(END + timedelta(minutes=11)) + history(END + timedelta(minutes=77))
    found = added(incident, written(tmp_path / "history.txt", text))
    assert mine(found).client_clock is None
    assert not client_lines(mine(found))
    assert len(found.report.attempts) == 3


def test_a_login_of_another_outcome_is_not_the_same(incident: Incident, tmp_path: Path) -> None:
    found = added(incident, written(tmp_path / "h.txt", history(END, "Connected to vpn.")))
    assert not client_lines(mine(found))


def test_an_event_log_is_evidence_before_windows_logon(incident: Incident, tmp_path: Path) -> None:
    said = "Message type warning sent to the user:\n"
    records = (
        (-6, "Function: X\nFile: a.cpp\nLine: 3\nStart Before Logon (SBL) mode: not logged on."),
        (-5, f"{said}Contacting vpn.example.net."),
        (-3, f"{said}No valid certificates available for authentication.\nDate : 1/1/1999"),
        (0, f"{said}Authentication failed."),
    )
    path = tmp_path / "DART.zip"
    log = event_log(Record(END + timedelta(seconds=at), "acvpnui", text) for at, text in records)
    packed(path, ("Logs/AnyConnect.evtx", log))
    found = mine(added(incident, path))
    causes = {each.cause: each for each in found.causes}
    assert Cause.CERTIFICATE_STORE_LOCKED in causes
    evidence = {line.source for line in causes[Cause.CERTIFICATE_STORE_LOCKED].evidence}
    assert evidence == {"client/AnyConnect.evtx"}
    assert "Runs before Windows logon" in [one.words for one in found.course]


def test_a_certificate_mismatch_of_the_client_is_evidence(
    incident: Incident, tmp_path: Path
) -> None:
    found = mine(added(incident, written(tmp_path / "a", history(END, "Certificate mismatch."))))
    assert Cause.CERTIFICATE_MISMATCH in {each.cause for each in found.causes}


def test_a_damaged_event_log_is_an_error_in_words(incident: Incident, tmp_path: Path) -> None:
    path = tmp_path / "a.evtx"
    path.write_bytes(b"ElfFile\0" + os.urandom(5000))
    with pytest.raises(InputError, match=r"damaged event log|tells of a login|no text"):
        added(incident, path)


def test_secrets_of_a_client_log_do_not_reach_the_disk(
    incident: Incident, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEADEND_PASSWORD", "Tr0ub4dor&3")
    text = history(END) + "[11/23/2026 08:10:09] note: Tr0ub4dor&3 was typed\n"
    added(incident, written(tmp_path / "h.txt", text))
    for path in incident.path.rglob("*"):
        assert not path.is_file() or b"Tr0ub4dor" not in path.read_bytes(), path


def test_what_tells_nothing_is_left_out_and_named(incident: Incident, tmp_path: Path) -> None:
    path = tmp_path / "DART.zip"
    packed(path, ("a/h.txt", history(END)), ("a/x.xml", "<x/>"), ("a/b.dat", os.urandom(900) * 2))
    found = added(incident, path)
    assert [each.name for each in found.kept] == ["h.txt"]
    assert {each.came_from for each in found.left_out} == {"DART.zip: a/x.xml", "DART.zip: a/b.dat"}
    with pytest.raises(InputError, match=r"the same text as h\.txt"):
        added(incident, path)
    trail = (incident.path / "audit.jsonl").read_text().splitlines()
    actions = [json.loads(line) for line in trail]
    assert [each["action"] for each in actions] == ["client logs added"]
    assert incident.verify_audit() == []


@pytest.mark.parametrize("make", (Path.mkdir, os.mkfifo), ids=("folder", "pipe"))
def test_what_is_no_file_is_an_error(incident: Incident, tmp_path: Path, make: object) -> None:
    path = tmp_path / "x"
    assert callable(make)
    make(path)
    with pytest.raises(InputError, match="is no file"):
        added(incident, path)


def test_an_ordinary_archive_gives_its_files(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.mkdir("Logs")
        archive.writestr("Logs\\AnyConnect.txt", LOG)
    assert [(each.name, b"".join(each.portions)) for each in members(path)] == [
        ("Logs/AnyConnect.txt", LOG.encode())
    ]
