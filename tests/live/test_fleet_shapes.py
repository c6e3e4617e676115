"""Pairs, clusters and contexts: the capture is where the user lands, and says where it is not."""

import dataclasses
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from headend.lab import HeadendSpec, Lab
from headend.lab.startup import WITH_SAML
from live.drive import Cli
from live.linger import detour, lingering

PAIR = (
    HeadendSpec("vpn-1", failover_role="active", mate="vpn-2", prompt_style="priority-state"),
    HeadendSpec("vpn-2", failover_role="standby", mate="vpn-1", prompt_style="priority-state"),
)
CLUSTER = tuple(
    HeadendSpec(f"vpn-{number}", cluster="west", public_ip=f"203.0.113.{number}")
    for number in (1, 2, 3)
)
CONTEXTS = HeadendSpec("vpn-1", contexts=("admin", "RA-EAST", "RA-WEST"))
WITH_CONDITION = dataclasses.replace(CONTEXTS, extra_configuration=WITH_SAML)


def states(result: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["state"] for each in result["headends"]}


@pytest.mark.parametrize("failed_over", (False, True), ids=["first", "failed-over"])
def test_the_active_unit_is_captured_and_the_standby_one_is_no_error(
    failed_over: bool,  # noqa: FBT001 - a column of the table
    start_lab: Callable[..., Lab],
    start_cli: Callable[[Lab], Cli],
) -> None:
    lab = start_lab(*PAIR)
    active, standby = "vpn-1", "vpn-2"
    if failed_over:
        lab.headends["vpn-1"].fail_over()
        active, standby = standby, active
    cli = start_cli(lab)
    run = cli.investigate("jdoe")
    assert run.wait_for("ready")["headends"] == [active]
    assert lab.attempt("jdoe", group="CORP", patience=0.1).headend == active
    result = run.result()
    assert run.process.returncode == 0
    assert states(result) == {active: "disarmed", standby: "standby"}
    assert result["attempts"][0]["headend"] == active
    record = json.loads((cli.incident() / "incident.json").read_text())
    assert "standby unit" in record["headends"][standby]["error"]
    typed = [line for _, _, line in lab.headends[standby].received]
    assert not any(line.startswith("debug ") for line in typed)


