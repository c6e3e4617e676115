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
    for user, headend in (("jdoe", "vpn-1"), ("asmith", "vpn-2"), ("m.rossi", "vpn-2")):
        lab.attempt(user, group="DEADRAD", headend=headend)
    lab.attempt("jdoe", "wrong", group="STAFF", headend="vpn-1")
    found = surveyed(cli, "--cause", "server-unreachable")
    verdict = found["verdict"]
    assert (verdict["kind"], verdict["server"]) == ("outage", "10.20.1.9")
    assert verdict["headends"] == ["vpn-1", "vpn-2"]
    assert "an outage of that server" in verdict["sentence"]
    assert all(each["log_bytes"] > 0 for each in found["headends"])
    single = surveyed(cli, "--cause", "group-not-authorized")["verdict"]
    assert (single["kind"], single["users"] + single["hidden"]) == ("alone", 1)
    typed = {line for _, _, line in lab.headends["vpn-1"].received}
    assert all(line.startswith(("show ", "terminal pager 0", "enable", "exit")) for line in typed)
    assert lab.headends["vpn-1"].running_config() == before
