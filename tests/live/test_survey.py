"""``headend survey``: one ticket, or an outage."""

import json
from collections.abc import Callable
from typing import Any

from headend.lab import HeadendSpec, Lab
from live.drive import Cli


def surveyed(cli: Cli, *arguments: str) -> dict[str, Any]:
    done = cli.run("survey", "--json", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_several_users_at_a_dead_server_are_an_outage_and_one_user_is_alone(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(*(HeadendSpec(f"vpn-{one}", radius_timeout=0.05) for one in (1, 2)))
    cli = start_cli(lab)
    before = lab.headends["vpn-1"].running_config()
    lab.attempt("asmith", group="STAFF", headend="vpn-1")
    for user, headend in (("jdoe", "vpn-1"), ("asmith", "vpn-2"), ("m.rossi", "vpn-2")):
        lab.attempt(user, group="DEADRAD", headend=headend)
    lab.attempt("jdoe", "wrong", group="STAFF", headend="vpn-1")
    found = surveyed(cli)
    verdict = found["verdict"]
    assert (verdict["kind"], verdict["server"]) == ("outage", "10.20.1.9")
    assert verdict["headends"] == ["vpn-1", "vpn-2"]
    assert "an outage of that server" in verdict["sentence"]
    assert verdict["names"] == ["asmith", "jdoe", "m.rossi"]
    assert [one["users"] for one in found["outages"]] == [3]
    assert all(one["supports"] for one in verdict["weighed"])
    assert all(each["log_bytes"] > 0 for each in found["headends"])
    # Whose newest login failed for another reason is alone with it, and others are connected.
    single = surveyed(cli, "--user", "jdoe", "--group", "STAFF")
    assert single["ticket"]["cause"] == "group-not-authorized"
    single = single["verdict"]
    assert (single["kind"], single["names"]) == ("alone", ["jdoe"])
    assert "it is this user's alone" in single["sentence"]
    assert single["weighed"] == [
        {"supports": True, "said": "1 user is connected by tunnel group STAFF on vpn-1 now"}
    ]
    typed = {line for _, _, line in lab.headends["vpn-1"].received}
    assert all(line.startswith(("show ", "terminal pager 0", "enable", "exit")) for line in typed)
    assert lab.headends["vpn-1"].running_config() == before


def test_a_server_that_the_headend_has_marked_turns_one_ticket_into_an_outage(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(HeadendSpec("vpn-1", radius_timeout=0.05))
    cli = start_cli(lab)
    lab.attempt("jdoe", group="DEADRAD", headend="vpn-1")
    lines = (
        "Server Group:    DEADRAD",
        "Server Protocol: radius",
        "Server Address:  10.20.1.9",
        "Server port:     1812(authentication), 1813(accounting)",
        "Server status:   FAILED, Server disabled at 09:12:44 UTC Wed Nov 25 2026",
        "Number of accepts                 900",
        "Number of timeouts                {}",
    )
    marked, clean = "\n".join(lines), "\n".join(lines).replace("FAILED", "ACTIVE")
    asked = ("--cause", "server-unreachable", "--user", "jdoe")
    lab.headends["vpn-1"].reply("show aaa-server", clean.format(0))
    verdict = surveyed(cli, *asked)["verdict"]
    assert (verdict["kind"], verdict["weighed"][0]["supports"]) == ("alone", False)
    lab.headends["vpn-1"].reply("show aaa-server", marked.format(3))
    verdict = surveyed(cli, *asked)["verdict"]
    assert (verdict["kind"], verdict["weighed"][0]["supports"]) == ("outage", True)
    assert "FAILED since 09:12:44 UTC Wed Nov 25 2026" in verdict["weighed"][0]["said"]


def test_an_incident_is_compared_at_its_own_time(lab: Lab, cli: Cli) -> None:
    running = cli.investigate("jdoe")
    running.wait_for("headend", state="armed")
    lab.attempt("jdoe", "wrong", group="STAFF")
    running.result()
    found = surveyed(cli, "--incident", cli.incident().name)
    assert found["ticket"]["user"] == "jdoe"
    assert found["verdict"]["cause"] == found["ticket"]["cause"] is not None
    assert found["verdict"]["kind"] == "alone"
