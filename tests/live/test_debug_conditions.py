"""A debug condition is held to one client, and is taken back however the capture ends."""

import json
import os
import signal
from collections.abc import Callable

import pytest

from headend.lab import HeadendSpec, Lab
from live.drive import Cli, Running

SSO = """\
tunnel-group SSO type remote-access
tunnel-group SSO webvpn-attributes
 authentication saml
"""
CONDITION = "webvpn condition p-ipaddress 198.51.100.7"


@pytest.fixture
def lab(start_lab: Callable[..., Lab]) -> Lab:
    return start_lab(HeadendSpec("vpn-1", extra_configuration=SSO))


def armed(lab: Lab, cli: Cli) -> Running:
    run = cli.investigate("jdoe", "--client-ip", "198.51.100.7")
    run.wait_for("ready")
    assert lab.headends["vpn-1"].conditions == [CONDITION]
    return run


def test_the_condition_is_reset_with_the_debug_and_the_incident_says_so(lab: Lab, cli: Cli) -> None:
    run = armed(lab, cli)
    lab.attempt("jdoe", group="CORP")
    assert run.result()["headends"][0]["state"] == "disarmed"
    assert lab.headends["vpn-1"].conditions == []
    record = json.loads((cli.incident() / "incident.json").read_text())
    assert "condition" in record["headends"]["vpn-1"]["proof"]


def test_a_lost_session_leaves_no_condition(lab: Lab, cli: Cli) -> None:
    run = armed(lab, cli)
    lab.headends["vpn-1"].drop_sessions()
    run.process.send_signal(signal.SIGTERM)
    run.result()
    assert lab.headends["vpn-1"].conditions == []


def test_sweep_takes_the_condition_of_a_killed_process_back(lab: Lab, cli: Cli) -> None:
    run = armed(lab, cli)
    os.kill(run.process.pid, signal.SIGKILL)
    run.process.wait()
    lab.headends["vpn-1"].wait_for_no_sessions()
    assert lab.headends["vpn-1"].conditions == [CONDITION]
    assert cli.run("sweep").returncode == 0
    assert lab.headends["vpn-1"].conditions == []


def test_a_condition_of_somebody_else_is_left_alone(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    theirs = "webvpn condition user m.rossi"
    lab = start_lab(HeadendSpec("vpn-1", conditions=(theirs,)))
    assert start_cli(lab).run("investigate", "jdoe", "--for", "1").returncode == 10
    assert lab.headends["vpn-1"].conditions == [theirs]
