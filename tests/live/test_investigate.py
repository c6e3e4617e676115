"""The main job, end to end: a login fails on a headend, and one command says why."""

import json
import stat
from collections.abc import Callable

import pytest

from headend.lab import LOGIN, HeadendSpec, Lab
from live.drive import Cli

# user, how the user tries, the cause that must be named, the outcome
ATTEMPTS = [
    (("jdoe", {"group": "CORP"}), "token-required", "challenged"),
    (("jdoe", {"group": "CORP", "token": "000000"}), "token-rejected", "rejected"),
    (("jdoe", {"group": "STAFF", "password": "wrong"}), "bad-credentials", "rejected"),
    (("nobody", {"group": "STAFF", "password": "x"}), "account-unknown", "rejected"),
    (("asmith", {"group": "STAFF"}), "none", "accepted"),
    (("m.rossi", {"group": "STAFF"}), "account-locked", "rejected"),
    (("f.silva", {"group": "STAFF"}), "account-disabled", "rejected"),
    (("e.haas", {"group": "STAFF"}), "account-expired", "rejected"),
    (("p.nowak", {"group": "STAFF"}), "password-expired", "rejected"),
    (("n.kumar", {"group": "STAFF"}), "password-must-change", "rejected"),
    (("s.tanaka", {"group": "STAFF"}), "logon-hours", "rejected"),
    (("l.dubois", {"group": "STAFF"}), "logon-workstation", "rejected"),
    (("b.ortiz", {"group": "CORP", "token": "271828"}), "token-next-code", None),
    (("asmith", {"group": "DEADRAD"}), "server-unreachable", "timeout"),
    (("asmith", {"group": "BADKEY"}), "server-secret-mismatch", None),
]


@pytest.mark.parametrize(("attempt", "cause", "outcome"), ATTEMPTS)
def test_the_cause_of_a_live_attempt_is_named_with_its_proof(
    lab: Lab, cli: Cli, attempt: tuple[str, dict[str, str]], cause: str, outcome: str | None
) -> None:
    user, how = attempt
    run = cli.investigate(user)
    run.wait_for("ready")
    lab.attempt(user, how.get("password"), group=how["group"], token=how.get("token"))
    result = run.result()
    (found,) = [each for each in result["attempts"] if each["user"] == user]
    first = found["causes"][0]
    assert first["cause"] == cause
    if outcome:
        assert found["outcome"] == outcome
    if cause != "none":
        assert first["evidence"], "a cause without its proof"
        log = (cli.incident() / "vpn-1" / "capture.log").read_text().split("\n")
        for line in first["evidence"]:
            assert line["text"].strip() in log[line["line"] - 1]
    assert run.process.returncode == 0
    assert [headend["state"] for headend in result["headends"]] == ["disarmed"]
    assert not any(session.debugs for session in lab.headends["vpn-1"].sessions)


