"""What a killed process left on a headend is found by its lease, ended by number, and proved."""

import json
import os
import signal
from pathlib import Path

import pytest

from headend.lab import Lab
from live.drive import Cli
from live.linger import detour, lingering


def killed(cli: Cli, state: str) -> None:
    """Kill an investigation at a step, so that it can do nothing more."""
    run = cli.investigate("jdoe")
    run.wait_for("headend", state=state)
    os.kill(run.process.pid, signal.SIGKILL)
    run.process.wait()


def leases(cli: Cli) -> list[Path]:
    return list((cli.incidents / ".leases").glob("*.json"))


@pytest.mark.parametrize("state", ("arming", "armed"))
def test_a_session_that_lingers_is_ended_by_its_number(lab: Lab, cli: Cli, state: str) -> None:
    headend = lab.headends["vpn-1"]
    known = Path(lab.environment["HEADEND_KNOWN_HOSTS"])
    with lingering(headend.port) as port:
        detour(Path(lab.environment["HEADEND_INVENTORY"]), known, headend.port, port)
        killed(cli, state)
        if state == "armed":
            assert any(one.debugs for one in headend.sessions if one.alive)
        asked = cli.run("sweep", "--json")
        assert asked.returncode == 17
        (listed,) = json.loads(asked.stdout)["leases"]
        assert listed["state"] == "listed"
        assert len(leases(cli)) == 1
        done = cli.run("sweep", "--yes")
        assert done.returncode == 0, done.stdout
        assert "ended" in done.stdout
        typed = [line for _, _, line in headend.received]
        assert f"ssh disconnect {listed['lease']['sid']}" in typed
        assert not any(one.debugs for one in headend.sessions if one.alive)
    assert leases(cli) == []
    record = json.loads((cli.incident() / "incident.json").read_text())
    assert record["ending"] == "killed"
    assert record["headends"]["vpn-1"]["state"] == "disarmed"
    assert "not listed any more" in record["headends"]["vpn-1"]["proof"]
    shown = json.loads(cli.run("incident", "show", "--json").stdout)
    assert shown["audit_problems"] == []


def test_before_anything_is_armed_there_is_nothing_to_sweep(lab: Lab, cli: Cli) -> None:
    killed(cli, "connected")
    # It may have come as far as the arming before the signal reached it.
    if not leases(cli):
        assert "No lease is open" in cli.run("sweep").stdout
    assert cli.run("sweep").returncode == 0
    lab.headends["vpn-1"].wait_for_no_sessions()


def test_a_capture_that_runs_is_left_alone(lab: Lab, cli: Cli) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    done = cli.run("sweep", "--yes")
    assert done.returncode == 0
    assert "running" in done.stdout
    assert any(one.debugs for one in lab.headends["vpn-1"].sessions)
    run.process.terminate()
    run.result()
    assert run.process.returncode == 130


def test_what_cannot_be_asked_is_unseen(lab: Lab, cli: Cli) -> None:
    killed(cli, "armed")
    lab.headends["vpn-1"].wait_for_no_sessions()
    done = cli.run("sweep", HEADEND_PASSWORD="wrong")
    assert done.returncode == 17
    assert "unseen" in done.stdout
    assert "another session cannot be seen" in done.stdout
    assert len(leases(cli)) == 1
    assert cli.run("sweep").returncode == 0


def test_a_damaged_lease_is_told(cli: Cli) -> None:
    killed(cli, "armed")
    (lease,) = leases(cli)
    lease.write_text("{")
    done = cli.run("sweep")
    assert done.returncode == 17
    assert str(lease) in done.stdout
