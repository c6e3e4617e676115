from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cli_render.samples import HOSTILE, diagnosis, hostile_report, report
from headend.incident import Incident, IncidentStore, Lease, write_lease
from headend.model.diagnosis import Cause, Span
from headend.model.event import Event
from headend.model.line import Line
from incident.many import START, record, write
from live.drive import Cli

Said = Callable[..., str]
PURGE = ("--older-than", "90d", "--yes")


@pytest.fixture
def incident(store: IncidentStore) -> Incident:
    one = store.open("investigate", "b.ortiz", ["vpn-1"])
    events = one.events()
    attributes = (
        (80, "4", "10.20.0.2"),
        (85, "31", "198.51.100.23"),
        (90, "25", HOSTILE),
        (500, "4", "192.0.2.99"),  # another attempt's
    )
    for number, kind, value in attributes:
        line = Line("vpn-1/capture.log", number, "text", "vpn-1", 1.0)
        events.append(Event("radius", "attribute", line, {"type": kind, "value": value}))
    events.close()
    attempt = replace(diagnosis(), span=Span("vpn-1/capture.log", 70, 120))
    one.mark("diagnosed")
    one.write_report(report(attempt))
    one.end("verdict")
    return one


def test_the_five_lines_come_first(incident: Incident, said: Said) -> None:
    text = " ".join(said("incident", "show").split("In full")[0].split())
    assert text.startswith(
        f"Who b.ortiz, incident {incident.id} What login challenged at challenge"
    )
    assert "on vpn-1, from 198.51.100.23, tunnel group CORP, server RSA 10.20.1.5" in text
    assert "none came back (token-required, almost certain)" in text
    assert "Proof vpn-1/capture.log:84 45 6e" in text
    assert "second prompt (by the user, then the VPN team)" in text
    lines = json.loads(said("incident", "show", "--json"))["hand_over"]
    assert list(lines) == ["who", "what", "cause", "proof", "next"]


def test_an_incident_without_an_attempt_says_so(store: IncidentStore, said: Said) -> None:
    store.open("investigate", HOSTILE, ["vpn-1"]).end("deadline")
    text = " ".join(said("incident", "show").split())
    assert "no login attempt was seen" in text
    assert "the capture ended: deadline" in text
    assert "\x1b" not in text
    assert "unseen" in said("incident", "show", "--for", "identity-team")


@pytest.mark.usefixtures("incident")
def test_the_identity_team_gets_what_its_log_can_be_searched_by(said: Said) -> None:
    text = " ".join(said("incident", "show", "--for", "identity-team").split())
    assert "NAS address 10.20.0.2 (vpn-1/capture.log:80)" in text
    assert "Calling-Station-Id 198.51.100.23 (vpn-1/capture.log:85)" in text
    assert "192.0.2.99" not in text
    assert "Time 2026-11-23T23:15:00Z" in text
    assert "Is a token or second factor assigned to this user" in text
    assert "\x1b" not in text


def test_what_was_not_seen_is_said_to_be(store: IncidentStore, said: Said) -> None:
    first = replace(diagnosis().causes[0], cause=Cause.SERVER_UNREACHABLE)
    one = store.open("investigate", "b.ortiz", ["vpn-1"])
    one.write_report(report(replace(diagnosis(), causes=(first,), started=None)))
    asked = json.loads(said("incident", "show", "--json"))["identity_team"]
    assert asked["facts"]["Class"] == asked["facts"]["NAS address"] == "unseen"
    assert asked["facts"]["Time"] == "unseen"
    assert asked["questions"] == [
        "Did your server see this request, and does it know this NAS address?"
    ]