def test_the_unit_that_takes_over_in_mid_capture_is_captured_from_then_on(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(*PAIR)
    cli = start_cli(lab)
    run = cli.start("investigate", "jdoe", "--json", "--for", "60")
    assert run.wait_for("ready")["headends"] == ["vpn-1"]
    lab.headends["vpn-1"].fail_over()
    run.wait_for("headend", name="vpn-1", state="disarmed", ending="failover")
    run.wait_for("headend", name="vpn-2", state="armed")
    assert lab.attempt("jdoe", group="CORP", patience=0.1).headend == "vpn-2"
    result = run.result()
    assert run.process.returncode == 0
    assert states(result) == {"vpn-1": "disarmed", "vpn-2": "disarmed"}
    assert result["attempts"][0]["causes"][0]["cause"] == "token-required"
    (gap,) = next(each["gaps"] for each in result["headends"] if each["name"] == "vpn-2")
    assert gap["from"] < gap["to"]
    assert not any(one.debugs for each in lab.headends.values() for one in each.sessions)


def test_when_the_active_unit_dies_its_mate_is_captured(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(*PAIR)
    cli = start_cli(lab)
    inventory = Path(lab.environment["HEADEND_INVENTORY"])
    known_hosts = Path(lab.environment["HEADEND_KNOWN_HOSTS"])
    known = known_hosts.read_text()
    port = lab.headends["vpn-1"].port
    with lingering(port) as way:
        detour(inventory, known_hosts, port, way)
        known_hosts.write_text(known_hosts.read_text() + known)
        run = cli.start("investigate", "jdoe", "--json", "--for", "60")
        assert run.wait_for("ready")["headends"] == ["vpn-1"]
        lab.headends["vpn-1"].fail_over()
    run.wait_for("headend", name="vpn-2", state="armed")
    assert lab.attempt("jdoe", group="CORP", patience=0.1).headend == "vpn-2"
    result = run.result()
    assert run.process.returncode == 17  # nobody can be asked whether the dead one's debug is off
    assert states(result) == {"vpn-1": "unproved", "vpn-2": "disarmed"}
    assert result["attempts"][0]["causes"][0]["cause"] == "token-required"
    assert "headend: gap: " in (cli.incident() / "vpn-2" / "capture.log").read_text()


def test_two_units_that_are_both_the_standby_wait_for_nobody(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    pair = [dataclasses.replace(each, failover_role="standby") for each in PAIR]
    run = start_cli(start_lab(*pair)).investigate("jdoe")
    assert states(run.result()) == {"vpn-1": "standby", "vpn-2": "standby"}
    assert run.process.returncode == 12


def test_a_standby_unit_alone_is_refused(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    run = start_cli(start_lab(*PAIR)).investigate("jdoe", "-H", "vpn-2")
    assert states(run.result()) == {"vpn-2": "standby"}
    assert run.process.returncode == 12


def test_a_standby_unit_of_another_pair_is_not_excused(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    run = start_cli(
        start_lab(HeadendSpec("vpn-3"), HeadendSpec("vpn-2", failover_role="standby"))
    ).investigate("jdoe", "--for", "1")
    assert states(run.result()) == {"vpn-3": "disarmed", "vpn-2": "standby"}
    assert run.process.returncode == 14


def test_a_pair_of_an_old_release_is_told_by_its_addresses(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    def unit(ours: str, theirs: str, here: str, there: str) -> dict[str, str]:
        text = f"""Failover On
This host: Primary - {ours}
Interface outside ({here}): Normal
Interface test (0.0.0.0): Normal (Not-Monitored)
Other host: Secondary - {theirs}
Interface outside ({there}): Normal
Interface test (0.0.0.0): Normal (Not-Monitored)"""
        return {"show failover": text}

    one, two = "192.0.2.201", "192.0.2.211"
    lab = start_lab(
        HeadendSpec("vpn-1", replies=unit("Active", "Standby Ready", one, two)),
        HeadendSpec("vpn-2", replies=unit("Standby Ready", "Active", two, one)),
    )
    cli = start_cli(lab)
    assert cli.run("preflight").returncode == 0
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    lab.attempt("jdoe", group="CORP", patience=0.1, headend="vpn-1")
    assert states(run.result()) == {"vpn-1": "disarmed", "vpn-2": "standby"}
    assert run.process.returncode == 0


def test_the_login_is_seen_on_the_member_that_the_cluster_chose(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(*CLUSTER)
    cli = start_cli(lab)
    run = cli.investigate("jdoe")
    assert run.wait_for("ready")["elsewhere"] == []
    landed = lab.attempt("jdoe", group="CORP", patience=0.1).headend
    assert landed != "vpn-1"
    result = run.result()
    assert [each["headend"] for each in result["attempts"]] == [landed]
    assert set(states(result).values()) == {"disarmed"}


def test_members_that_are_left_out_are_told_before_the_user_is_asked(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(*CLUSTER)
    cli = start_cli(lab)
    run = cli.investigate("jdoe", "-H", "vpn-[12]")
    assert run.wait_for("ready")["elsewhere"] == ["203.0.113.3"]
    lab.attempt("jdoe", group="CORP", patience=0.1, headend="vpn-1")
    run.result()
    text = cli.run("investigate", "jdoe", "-H", "vpn-1", "--for", "1").stdout
    warned = text.index("203.0.113.2, 203.0.113.3")
    assert warned < text.index("Ask jdoe to log in now")


def test_the_capture_is_in_the_context_that_the_inventory_names(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(CONTEXTS)
    cli = start_cli(lab)
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    (session,) = (one for one in lab.headends["vpn-1"].sessions if one.alive)
    assert session.context == "RA-EAST"
    lab.attempt("jdoe", group="CORP", patience=0.1, context="RA-EAST")
    result = run.result()
    assert run.process.returncode == 0
    assert result["attempts"][0]["causes"][0]["cause"] == "token-required"
    assert states(result) == {"vpn-1": "disarmed"}
    typed = [line for _, _, line in lab.headends["vpn-1"].received]
    assert typed.index("changeto context RA-EAST") < typed.index("debug aaa authentication")


def test_a_lost_session_in_a_context_is_proved_gone_and_its_condition_with_it(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(WITH_CONDITION)
    run = start_cli(lab).investigate("jdoe", "--client-ip", "198.51.100.7")
    run.wait_for("ready")
    assert lab.headends["vpn-1"].conditions == ["webvpn condition p-ipaddress 198.51.100.7"]
    lab.headends["vpn-1"].drop_sessions()
    run.process.terminate()
    assert states(run.result())["vpn-1"] in {"lost", "disarmed"}
    assert lab.headends["vpn-1"].conditions == []


def test_sweep_takes_a_condition_back_in_the_context_where_it_was_set(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(WITH_CONDITION)
    cli = start_cli(lab)
    run = cli.investigate("jdoe", "--client-ip", "198.51.100.7")
    run.wait_for("ready")
    os.kill(run.process.pid, signal.SIGKILL)
    run.process.wait()
    lab.headends["vpn-1"].wait_for_no_sessions()
    assert lab.headends["vpn-1"].conditions == ["webvpn condition p-ipaddress 198.51.100.7"]
    done = cli.run("sweep", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["leases"][0]["lease"]["context"] == "RA-EAST"
    assert lab.headends["vpn-1"].conditions == []


def test_without_a_context_nothing_is_armed_and_a_wrong_name_is_an_input_error(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path
) -> None:
    lab = start_lab(CONTEXTS)
    cli = start_cli(lab)
    hosts = Path(lab.environment["HEADEND_INVENTORY"]) / "hosts.yaml"
    text = hosts.read_text()
    for context, status, words in (
        ("    nothing: here\n", 12, "We are in admin"),
        ("    context: GLOBAL\n", 2, "'GLOBAL' is not valid"),
    ):
        hosts.write_text(text.replace("    context: RA-EAST\n", context))
        done = cli.run("investigate", "jdoe", "--for", "1")
        assert done.returncode == status, done.stdout + done.stderr
        assert words in " ".join((done.stdout + done.stderr).split())
        assert "Ask jdoe" not in done.stdout
    typed = [line for _, _, line in lab.headends["vpn-1"].received]
    assert not any(line.startswith("debug ") for line in typed)
    assert not (tmp_path / "nornir.log").exists()
