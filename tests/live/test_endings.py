"""Each way in which a capture ends is named, and after each of them debug is proved off."""

import dataclasses
import json
import os
import pty
import resource
import signal
import subprocess
import termios
from collections.abc import Callable
from typing import Any

import pytest

from headend.lab import HeadendSpec, Lab
from headend.lab.facade import Headend
from live.drive import PATIENCE, Cli, Running

# A login that begins and is never heard of again.
BEGUN = [
    "AAA API: In aaa_open",
    "AAA session opened: handle = 77",
    "AAA API: In aaa_process_async",
    "aaa_process_async: sending AAA_MSG_PROCESS",
    "AAA task: aaa_process_msg(0x00007fff2ab4d860) received message type 0",
    "AAA FSM: In AAA_StartAAATransaction",
    "AAA FSM: In AAA_InitTransaction",
    "Initiating authentication to primary server (Svr Grp: AD)",
    "AAA FSM: In AAA_BindServer",
    "AAA_BindServer: Using server: 10.20.1.5",
    "AAA FSM: In AAA_SendMsg",
    "User: jdoe",
    "Resp:",
]


def become(headend: Headend, **changes: Any) -> None:
    """Change a headend's personality while it runs."""
    headend.box.spec = dataclasses.replace(headend.box.spec, **changes)


def ended(run: Running, cli: Cli, lab: Lab, ending: str, status: int) -> dict[str, Any]:
    """Wait for the end; it must be named everywhere and proved on every headend."""
    result = run.result()
    record = json.loads((cli.incident() / "incident.json").read_text())
    assert (result["ending"], record["ending"]) == (ending, ending)
    for headend in result["headends"]:
        assert headend["state"] == "disarmed", headend
        assert "show debug lists nothing" in headend["proof"]
        assert record["headends"][headend["name"]]["proof"] == headend["proof"]
        assert record["headends"][headend["name"]]["ending"] == headend["ending"]
        assert not any(one.debugs for one in lab.headends[headend["name"]].sessions)
        typed = [line for _, _, line in lab.headends[headend["name"]].received]
        assert "show debug" in typed[typed.index("undebug all") :]
    assert run.process.returncode == status
    assert not list((cli.incidents / ".leases").glob("*.json"))
    return result


def armed(cli: Cli, *arguments: str) -> Running:
    run = cli.start("investigate", "jdoe", "--json", *arguments)
    run.wait_for("ready")
    return run


def test_the_verdict(lab: Lab, cli: Cli) -> None:
    run = armed(cli)
    lab.attempt("jdoe", group="CORP")
    seen = run.wait_for("attempt", user="jdoe", settled=True)
    assert seen["causes"][0]["cause"] == "token-required"
    ended(run, cli, lab, "verdict", 0)


def test_an_attempt_that_goes_silent(lab: Lab, cli: Cli) -> None:
    run = armed(cli, "--idle", "1")
    lab.headends["vpn-1"].emit(BEGUN)
    run.wait_for("attempt", user="jdoe", settled=False)
    result = ended(run, cli, lab, "idle", 11)
    assert result["attempts"][0]["outcome"] == "incomplete"


def test_silence_before_the_attempt_is_no_end(lab: Lab, cli: Cli) -> None:
    run = armed(cli, "--idle", "0.2", "--for", "2")
    ended(run, cli, lab, "deadline", 10)


def test_the_number_of_lines(lab: Lab, cli: Cli) -> None:
    run = armed(cli, "--max-lines", "500")
    lab.headends["vpn-1"].emit([f"AAA FSM: In marker {number}" for number in range(600)])
    result = ended(run, cli, lab, "lines", 10)
    assert result["headends"][0]["ending"] == "lines"


