"""A lost session is opened once more, honestly: the role again, the gap marked, the end proved."""

import json
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headend.lab import Lab
from live.drive import Cli, Running
from live.linger import lingering
from live.test_endings import BEGUN, become

REST = [
    "AAA FSM: In AAA_ProcSvrResp",
    "Back End response:",
    "Authentication Status: -1 (REJECT)",
    "AAA FSM: In AAA_NextFunction",
    "AAA_NextFunction: i_fsm_state = IFSM_PRIM_AUTHENTICATE, auth_status = REJECT",
    "AAA_NextFunction: authen svr = AD, author svr = <none>, user pol = , tunn pol = DfltGrpPolicy",
    "AAA_NextFunction: New i_fsm_state = IFSM_DONE,",
    "AAA FSM: In AAA_ProcessFinal",
    "AAA FSM: In AAA_Callback",
    "AAA API: In aaa_close",
    "AAA task: aaa_process_msg(0x00007fff2ab4d860) received message type 2",
    "In aaai_close_session (77)",
]


def armed(cli: Cli, *arguments: str) -> Running:
    run = cli.start("investigate", "jdoe", "--json", *arguments)
    run.wait_for("ready")
    return run


def lose(lab: Lab, run: Running) -> None:
    lab.headends["vpn-1"].drop_sessions()
    run.wait_for("headend", name="vpn-1", state="lost")


def test_it_is_armed_again_and_the_gap_is_marked(lab: Lab, cli: Cli) -> None:
    headend = lab.headends["vpn-1"]
    run = armed(cli)
    headend.emit(["", "AAA FSM: In before the gap"])
    run.wait_for("line", text="AAA FSM: In before the gap")
    lose(lab, run)
    run.wait_for("headend", name="vpn-1", state="armed")
    lab.attempt("jdoe", group="CORP")
    result = run.result()
    assert run.process.returncode == 0
    (facts,) = result["headends"]
    assert (facts["state"], facts["ending"], facts["error"]) == ("disarmed", "verdict", None)
    assert len(facts["gaps"]) == 1
    assert "show debug lists nothing" in facts["proof"]
    assert "the lost session is not in show ssh sessions" in facts["proof"]
    (attempt,) = result["attempts"]
    assert attempt["notes"] == []  # it began after the gap

    folder = cli.incident()
    log = (folder / "vpn-1" / "capture.log").read_text().splitlines()
    index = (folder / "vpn-1" / "capture.idx").read_text().splitlines()
    (marked,) = [number for number, record in enumerate(index) if record.endswith(" gap")]
    assert re.match(r"headend: gap: \d\d:\d\d:\d\d\.\d{3} UTC: .*127\.0\.0\.1", log[marked])
    assert log.index("AAA FSM: In before the gap") < marked
    (line,) = [each for each in run.events if each.get("gap")]
    assert line["line"] == marked + 1
    assert not any("gap" in each["text"] for each in result["unrecognised"])
    record = json.loads((folder / "incident.json").read_text())
    assert record["headends"]["vpn-1"]["gaps"] == facts["gaps"]
    armed_debugs = [line for _, _, line in headend.received if line.startswith("debug aaa auth")]
    assert len(armed_debugs) == 2
    assert not list((cli.incidents / ".leases").glob("*.json"))


def test_an_attempt_that_spans_the_gap_says_so_and_is_less_sure(lab: Lab, cli: Cli) -> None:
    headend = lab.headends["vpn-1"]

    def tried(*, gap: bool) -> dict[str, Any]:
        run = armed(cli)
        headend.emit(BEGUN)
        run.wait_for("attempt", user="jdoe")
        if gap:
            lose(lab, run)
            run.wait_for("headend", name="vpn-1", state="armed")
        headend.emit(REST)
        result = run.result()
        (attempt,) = result["attempts"]
        assert attempt["outcome"] == "rejected"
        return dict(attempt)

    whole, cut = tried(gap=False), tried(gap=True)
    assert whole["notes"] == []
    (note,) = cut["notes"]
    assert "Lines may be missing at vpn-1/capture.log:" in note
    sure, less = (each["causes"][0]["confidence"] for each in (whole, cut))
    assert less < sure
    assert "Lines may be missing" in cli.run("incident", "show", "last").stdout
    newest = max(path for path in cli.incidents.glob("2*"))
    for name in ("report.md", "report.html"):
        assert "Lines may be missing" in (newest / name).read_text()


def test_a_headend_cannot_forge_the_mark(lab: Lab, cli: Cli) -> None:
    run = armed(cli)
    lab.headends["vpn-1"].emit([*BEGUN, "headend: gap: 10:00:00 to 10:00:05 UTC", *REST])
    result = run.result()
    assert result["attempts"][0]["notes"] == []
    assert not any(each.get("gap") for each in run.events)


def test_a_unit_that_is_the_standby_now_is_not_armed_again(lab: Lab, cli: Cli) -> None:
    run = armed(cli)
    lab.headends["vpn-1"].fail_over()
    lose(lab, run)
    result = run.result()
    (facts,) = result["headends"]
    assert (facts["state"], facts["ending"]) == ("lost", "failover")
    assert "not in show ssh sessions" in facts["proof"]
    assert "standby" in facts["error"]
    assert run.process.returncode == 13
    assert not any(one.debugs for one in lab.headends["vpn-1"].sessions)


