"""A capture is watched from other terminals, from its first line, while it runs and after."""

import json
import os
import signal

from headend.lab import Lab
from live.drive import Cli, Running


def lines(run: Running) -> list[tuple[object, ...]]:
    events = (each for each in run.events if each["event"] == "line")
    return [(each["headend"], each["line"], each["received"], each["text"]) for each in events]


def test_several_watchers_see_every_line_and_the_same_verdict(lab: Lab, cli: Cli) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    lab.headends["vpn-1"].emit(["", "User: \x1b]0;owned\x07"])
    early = [cli.start("incident", "watch", "last", "--json") for _ in range(2)]
    for each in early:
        each.wait_for("line", text="User: \x1b]0;owned\x07")
    plain = cli.start("incident", "watch")
    lab.attempt("jdoe", group="CORP")
    result = run.result()
    late = cli.start("incident", "watch", result["incident"]["id"][:12], "--json")
    for each in (*early, late):
        seen = each.result()
        assert each.process.returncode == 0
        assert lines(each) == lines(run)
        assert seen["attempts"] == result["attempts"]
        assert seen["ending"] == "verdict"
        assert seen["headends"] == result["headends"]
        assert any(one["event"] == "attempt" and one["user"] == "jdoe" for one in each.events)
    text, _ = plain.process.communicate(timeout=30)
    assert plain.process.returncode == 0
    assert "token-required" in text
    assert r"User: \x1b]0;owned\x07" in text
    assert "\x1b" not in text


def test_a_watcher_of_a_killed_capture_ends_and_says_so(lab: Lab, cli: Cli) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    lab.headends["vpn-1"].emit(["", "AAA FSM: In the last words"])
    run.wait_for("line", text="AAA FSM: In the last words")
    watching = cli.start("incident", "watch", "--json")
    watching.wait_for("line", text="AAA FSM: In the last words")
    os.kill(run.process.pid, signal.SIGKILL)
    run.process.wait()
    assert watching.result()["ending"] is None
    assert "headend sweep" in cli.run("incident", "watch").stdout


def test_who_watches_does_not_disturb_the_capture(lab: Lab, cli: Cli) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    watching = cli.start("incident", "watch", "--json")
    watching.wait_for("headend", state="armed")
    watching.process.send_signal(signal.SIGINT)
    watching.process.wait(30)
    lab.attempt("jdoe", group="CORP")
    run.result()
    assert run.process.returncode == 0
    record = json.loads((cli.incident() / "incident.json").read_text())
    assert record["ending"] == "verdict"


def test_an_incident_without_a_capture_cannot_be_watched(cli: Cli) -> None:
    done = cli.run("incident", "watch")
    assert done.returncode == 2
    assert "incident" in done.stderr