@pytest.mark.parametrize("form", ("servicenow", "jira", "slack"))
@pytest.mark.parametrize("reader", ((), ("--for", "identity-team")))
def test_no_received_text_acts_in_a_ticket(
    store: IncidentStore, said: Said, form: str, reader: tuple[str, ...]
) -> None:
    name = (
        "{code}*b* _i_ [x|http://e.example] <!channel> <@U1> @here :fire: !img.png! "
        "[code]<b>h</b>[/code] h1. www.e.example & &lt;\n* list"
    )
    one = store.open("investigate", name, [])
    one.write_report(replace(hostile_report(), attempts=(diagnosis(name),)))
    text = said("incident", "show", "--format", form, *reader)
    assert len([line for line in text.splitlines() if "list" in line]) == 1
    assert "http://" not in text
    assert "www.e" not in text
    mine = next(line for line in text.splitlines() if "fire" in line)
    if form == "servicenow":
        assert "[code]" not in text
        assert "[/code]" not in text
    if form == "slack":
        assert not {"<", ">"} & set(text)
        for mark in ("&lt;!channel", "&amp;lt;", "\u2060@here", "\u2060:fire:"):
            assert mark in mine
        assert mine.count("*") == mine.count("\u2060*") + 2
    if form == "jira":
        for mark in (r"\{code\}", r"\*b\*", r"\_i\_", r"\[x\|", r"\!img", r"\@here"):
            assert mark in mine


def test_closing_is_said_once_and_recorded(
    incident: Incident, cli: Cli, said: Said, store: IncidentStore
) -> None:
    assert "close" in said("incident", "open") or "second prompt" in said("incident", "open")
    said("incident", "close", "last", "--resolution", f"reset {HOSTILE}", "--as", "anna")
    assert incident.record["resolution"].startswith("reset [red]")
    [summary] = store.list()
    assert (summary.state, summary.open) == ("closed", False)
    last = json.loads((incident.path / "audit.jsonl").read_text().splitlines()[-1])
    assert (last["action"], last["details"]["by"]) == ("closed", "anna")
    assert incident.verify_audit() == []
    assert said("incident", "open").startswith("0 open incidents")
    again = cli.run("incident", "close", "last", "--resolution", "x")
    assert again.returncode == 2
    assert "was closed at" in again.stderr
    assert "\x1b" not in again.stderr + said("incident", "show")


def test_nothing_is_closed_without_a_reason_or_with_a_session(
    incident: Incident, cli: Cli, store: IncidentStore
) -> None:
    assert cli.run("incident", "close", "last", "--resolution", " ").returncode == 2
    write_lease(store.root, lease(incident.id))
    refused = cli.run("incident", "close", "last", "--resolution", "x")
    assert refused.returncode == 12
    assert "headend sweep" in refused.stderr


@pytest.mark.parametrize(
    ("seconds", "step"),
    (
        ({"diagnosed": 1}, "Ask the user (by the user, then the VPN team)"),
        ({"change_rendered": 1}, "headend change approve (by the VPN team)"),
        ({"approved": 1}, "headend change apply (by the VPN team)"),
        ({"applied": 1}, "headend change verify (by the VPN team)"),
        ({"verified": 1}, "headend incident close"),
    ),
)
def test_each_open_incident_has_its_next_step(
    cli: Cli, said: Said, seconds: dict[str, float], step: str
) -> None:
    write(cli.incidents, record(START, seconds))
    write(cli.incidents, record(START, {"closed": 1}, letters="bbbb"))
    write(cli.incidents, record(START, {"armed": 1}, letters="cccc", verb="change verify"))
    for verb in (("open",), ("list", "--open")):
        text = " ".join(said("incident", *verb).split())
        assert text.startswith("1 open incident.")
        assert step in text


def test_a_broken_chain_is_status_1_with_what_is_wrong(
    incident: Incident, cli: Cli, said: Said
) -> None:
    incident.audit("armed")
    incident.audit("disarmed")
    assert "1 audit chain whole" in said("incident", "verify", "last")
    path = incident.path / "audit.jsonl"
    path.write_bytes(path.read_bytes().replace(b"armed", b"ARMED", 1))
    done = cli.run("incident", "verify", incident.id)
    assert done.returncode == 1
    assert "audit.jsonl line 2 does not follow the record before it" in done.stdout
    assert cli.run("incident", "verify").returncode == 1


