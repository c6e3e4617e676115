"""The promises that only a real session can break."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from headend.device.commands import CommandClass, classify
from headend.lab import LOGIN, HeadendSpec, Lab
from live.drive import Cli


def whole_journey(lab: Lab, cli: Cli) -> None:
    assert cli.run("preflight").returncode == 0
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    lab.attempt("jdoe", group="CORP")
    run.result()
    assert cli.run("sweep").returncode == 0


def test_looking_changes_nothing_and_types_only_what_is_allowed(lab: Lab, cli: Cli) -> None:
    headend = lab.headends["vpn-1"]
    before = headend.running_config()
    whole_journey(lab, cli)
    assert headend.running_config() == before
    typed = [command for _, _, command in headend.received]
    assert "debug aaa authentication" in typed
    for command in typed:
        assert classify(command) is CommandClass.READ, command
    assert {mode for _, mode, _ in headend.received} <= {"user", "privileged"}


def test_the_printed_command_set_is_all_that_is_typed(lab: Lab, cli: Cli) -> None:
    printed = cli.run("preflight", "--print-privileges").stdout
    permitted = [
        re.compile(f"{line.split()[1]} ?{''.join(line.split(maxsplit=2)[2:]).strip('^$')}")
        for line in printed.splitlines()
        if line.startswith("PERMIT")
    ]
    whole_journey(lab, cli)
    run = cli.investigate("jdoe", "--client-ip", "198.51.100.7")
    run.wait_for("ready")
    lab.attempt("jdoe", group="CORP")
    run.result()
    for _, _, line in lab.headends["vpn-1"].received:
        assert not line or any(each.fullmatch(line) for each in permitted), line
    assert not any(each.fullmatch("show tech-support") for each in permitted)


def test_debug_aaa_authentication_is_armed_first(lab: Lab, cli: Cli) -> None:
    whole_journey(lab, cli)
    armed = [line for _, _, line in lab.headends["vpn-1"].received if line.startswith("debug ")]
    assert armed[0] == "debug aaa authentication"
    assert {"debug aaa common 255", "debug radius user jdoe", "debug ldap 255"} <= set(armed)


@pytest.mark.parametrize("state", ("connected", "arming", "armed"))
def test_ctrl_c_at_any_step_leaves_no_debug_and_no_session(lab: Lab, cli: Cli, state: str) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("headend", state=state)
    os.kill(run.process.pid, signal.SIGINT)
    os.kill(run.process.pid, signal.SIGINT)
    result = run.result()
    assert run.process.returncode == 130
    assert [headend["state"] for headend in result["headends"]] == ["disarmed"]
    lab.headends["vpn-1"].wait_for_no_sessions()


@pytest.mark.parametrize("number", (signal.SIGINT, signal.SIGTERM))
def test_a_signal_takes_the_debug_off_before_the_process_goes(
    lab: Lab, cli: Cli, number: signal.Signals
) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    os.kill(run.process.pid, number)
    result = run.result()
    assert run.process.returncode == 130
    assert [headend["state"] for headend in result["headends"]] == ["disarmed"]
    typed = [line for _, _, line in lab.headends["vpn-1"].received]
    assert typed.index("undebug all") < len(typed) - 1
    assert "show debug" in typed[typed.index("undebug all") :]


def test_a_killed_process_loses_no_byte_and_leaves_no_debug(lab: Lab, cli: Cli) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    lab.headends["vpn-1"].emit([f"AAA FSM: In marker {number:04}" for number in range(500)])
    run.wait_for("line", text="AAA FSM: In marker 0499")
    run.process.kill()
    run.process.wait()
    log = (cli.incident() / "vpn-1" / "capture.log").read_text()
    assert re.findall(r"marker (\d{4})", log) == [f"{number:04}" for number in range(500)]
    lab.headends["vpn-1"].wait_for_no_sessions()
    assert not any(session.debugs for session in lab.headends["vpn-1"].sessions if session.alive)
    warned = cli.run("investigate", "jdoe", "--for", "1")
    assert "headend sweep" in warned.stderr
    swept = cli.run("sweep")
    assert "gone" in swept.stdout
    assert swept.returncode == 0
    assert "headend sweep" not in cli.run("investigate", "jdoe", "--for", "1").stderr


def test_hostile_lines_stay_text(lab: Lab, cli: Cli) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    lab.headends["vpn-1"].emit(
        [
            "User: \x1b]0;owned\x07\x1b[2J<script>alert(1)</script>",
            "vpn-1# AAA API: In aaa_open",
            "[red]not red[/red] =cmd|' /C calc'!A0",
            "\u202egnol eht fo resu",
        ]
    )
    lab.attempt("jdoe", group="CORP")
    run.result()
    folder = cli.incident()
    html = (folder / "report.html").read_text()
    assert "<script>alert" not in html
    for name in ("report.md", "report.html"):
        assert "\x1b" not in (folder / name).read_text()
    for command in (("incident", "show", "last"), ("incident", "list")):
        assert "\x1b" not in cli.run(*command).stdout


def test_a_wrong_password_is_one_attempt_on_the_whole_fleet(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(*(HeadendSpec(f"vpn-{number}") for number in range(1, 5)))
    cli = start_cli(lab)
    done = cli.run("investigate", "jdoe", HEADEND_PASSWORD="wrong-" + LOGIN.password)
    assert done.returncode == 13
    assert sum(headend.failed_logins for headend in lab.headends.values()) == 1
    for text in (done.stdout, done.stderr):
        assert "wrong-" not in text
        assert "Traceback" not in text


def test_no_litter_beside_the_incidents(lab: Lab, cli: Cli) -> None:
    whole_journey(lab, cli)
    assert {path.name for path in cli.folder.iterdir()} == {"incidents"}
    assert not list(Path.cwd().glob("nornir.log"))
