"""Each check of preflight says ok, warn or refuse; of what it could not read, unknown."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from headend.lab import HeadendSpec, Lab
from headend.lab.startup import WITH_SAML
from live.drive import Cli

CLIENT = "198.51.100.9"
REFUSED = "ERROR: % Invalid input detected at '^' marker."
# What each check reads; the checks of one command stand together.
READS = {
    "show curpriv": {"privilege"},
    "show failover": {"role"},
    "show mode": {"context"},
    "show vpn load-balancing": {"load-balancing"},
    "show cpu usage": {"cpu"},
    "show memory": {"memory"},
    "show ssh sessions": {"ssh-sessions"},
    "show running-config ssh": {"ssh-timeout"},
    "show logging": {"debug-trace", "hidden-names"},
    "show running-config tunnel-group": {"debugs"},
    "show debug": {"stray-debug"},
    "show webvpn debug-condition": {"conditions"},
    "show shun": {"shun"},
    "show clock": {"clock"},
    "show ntp status": {"ntp"},
    "show version": {"release"},
}
CHECKS = set().union(*READS.values())
DEBUG_TRACE = "Debug-trace logging: enabled\nHide Username logging: disabled\n"


def asked(cli: Cli, *arguments: str, status: int = 0) -> dict[str, dict[str, Any]]:
    """Return headend -> check -> its document; the exit status is part of the claim."""
    done = cli.run("preflight", "--json", *arguments)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return {
        each["headend"]: {check["name"]: check for check in each["checks"]}
        for each in json.loads(done.stdout)["headends"]
    }


def test_a_healthy_headend_is_ok_in_every_respect(cli: Cli) -> None:
    checks = asked(cli)["vpn-1"]
    assert checks.keys() == CHECKS
    assert {check["state"] for check in checks.values()} == {"ok"}


def test_a_reply_that_cannot_be_read_is_unknown_and_never_ok(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab()
    cli = start_cli(lab)
    for text in ("%% nonsense 12 of an unknown release", REFUSED):
        for command in (*READS, "show crypto debug-condition"):
            lab.headends["vpn-1"].reply(command, text)
        checks = asked(cli)["vpn-1"]
        assert checks.keys() == CHECKS
        for command, names in READS.items():
            for name in names:
                if (name, text[:2]) == ("conditions", "%%"):
                    continue  # whatever stands there may be a condition
                assert checks[name]["state"] == "unknown", (name, checks[name])
                assert command in checks[name]["reason"]
                assert checks[name]["remedy"]


def changed(**facts: Any) -> HeadendSpec:
    return HeadendSpec("vpn-1", **facts)


def saying(command: str, text: str, **facts: Any) -> HeadendSpec:
    return changed(replies={command: text}, **facts)


@pytest.mark.parametrize(
    ("spec", "arguments", "name", "state", "words"),
    (
        (changed(privilege=1), [], "privilege", "refuse", "show logging | include 113"),
        (changed(failover_role="active"), [], "role", "ok", "Active unit"),
        (changed(failover_role="standby"), [], "role", "refuse", "name both"),
        (
            saying("show failover", "Failover On\nThis host: Primary - Failed"),
            [],
            "role",
            "warn",
            "'Failed'",
        ),
        (
            saying(
                "show failover", "Failover On\nThis context: Standby Ready\nPeer context: Active"
            ),
            [],
            "role",
            "refuse",
            "standby unit",
        ),
        (changed(cluster_peers=("203.0.113.99",)), [], "load-balancing", "warn", "203.0.113.99"),
        (changed(cluster="west"), [], "load-balancing", "ok", "only member"),
        (changed(cpu=95), [], "cpu", "refuse", "--max-cpu"),
        (changed(cpu=95), ["--max-cpu", "96"], "cpu", "ok", "95 %"),
        (
            saying(
                "show cpu usage",
                "CPU utilization for 5 seconds = 3%; 1 minute: 88%; 5 minutes: 9%",
            ),
            [],
            "cpu",
            "refuse",
            "88 %",
        ),
        (changed(free_memory=6), [], "memory", "refuse", "6 % of the memory"),
        (changed(quota=1), [], "ssh-sessions", "warn", "--for 60"),
        (
            saying(
                "show resource usage resource ssh",
                "Resource   Current   Peak   Limit   Denied Context\n"
                "SSH Server 1 2 unlimited 0 System",
            ),
            [],
            "ssh-sessions",
            "ok",
            "without limit",
        ),
        (
            saying("show resource usage resource ssh", REFUSED),
            [],
            "ssh-sessions",
            "ok",
            "1 of 5",
        ),
        (changed(), ["--for", "600"], "ssh-timeout", "ok", "before the 600 s"),
        (
            changed(extra_configuration="ssh timeout 60\n"),
            [],
            "ssh-timeout",
            "warn",
            "headend sweep",
        ),
        (changed(debug_trace=True), [], "debug-trace", "refuse", "include 711001"),
        (changed(hide_username=True), [], "hidden-names", "warn", "--client-ip"),
        (changed(hide_username=True), ["--client-ip", CLIENT], "hidden-names", "ok", CLIENT),
        (
            saying("show logging", "    Debug-trace logging: disabled"),
            [],
            "hidden-names",
            "unknown",
            "--client-ip",
        ),
        (changed(), ["--group", "CORP"], "debugs", "ok", "radius session"),
        (changed(), ["jdoe", "--group", "CORP"], "debugs", "ok", "radius user jdoe"),
        (changed(), ["--group", "LOCALVPN"], "debugs", "ok", "aaa common 255"),
        (changed(), ["--group", "Corporate"], "debugs", "warn", "no tunnel group Corporate"),
        (
            changed(),
            ["--group", "STAFF", "--debug", "radius all"],
            "debugs",
            "warn",
            "--debug 'ldap 255'",
        ),
        (changed(), ["--group", "CORP", "--debug", "radius all"], "debugs", "ok", "radius all"),
        (
            saying("show debug", "debug ldap  enabled at level 255"),
            [],
            "stray-debug",
            "warn",
            "ldap",
        ),
        (
            changed(conditions=("webvpn condition user m.rossi",)),
            [],
            "conditions",
            "warn",
            "m.rossi",
        ),
        (
            changed(conditions=("webvpn condition user m.rossi",), extra_configuration=WITH_SAML),
            ["jdoe", "--group", "SSO"],
            "conditions",
            "refuse",
            "this login's with them",
        ),
        (
            changed(conditions=("webvpn condition user jdoe",), extra_configuration=WITH_SAML),
            ["jdoe", "--group", "SSO"],
            "conditions",
            "warn",
            "of all others",
        ),
        (changed(shunned=(CLIENT,)), [], "shun", "warn", "--client-ip"),
        (changed(shunned=(CLIENT,)), ["--client-ip", "198.51.100.8"], "shun", "ok", "not shun"),
        (changed(shunned=(CLIENT,)), ["--client-ip", CLIENT], "shun", "refuse", "401004"),
        (changed(clock_offset=-90), [], "clock", "warn", "-9"),
        (changed(follows_ntp=False), [], "ntp", "warn", "ntp server"),
        (
            saying("show version", "Cisco Adaptive Security Appliance Software Version 8.2(5)59"),
            [],
            "release",
            "warn",
            "older than 8.4",
        ),
    ),
)
def test_what_a_check_says(  # noqa: PLR0913, PLR0917 - a row of a table
    spec: HeadendSpec,
    arguments: list[str],
    name: str,
    state: str,
    words: str,
    start_lab: Callable[..., Lab],
    start_cli: Callable[[Lab], Cli],
) -> None:
    status = 12 if state == "refuse" else 0
    check = asked(start_cli(start_lab(spec)), *arguments, status=status)["vpn-1"][name]
    assert check["state"] == state
    assert words in f"{check['reason']} {check['remedy']}"
    assert state == "ok" or check["remedy"]


@pytest.mark.parametrize(
    ("settings", "words", "not_words"),
    (
        ("    Buffer logging: level debugging, 7 messages logged", ["include 711001"], "raised"),
        (
            "    Buffer logging: level warnings, 7 messages logged",
            ["raised above warnings"],
            "host",
        ),
        (
            (
                "    Buffer logging: disabled\n    Trap logging: level debugging, facility 20, 9\n"
                "        Logging to inside 10.20.3.9, UDP TX:9"
            ),
            ["syslog host inside 10.20.3.9 (level debugging)"],
            "its buffer",
        ),
        (
            "    Buffer logging: disabled\n    Trap logging: disabled",
            ["no other witness", "logging buffered informational"],
            "diagnose",
        ),
    ),
    ids=["buffer", "buffer-too-low", "host", "none"],
)
def test_where_debug_goes_to_syslog_the_witness_is_named(
    settings: str,
    words: list[str],
    not_words: str,
    start_lab: Callable[..., Lab],
    start_cli: Callable[[Lab], Cli],
) -> None:
    lab = start_lab(saying("show logging", f"    {DEBUG_TRACE}    {settings}"))
    cli = start_cli(lab)
    check = asked(cli, status=12)["vpn-1"]["debug-trace"]
    for each in words:
        assert each in check["remedy"]
    assert not_words not in check["remedy"]
    # The same words before the user is bothered, and nothing was armed.
    done = cli.run("investigate", "jdoe", "--for", "5")
    assert done.returncode == 12
    assert words[0] in " ".join((done.stdout + done.stderr).split())
    assert "Ask jdoe" not in done.stdout
    assert not any(line.startswith("debug ") for _, _, line in lab.headends["vpn-1"].received)


def test_the_witness_that_is_named_has_the_login(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path
) -> None:
    """The remedy is followed to the letter: its command, its file, its verdict."""
    lab = start_lab(changed(debug_trace=True, cpu=95))
    cli = start_cli(lab)
    assert (
        "show logging | include 711001|113"
        in asked(cli, status=12)["vpn-1"]["debug-trace"]["remedy"]
    )
    lab.attempt("asmith", "wrong", group="STAFF")
    log = lab.call(lab.headends["vpn-1"].box.log.text)
    (tmp_path / "log.txt").write_text("\n".join(line for line in log if "-113" in line) + "\n")
    done = cli.run("diagnose", str(tmp_path / "log.txt"), "--user", "asmith", "--json")
    (attempt,) = json.loads(done.stdout)["attempts"]
    assert attempt["outcome"] == "rejected"


def inventory(lab: Lab, folder: Path, data: Mapping[str, Mapping[str, str]]) -> str:
    """Write the lab's inventory with ``data`` of some hosts, and return its folder."""
    folder.mkdir()
    hosts = "".join(
        f"{name}:\n  hostname: 127.0.0.1\n  port: {headend.port}\n  platform: cisco_asa\n"
        f"  data: {json.dumps(data.get(name, {}))}\n"
        for name, headend in lab.headends.items()
    )
    (folder / "hosts.yaml").write_text(hosts)
    (folder / "groups.yaml").write_text("{}\n")
    (folder / "defaults.yaml").write_text("{}\n")
    return str(folder)