def lease(incident: str) -> Lease:
    return Lease(
        id=f"{incident}-vpn-1", incident=incident, headend="vpn-1", host="127.0.0.1", port=22,
        username="x", sid=1, client_ip=None, pid=1, process_started="gone/x/1", armed=(),
        created=time.time(),
    )  # fmt: skip


@pytest.fixture
def old(cli: Cli) -> dict[str, Path]:
    """Old incidents, by why they stay; and one that was closed today."""
    kinds: dict[str, dict[str, float]] = {
        "gone": {"closed": 5}, "open": {"diagnosed": 5}, "leased": {"closed": 5},
        "change": {"closed": 5}, "broken": {"closed": 5},
        "fresh": {"closed": time.time() - START.timestamp()},
    }  # fmt: skip
    made = {
        name: write(cli.incidents, record(START + timedelta(hours=at), seconds))
        for at, (name, seconds) in enumerate(kinds.items())
    }
    write_lease(cli.incidents, lease(made["leased"].name))
    (made["change"] / "changes" / "abcd").mkdir(parents=True)
    (made["change"] / "changes" / "abcd" / "plan.json").write_text("not a plan")
    torn = cli.incidents / ".leases" / f"{made['broken'].name}-vpn-1.json"
    torn.write_text("{")
    return made


def test_purge_takes_only_what_may_go(old: dict[str, Path], cli: Cli, said: Said) -> None:
    said("incident", "purge", "--older-than", "90d")
    assert all(path.exists() for path in old.values())
    text = said("incident", "purge", *PURGE, "--as", "anna")
    assert "1 incident purged, 4 kept" in text
    assert [name for name, path in old.items() if not path.exists()] == ["gone"]
    assert "stands, or may stand" in text
    said("incident", "purge", *PURGE, "--include-open")
    assert [name for name, path in old.items() if not path.exists()] == ["gone", "open"]
    log = (cli.incidents / "purged.jsonl").read_text()
    lines = [json.loads(line) for line in log.splitlines()]
    assert [line["details"]["incident"] for line in lines] == [
        old["gone"].name, old["open"].name,
    ]  # fmt: skip
    assert "jdoe" not in log
    said("incident", "verify")
    listed = said("incident", "list")
    assert old["gone"].name not in listed
    assert len(listed.splitlines()) == 5


@pytest.mark.parametrize("damage", ("cut", "edit", "delete"))
@pytest.mark.usefixtures("old")
def test_a_purge_log_that_was_changed_is_found(cli: Cli, said: Said, damage: str) -> None:
    said("incident", "purge", *PURGE, "--include-open")
    log = cli.incidents / "purged.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    assert len(lines) == 2
    first = lines[0].replace(b"purged", b"closed")
    log.write_bytes({"cut": b"", "edit": first + lines[1], "delete": lines[1]}[damage])
    done = cli.run("incident", "verify")
    assert done.returncode == 1
    assert "purged.jsonl" in done.stdout


def test_a_link_is_never_followed(cli: Cli, said: Said, tmp_path: Path) -> None:
    elsewhere = write(tmp_path / "elsewhere", record(START, {"closed": 1}))
    cli.incidents.mkdir()
    (cli.incidents / elsewhere.name).symlink_to(elsewhere)
    assert "0 incidents purged, 1 kept" in said("incident", "purge", *PURGE)
    assert (elsewhere / "incident.json").exists()


def test_a_purge_that_died_is_finished(cli: Cli, said: Said) -> None:
    left = write(cli.incidents, record(START, {"closed": 1}))
    left.rename(cli.incidents / f".purging-{left.name}")
    said("incident", "purge", *PURGE)
    assert not list(cli.incidents.glob(".purging*"))
    shutil.rmtree(cli.incidents)