def test_a_headend_whose_cpu_rises_is_left_and_the_others_go_on(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(HeadendSpec("vpn-1"), HeadendSpec("vpn-2"))
    cli = start_cli(lab)
    run = armed(cli, "--max-cpu", "50", "--for", "60")
    lab.headends["vpn-1"].set_cpu(95)
    run.wait_for("headend", name="vpn-1", state="disarmed", ending="cpu")
    assert any(one.debugs for one in lab.headends["vpn-2"].sessions)
    # Looked at through the session that listens, and twice before it was believed.
    first = [line for sid, _, line in lab.headends["vpn-1"].received if line == "show cpu usage"]
    assert len(first) == 3
    os.kill(run.process.pid, signal.SIGTERM)
    ended(run, cli, lab, "interrupted", 130)


@pytest.mark.thorough  # the unit that takes over is another test, which sees this one left as well
def test_a_unit_that_becomes_the_standby_is_left(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(HeadendSpec("vpn-1", prompt_style="priority-state", failover_role="active"))
    cli = start_cli(lab)
    run = armed(cli, "--for", "60")
    lab.headends["vpn-1"].fail_over()
    result = ended(run, cli, lab, "failover", 14)
    assert result["headends"][0]["ending"] == "failover"


@pytest.mark.parametrize("number", (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT))
def test_a_signal(lab: Lab, cli: Cli, number: signal.Signals) -> None:
    run = armed(cli)
    os.kill(run.process.pid, number)
    ended(run, cli, lab, "interrupted", 130)


def test_ctrl_z_does_not_stop_a_process_that_has_debug_on(lab: Lab, cli: Cli) -> None:
    run = armed(cli)
    os.kill(run.process.pid, signal.SIGTSTP)
    lab.attempt("jdoe", group="CORP")
    ended(run, cli, lab, "verdict", 0)


@pytest.mark.parametrize("key", ("q", "\n"))
def test_a_key_on_a_terminal(cli: Cli, key: str) -> None:
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    process = subprocess.Popen(
        ["/usr/bin/setsid", "--ctty", "--wait", *cli.command("investigate", "jdoe")],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=cli.folder,
        env=cli.environment,
    )
    try:
        seen = b""
        while b"Ask jdoe to log in now" not in seen:
            seen += os.read(ours, 4096)
        os.write(ours, key.encode())
        while b"Ended by a key." not in seen:
            seen += os.read(ours, 4096)
        assert process.wait(PATIENCE) == 10
        assert termios.tcgetattr(theirs) == before
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)
    assert b"debug is off: show debug lists nothing" in seen
    assert json.loads((cli.incident() / "incident.json").read_text())["ending"] == "key"


def test_a_reader_that_goes_away(lab: Lab, cli: Cli) -> None:
    done = subprocess.run(
        [
            "/bin/bash",
            "-c",
            '"$@" | head -n 1; exit ${PIPESTATUS[0]}',
            "-",
            *cli.command("investigate", "jdoe", "--for", "20", "--json"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        cwd=cli.folder,
        env=cli.environment,
    )
    assert done.returncode == 130, done.stderr
    assert done.stderr == ""
    assert json.loads(done.stdout)["event"] in {"headend", "line"}
    record = json.loads((cli.incident() / "incident.json").read_text())
    assert record["headends"]["vpn-1"]["state"] == "disarmed"
    lab.headends["vpn-1"].wait_for_no_sessions()
    assert not list((cli.incidents / ".leases").glob("*.json"))


def test_a_full_disk_takes_the_debug_off_and_says_so(lab: Lab, cli: Cli) -> None:
    run = armed(cli)
    # Files may grow no more: to the process it is a disk without room.
    resource.prlimit(run.process.pid, resource.RLIMIT_FSIZE, (20_000, 20_000))
    lab.headends["vpn-1"].emit([f"AAA FSM: In marker {number}" for number in range(2000)])
    out, stderr = run.process.communicate(timeout=PATIENCE)
    assert run.process.returncode not in {0, None}
    assert "cannot be written" in out + stderr  # the headend's record failed first, or ours
    assert "Unexpected" not in stderr
    lab.headends["vpn-1"].wait_for_no_sessions()
    typed = [line for _, _, line in lab.headends["vpn-1"].received]
    assert "show debug" in typed[typed.index("undebug all") :]