def test_a_second_loss_is_the_end_and_is_proved(lab: Lab, cli: Cli) -> None:
    run = armed(cli)
    lose(lab, run)
    run.wait_for("headend", name="vpn-1", state="armed")
    lab.headends["vpn-1"].drop_sessions()
    result = run.result()
    (facts,) = result["headends"]
    assert (facts["state"], facts["ending"]) == ("lost", "lost")
    assert "not in show ssh sessions" in facts["proof"]
    assert run.process.returncode == 13
    assert lab.headends["vpn-1"].logins == 3  # the last one only looked


def test_a_headend_that_lets_nobody_in_again_is_unproved(lab: Lab, cli: Cli) -> None:
    run = armed(cli)
    become(lab.headends["vpn-1"], quota=0)
    lose(lab, run)
    result = run.result()
    assert [each["state"] for each in result["headends"]] == ["unproved"]
    assert run.process.returncode == 17
    assert len(list((cli.incidents / ".leases").glob("*.json"))) == 1
    become(lab.headends["vpn-1"], quota=5)
    swept = cli.run("sweep")
    assert swept.returncode == 0
    assert "gone" in swept.stdout


def test_a_loss_while_it_ends_needs_no_second_arming(lab: Lab, cli: Cli) -> None:
    run = armed(cli)
    run.process.send_signal(signal.SIGSTOP)
    lab.headends["vpn-1"].drop_sessions()
    run.process.send_signal(signal.SIGTERM)
    run.process.send_signal(signal.SIGCONT)
    result = run.result()
    assert [each["state"] for each in result["headends"]] == ["disarmed"]
    assert run.process.returncode == 130
    typed = [line for _, _, line in lab.headends["vpn-1"].received]
    assert typed.count("debug aaa authentication") == 1
    assert "not in show ssh sessions" in result["headends"][0]["proof"]


@pytest.fixture
def silent() -> Iterator[int]:
    """Return the port of a host that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def with_dead(lab: Lab, folder: Path, port: int) -> str:
    """Return an inventory of the lab's headends and a dead one."""
    given = Path(lab.environment["HEADEND_INVENTORY"])
    own = folder / "own"
    own.mkdir()
    for name in ("hosts", "groups", "defaults"):
        (own / f"{name}.yaml").write_text((given / f"{name}.yaml").read_text())
    with (own / "hosts.yaml").open("a") as file:
        file.write(f"\ndead-1:\n  hostname: 127.0.0.1\n  port: {port}\n  platform: cisco_asa\n")
    return str(own)


def test_a_dead_headend_does_not_keep_the_user_waiting(
    lab: Lab, cli: Cli, tmp_path: Path, silent: int
) -> None:
    run = cli.start(
        "investigate", "jdoe", "--json", "--inventory", with_dead(lab, tmp_path, silent)
    )
    ready = run.wait_for("ready")
    assert (ready["headends"], ready["waiting"]) == (["vpn-1"], ["dead-1"])
    lab.attempt("jdoe", group="CORP")
    result = run.result()
    assert run.process.returncode == 14
    assert {each["name"]: each["state"] for each in result["headends"]} == {
        "vpn-1": "disarmed",
        "dead-1": "unreachable",
    }
    # Nobody waited for the connect to time out, not for the question and not for the end.
    assert not any(each.get("state") == "unreachable" for each in run.events)


def test_a_headend_that_answers_late_is_armed_late_and_listened_to(
    lab: Lab, cli: Cli, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        own = with_dead(lab, tmp_path, server.getsockname()[1])
        known = Path(lab.environment["HEADEND_KNOWN_HOSTS"])
        port = str(lab.headends["vpn-1"].port)
        line = known.read_text().replace(port, str(server.getsockname()[1]))
        known.write_text(known.read_text() + line)
        run = cli.start("investigate", "jdoe", "--json", "--inventory", own)
        assert run.wait_for("ready")["waiting"] == ["dead-1"]
        with lingering(lab.headends["vpn-1"].port, server):
            run.wait_for("headend", name="dead-1", state="armed")
            lab.attempt("jdoe", group="CORP")
            result = run.result()
    assert run.process.returncode == 0
    assert {each["state"] for each in result["headends"]} == {"disarmed"}


def test_ctrl_c_while_nothing_answers_ends_at_once(
    lab: Lab, cli: Cli, tmp_path: Path, silent: int
) -> None:
    own = with_dead(lab, tmp_path, silent)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        hosts = Path(own) / "hosts.yaml"
        hosts.write_text(hosts.read_text().replace(str(silent), str(port)))
        run = cli.start("investigate", "jdoe", "--json", "--inventory", own, "-H", "dead-1")
        connection, _ = server.accept()
        run.process.send_signal(signal.SIGINT)
        result = run.result()
        connection.close()
    assert run.process.returncode == 130
    assert [each["state"] for each in result["headends"]] == ["unreachable"]
    assert "still connecting" in result["headends"][0]["error"]