CLUSTER = tuple(
    HeadendSpec(f"vpn-{number}", cluster="west", public_ip=f"203.0.113.{number}")
    for number in (1, 2, 3)
)


def test_members_that_are_not_selected_are_named(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path
) -> None:
    lab = start_lab(*CLUSTER)
    cli = start_cli(lab)
    for checks in asked(cli).values():
        assert checks["load-balancing"]["state"] == "ok"
        assert "All 3 members" in checks["load-balancing"]["reason"]
    where = inventory(lab, tmp_path / "own", {"vpn-3": {"public_ip": "203.0.113.3"}})
    found = asked(cli, "-H", "vpn-[12]", "--inventory", where)
    for checks in found.values():
        assert checks["load-balancing"]["state"] == "warn"
        assert "vpn-3 (203.0.113.3)" in checks["load-balancing"]["reason"]
        assert "203.0.113.1" not in checks["load-balancing"]["reason"]


def test_a_pair_is_ok_together_and_the_standby_alone_is_refused(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    cli = start_cli(
        start_lab(
            HeadendSpec("vpn-1", failover_role="active", mate="vpn-2"),
            HeadendSpec("vpn-2", failover_role="standby", mate="vpn-1"),
        )
    )
    roles = {name: checks["role"] for name, checks in asked(cli).items()}
    assert "Active" in roles["vpn-1"]["reason"]
    assert roles["vpn-2"]["reason"] == "Standby unit; its active mate is vpn-1"
    assert asked(cli, "-H", "vpn-2", status=12)["vpn-2"]["role"]["state"] == "refuse"


def test_the_admin_context_is_refused_with_the_names_of_the_others(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path
) -> None:
    lab = start_lab(HeadendSpec("vpn-1", contexts=("admin", "RA-EAST", "RA-WEST")))
    cli = start_cli(lab)
    assert asked(cli)["vpn-1"]["context"]["reason"] == "In context RA-EAST"
    nowhere = inventory(lab, tmp_path / "nowhere", {})
    check = asked(cli, "--inventory", nowhere, status=12)["vpn-1"]["context"]
    assert "We are in admin" in check["reason"]
    assert "RA-EAST, RA-WEST" in check["reason"]
    assert "data: {context: RA-EAST}" in check["remedy"]
    wrong = inventory(lab, tmp_path / "wrong", {"vpn-1": {"context": "GLOBAL"}})
    done = cli.run("preflight", "--inventory", wrong)
    assert done.returncode == 2
    assert "no context 'GLOBAL' that we may enter: ERROR: 'GLOBAL' is not valid" in done.stdout
    bad = inventory(lab, tmp_path / "bad", {"vpn-1": {"context": "RA EAST; reload"}})
    done = cli.run("preflight", "--inventory", bad)
    assert done.returncode == 2
    assert "no name of a context" in done.stdout