def test_the_attempt_shows_on_whichever_headend_the_user_lands(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(*(HeadendSpec(f"vpn-{number}") for number in (1, 2, 3)))
    cli = start_cli(lab)
    run = cli.investigate("jdoe")
    assert run.wait_for("ready")["headends"] == ["vpn-1", "vpn-2", "vpn-3"]
    lab.attempt("jdoe", group="CORP", headend="vpn-3")
    result = run.result()
    (attempt,) = result["attempts"]
    assert attempt["headend"] == "vpn-3"
    assert {each["name"]: each["state"] for each in result["headends"]} == {
        "vpn-1": "disarmed",
        "vpn-2": "disarmed",
        "vpn-3": "disarmed",
    }


def test_somebody_elses_attempt_does_not_end_the_capture(lab: Lab, cli: Cli) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    lab.attempt("asmith", group="STAFF")
    other = run.wait_for("attempt", user="asmith")
    assert other["asked"] is False
    lab.attempt("jdoe", group="CORP")
    result = run.result()
    assert run.process.returncode == 0
    assert {each["user"] for each in result["attempts"]} == {"asmith", "jdoe"}
    listed = json.loads(cli.run("incident", "list", "--json").stdout)["incidents"]
    assert listed[0]["cause"] == "token-required"  # jdoe's, though asmith came first


def test_a_name_of_pages_takes_one_line_of_the_screen(lab: Lab, cli: Cli) -> None:
    run = cli.start("investigate", "jdoe", "--for", "10")
    assert run.process.stdout
    for line in run.process.stdout:
        if "Ask jdoe to log in" in line:
            break
    lab.attempt("y" * 2000, group="STAFF")
    said = next(line for line in run.process.stdout if "yyy" in line)
    assert len(said) < 120
    run.process.terminate()
    assert run.process.wait(30) == 130


def test_the_result_is_the_published_document(lab: Lab, cli: Cli) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    lab.attempt("jdoe", group="CORP")
    result = run.result()
    assert result["schema"] == "headend.diagnosis/1"
    assert result["event"] == "result"
    (attempt,) = result["attempts"]
    assert [stage["stage"] for stage in attempt["stages"]] == [
        "tls", "certificate", "tunnel-group", "primary-authentication", "challenge",
        "secondary-authentication", "authorization", "group-policy", "session",
    ]  # fmt: skip
    assert set(attempt["witnesses"]) == {"debug", "counters", "syslog"}
    assert set(result["timing"]) == {
        "seconds_to_connected",
        "seconds_to_armed",
        "seconds_to_first_action",
        "seconds_to_verdict",
    }
    assert result["timing"]["seconds_to_verdict"] < 1
    lines = [event["line"] for event in run.events if event["event"] == "line"]
    assert lines == list(range(1, len(lines) + 1))


def test_the_incident_is_whole_private_and_free_of_secrets(lab: Lab, cli: Cli) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    lab.attempt("jdoe", group="CORP", token="000000")
    run.result()
    folder = cli.incident()
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {
        "incident.json", "diagnosis.json", "report.html", "report.md", "audit.jsonl",
        "events.jsonl", "vpn-1/capture.log", "vpn-1/capture.idx",
    } <= names  # fmt: skip
    assert any(name.startswith("vpn-1/show/before-") for name in names)
    assert any(name.startswith("vpn-1/show/after-") for name in names)
    for path in [folder, *folder.rglob("*")]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    secrets = (LOGIN.password, LOGIN.enable, *lab.secrets)
    assert len(secrets) > 2
    for secret in secrets:
        assert secret.encode() not in everything, secret
    assert b"<secret-" in everything
    milestones = json.loads((folder / "incident.json").read_text())["milestones"]
    assert {"opened", "connected", "armed", "attempt_seen", "diagnosed"} <= set(milestones)


def test_an_incident_can_be_listed_shown_and_diagnosed_again(lab: Lab, cli: Cli) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    lab.attempt("jdoe", group="CORP")
    live = run.result()
    folder = cli.incident()
    assert folder.name in cli.run("incident", "list").stdout
    shown = cli.run("incident", "show", "last")
    assert shown.returncode == 0
    assert "token-required" in shown.stdout
    again = json.loads(cli.run("diagnose", "--json", str(folder / "vpn-1/capture.log")).stdout)
    assert [each["causes"][0]["cause"] for each in again["attempts"]] == [
        each["causes"][0]["cause"] for each in live["attempts"]
    ]


def test_the_text_view_says_what_to_do_and_then_why(lab: Lab, cli: Cli) -> None:
    json_run = cli.investigate("jdoe")  # a second session, to know when both are armed
    json_run.wait_for("ready")
    text = cli.start("investigate", "jdoe", "--for", "30")
    assert text.process.stdout
    seen = ""
    for line in text.process.stdout:
        seen += line
        if "Ask jdoe to log in now" in line:
            break
    lab.attempt("jdoe", group="CORP")
    seen += text.process.stdout.read()
    json_run.result()
    assert text.process.wait(30) == 0
    assert "token-required" in seen
    assert "debug is off" in seen
    assert "\x1b" not in seen
