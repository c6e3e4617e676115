"""``headend servers``: what the servers do, who needs them, and a careful test of one."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from headend.device import fleet
from headend.device.servers import COMMANDS, ProbeAccount, prober
from headend.diagnosis import server_groups
from headend.lab import Headend, HeadendSpec, Lab
from live.drive import PATIENCE, Cli

PASSWORD = "Copper-Kettle-3"
PROBE = {"HEADEND_PROBE_USERNAME": "asmith", "HEADEND_PROBE_PASSWORD": PASSWORD}
AD = "10.20.2.10"
TEST = f"test aaa-server authentication AD host {AD}"
SECOND_AD = f"""\
aaa-server AD2 protocol ldap
aaa-server AD2 (inside) host {AD}
 ldap-base-dn DC=corp,DC=example
 ldap-naming-attribute sAMAccountName
 ldap-login-password Bind-svc-4711
 ldap-login-dn CN=svc-asa,OU=Service,DC=corp,DC=example
aaa-server AD2 (inside) host 10.20.2.11
 ldap-base-dn DC=corp,DC=example
 ldap-naming-attribute sAMAccountName
 ldap-login-password Bind-svc-4711
 ldap-login-dn CN=svc-asa,OU=Service,DC=corp,DC=example
"""


def asked(cli: Cli, status: int, *arguments: str, **environment: str) -> dict[str, Any]:
    done = cli.run("servers", "--json", *arguments, **environment)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["schema"] == "headend.servers/1"
    return found


def outcomes(cli: Cli, *arguments: str, **environment: str) -> list[tuple[str, str, str]]:
    document = asked(cli, 0, "--yes", "--test", *arguments, **(PROBE | environment))
    return [(each["headend"], each["server"], each["outcome"]) for each in document["tests"]]


def only(document: dict[str, Any]) -> dict[str, Any]:
    (found,) = document["headends"]
    return dict(found)


def group(headend: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [each for each in headend["groups"] if each["name"] == name]
    return dict(found)


def reasons(headend: dict[str, Any], gravity: str) -> str:
    return "\n".join(
        f"{each['reason']} -> {each['remedy']}"
        for each in headend["remarks"]
        if each["gravity"] == gravity
    )


def typed(headend: Headend, word: str = "test ") -> list[str]:
    return [line for _, _, line in headend.received if line.startswith(word)]


def test_the_commands_are_those_that_are_read() -> None:
    assert tuple(server_groups.COMMANDS) == COMMANDS


def test_a_healthy_headend_tells_counters_and_dependants_and_nothing_changes(
    lab: Lab, cli: Cli
) -> None:
    headend = lab.headends["vpn-1"]
    before = headend.running_config()
    assert lab.attempt("jdoe", token="314159").accepted
    found = only(asked(cli, 0))
    (rsa,) = group(found, "RSA")["servers"]
    assert (rsa["address"], rsa["state"], rsa["timeout"]) == ("10.20.1.5", "ACTIVE", 5)
    assert (rsa["counters"]["accepts"], rsa["counters"]["challenges"]) == (1, 1)
    assert [(use["by"], use["role"]) for use in group(found, "RSA")["uses"]] == [
        ("CORP", "primary")
    ]
    assert [use["by"] for use in group(found, "LOCAL")["uses"]] == ["LOCALVPN"]
    assert group(found, "AD-LOOKUP")["uses"][0]["role"] == "authorization"
    assert "No tunnel group uses AD-DEVICES" in reasons(found, "note")
    assert not reasons(found, "fault")
    assert headend.running_config() == before
    lines = [line for _, _, line in headend.received]
    assert sorted(lines) == sorted(["enable", "terminal pager 0", *COMMANDS, "exit"])


def test_what_stands_out_is_said_with_its_remedy(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(
        HeadendSpec(
            "vpn-1",
            radius_timeout=0.05,
            extra_configuration="tunnel-group DefaultWEBVPNGroup general-attributes\n"
            " secondary-authentication-server-group RSA use-primary-username\n"
            "tunnel-group ODD type remote-access\n"
            "tunnel-group ODD general-attributes\n"
            " authentication-server-group NOWHERE LOCAL\n",
        )
    )
    cli = start_cli(lab)
    for _ in range(3):
        lab.attempt("jdoe", group="DEADRAD")
    lab.attempt("jdoe", group="BADKEY")
    found = only(asked(cli, 0))
    faults = reasons(found, "fault")
    (dead,) = group(found, "DEADRAD")["servers"]
    assert dead["state"] == "FAILED"
    assert f"10.20.1.9 of DEADRAD is FAILED since {dead['since']}" in faults
    assert "logins of tunnel group DEADRAD fail" in faults
    assert "headend servers --test DEADRAD/10.20.1.9" in faults
    assert "3 answers with a bad authenticator" in faults
    assert "Server group NOWHERE, named by tunnel group ODD, does not exist" in faults
    inherited = [use for use in group(found, "RSA")["uses"] if use["by"] == "STAFF"]
    assert [(use["role"], use["inherited_from"]) for use in inherited] == [
        ("secondary", "DefaultWEBVPNGroup")
    ]
    text = cli.run("servers").stdout
    assert "FAILED, out of service since" in text
    assert "CORP (primary, secondary from DefaultWEBVPNGroup)" in text
    assert max(map(len, text.splitlines())) <= 100


def test_headends_are_asked_side_by_side_and_a_dead_one_is_partial(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path
) -> None:
    lab = start_lab(HeadendSpec("vpn-1"), HeadendSpec("vpn-2"))
    cli = start_cli(lab)
    own = tmp_path / "inventory"
    own.mkdir()
    for path in Path(lab.environment["HEADEND_INVENTORY"]).glob("*.yaml"):
        (own / path.name).write_text(path.read_text())
    with (own / "hosts.yaml").open("a") as file:
        file.write("\ndead-1:\n  hostname: 127.0.0.1\n  port: 9\n  platform: cisco_asa\n")
    partial = asked(cli, 14, "--inventory", str(own))
    assert {each["headend"]: bool(each["groups"]) for each in partial["headends"]} == {
        "vpn-1": True,
        "vpn-2": True,
        "dead-1": False,
    }
    asked(cli, 13, "--inventory", str(own), "-H", "dead-1")
    asked(cli, 12, HEADEND_KNOWN_HOSTS=str(tmp_path / "none"))
    assert "faults on dead-1" in cli.run("servers", "--inventory", str(own)).stdout


def test_a_standby_unit_says_that_its_counters_are_its_own(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    cli = start_cli(start_lab(HeadendSpec("vpn-1", failover_role="standby")))
    assert only(asked(cli, 0))["standby"] is True
    assert "no VPN login comes here" in cli.run("servers").stdout


def test_a_session_that_is_lost_in_a_test_says_that_the_password_was_sent(
    lab: Lab, cli: Cli
) -> None:
    headend = lab.headends["vpn-1"]
    state = headend.box.counters.of("DEADRAD", "radius", "10.20.1.9", 1812)

    run = cli.start("servers", "--yes", "--test", "DEADRAD", **PROBE)
    lab.wait(asyncio.wait_for(headend.box.until(lambda: state.pending > 0), PATIENCE))
    headend.drop_sessions()
    stdout, stderr = run.process.communicate(timeout=PATIENCE)
    assert run.process.returncode == 13, stderr
    assert "it may count as a try" in " ".join(stdout.split())
    assert len(typed(headend)) == 1


def test_a_test_is_not_run_where_nobody_can_be_asked(lab: Lab, cli: Cli) -> None:
    done = cli.run("servers", "--test", "AD", **PROBE)
    assert done.returncode == 12
    assert "--yes" in done.stderr
    assert lab.headends["vpn-1"].logins == 0


def test_the_probe_account_is_sent_once_and_its_password_is_seen_nowhere(
    lab: Lab, cli: Cli
) -> None:
    headend = lab.headends["vpn-1"]
    done = cli.run("servers", "--test", f"AD/{AD}", "--yes", **PROBE)
    assert done.returncode == 0, done.stderr
    assert "accepted" in done.stdout
    assert "accepts +1" in done.stdout
    assert "INFO: Authentication Successful" in done.stdout
    for word in ("lock-out", "one-time code", "not the request of a VPN login"):
        assert word in done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    assert typed(headend) == [TEST]
    assert ("question", "asmith") in [(mode, line) for _, mode, line in headend.received]
    assert not any(PASSWORD in line for _, _, line in headend.received)


def test_without_a_question_neither_name_nor_password_is_typed(lab: Lab) -> None:
    headend = lab.headends["vpn-1"]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in lab.environment.items():
            patch.setenv(name, value)
        host = fleet.load(lab.directory / "inventory").inventory.hosts["vpn-1"]
        with prober(host, ProbeAccount("asmith", PASSWORD)) as probe:
            reply, sent = probe.test("AD", "10.20.2.99", 10)
    assert (reply, sent) == ("ERROR: aaa-server group AD has no host 10.20.2.99", False)
    headend.wait_for_no_sessions()
    lines = [line for _, _, line in headend.received]
    assert lines == [
        "enable",
        "terminal pager 0",
        "test aaa-server authentication AD host 10.20.2.99",
        "exit",
    ]
    assert PASSWORD not in repr(probe)


def test_a_reject_is_tried_nowhere_else(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(
        HeadendSpec("vpn-1", extra_configuration=SECOND_AD),
        HeadendSpec("vpn-2", extra_configuration=SECOND_AD),
    )
    cli = start_cli(lab)
    everywhere = outcomes(cli, "AD2", "--all-servers")
    assert everywhere == [
        (name, address, "accepted") for name in ("vpn-1", "vpn-2") for address in (AD, "10.20.2.11")
    ]
    wrong = outcomes(cli, "AD2", "--all-servers", HEADEND_PROBE_PASSWORD="wrong-one")
    assert wrong == [("vpn-1", AD, "rejected")]
    assert lab.headends["vpn-1"].wrong_passwords("asmith") == 1
    assert outcomes(cli, "AD2", "-H", "vpn-1") == [("vpn-1", AD, "accepted")]
    done = cli.run("servers", "--yes", "--test", "AD2", **PROBE)
    assert done.returncode == 2
    assert "--all-servers" in done.stderr


def test_the_first_test_after_a_repair_is_repeated_once(lab: Lab, cli: Cli) -> None:
    headend = lab.headends["vpn-1"]
    headend.cut(AD)
    for _ in range(2):
        # Still ACTIVE: nothing tells of a repair, so that nothing is repeated.
        assert outcomes(cli, "AD") == [("vpn-1", AD, "silent")]
    assert len(typed(headend)) == 2
    assert not lab.attempt("asmith", group="STAFF").accepted
    headend.mend(AD)
    assert outcomes(cli, "AD") == [("vpn-1", AD, "silent"), ("vpn-1", AD, "accepted")]
    assert len(typed(headend)) == 4
    assert outcomes(cli, "AD") == [("vpn-1", AD, "accepted")]


def test_a_broken_bind_account_is_offered_as_a_cause(lab: Lab, cli: Cli) -> None:
    box = lab.headends["vpn-1"].box
    node = next(one for one in box.configuration.find("aaa-server", "AD") if "host" in one.tokens)
    kept = [one for one in node.children if one.tokens[0] != "ldap-login-password"]
    lab.call(lambda: setattr(node, "children", kept))
    document = asked(cli, 0, "--yes", "--test", "AD", **PROBE)
    (test,) = document["tests"]
    assert test["words"].endswith("AAA Server has been removed")
    assert (test["outcome"], "ldap-login-dn" in test["remedy"]) == ("silent", True)


def test_a_wrong_shared_secret_and_a_challenge_are_told(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    cli = start_cli(start_lab(HeadendSpec("vpn-1", radius_timeout=0.05)))
    (test,) = asked(cli, 0, "--yes", "--test", "BADKEY", **PROBE)["tests"]
    assert "shared secret differs" in test["reason"]
    assert test["answered"]
    token = {"HEADEND_PROBE_USERNAME": "jdoe", "HEADEND_PROBE_PASSWORD": "Autumn-Leaf-7"}
    assert outcomes(cli, "RSA", **token) == [("vpn-1", "10.20.1.5", "challenged")]


def test_no_probe_account_and_an_unknown_server_are_input_errors(lab: Lab, cli: Cli) -> None:
    done = cli.run("servers", "--yes", "--test", "AD")
    assert done.returncode == 2
    assert "HEADEND_PROBE_USERNAME" in done.stderr
    done = cli.run("servers", "--yes", "--test", "AD/10.9.9.9", **PROBE)
    assert done.returncode == 2
    assert "GROUP/HOST" in done.stderr
    done = cli.run(
        "servers", "--yes", "--test", "AD", **(PROBE | {"HEADEND_PROBE_PASSWORD": "a\nb"})
    )
    assert done.returncode == 2
    assert not typed(lab.headends["vpn-1"])


def test_hostile_names_stay_text_and_are_never_typed(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    hostile = "\x1b[31mevil|reload"
    lab = start_lab(
        HeadendSpec(
            "vpn-1",
            extra_configuration=f"aaa-server {hostile} protocol radius\n"
            f"aaa-server {hostile} (inside) host 10.20.1.77\n"
            f"aaa-server AD (inside) host {hostile}\n"
            f"tunnel-group {hostile} type remote-access\n"
            f"tunnel-group {hostile} general-attributes\n"
            f" authentication-server-group {hostile}\n",
        )
    )
    cli = start_cli(lab)
    text = cli.run("servers").stdout
    assert "\x1b" not in text
    assert r"\x1b[31mevil|reload (primary)" in text
    for name in (hostile, f"AD/{hostile}"):
        done = cli.run("servers", "--yes", "--test", name, **PROBE)
        assert done.returncode == 12, done.stderr
        assert "\x1b" not in done.stdout + done.stderr
    done = cli.run("servers", "--yes", "--test", "AD host x\nreload", **PROBE)
    assert done.returncode == 2
    lines = [line for _, _, line in lab.headends["vpn-1"].received]
    assert not any("reload" in line for line in lines)


@pytest.mark.parametrize(("answer", "status", "tests"), (("n", 12, 0), ("y", 0, 1), (None, 130, 0)))
def test_on_a_terminal_it_asks_first(
    answer: str | None, status: int, tests: int, lab: Lab, cli: Cli
) -> None:
    done, text = cli.on_a_terminal("servers", "--test", "AD", answer=answer, **PROBE)
    assert done == status, text
    assert "lock-out" in text
    assert PASSWORD not in text
    assert len(typed(lab.headends["vpn-1"])) == tests
