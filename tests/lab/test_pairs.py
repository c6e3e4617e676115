"""Failover pairs and load-balancing clusters: which headend a login meets."""

from collections.abc import Callable

from headend.lab import HeadendSpec, Lab
from lab.client import Client

PAIR = (
    HeadendSpec("vpn-1", failover_role="active", mate="vpn-2", prompt_style="priority-state"),
    HeadendSpec("vpn-2", failover_role="standby", mate="vpn-1", prompt_style="priority-state"),
)
CLUSTER = tuple(
    HeadendSpec(f"vpn-{number}", cluster="west", public_ip=f"203.0.113.{number}")
    for number in (1, 2, 3)
)


def test_roles_change_under_a_living_session(start: Callable[..., Lab]) -> None:
    lab = start(*PAIR)
    with Client(lab.headends["vpn-1"]).enable() as client:
        assert "This host: Primary - Active" in "\n".join(client.run("show failover"))
        assert lab.attempt("asmith", group="STAFF").headend == "vpn-1"
        lab.headends["vpn-1"].fail_over()
        client.type("\r")
        assert client.until("# $").endswith("vpn-1/pri/stby# ")
        text = "\n".join(client.run("show failover"))
        assert "This host: Primary - Standby Ready" in text
        assert "Other host: Secondary - Active" in text
    assert lab.attempt("asmith", group="STAFF").headend == "vpn-2"
    lab.headends["vpn-2"].fail_over()
    assert lab.headends["vpn-1"].role == "active"


def test_each_unit_names_the_other_by_its_serial_number(start: Callable[..., Lab]) -> None:
    lab = start(*PAIR)
    found = []
    for name in ("vpn-1", "vpn-2"):
        with Client(lab.headends[name]).enable() as client:
            (line,) = client.run("show failover | include Serial")
            found.append(line.removeprefix("Serial Number: Ours ").split(", Mate "))
    assert found[0] == found[1][::-1]
    assert len({*found[0]}) == 2


def test_the_cluster_sends_a_login_to_the_member_with_least_to_do(
    start: Callable[..., Lab],
) -> None:
    lab = start(*CLUSTER)
    landed = [lab.attempt("asmith", group="STAFF").headend for _ in range(3)]
    assert sorted(landed) == ["vpn-1", "vpn-2", "vpn-3"]
    assert landed[0] != "vpn-1"  # the master sends on before it serves
    assert lab.attempt("asmith", group="STAFF", headend="vpn-1").headend == "vpn-1"
    with Client(lab.headends["vpn-2"]).enable() as client:
        text = "\n".join(client.run("show vpn load-balancing"))
        assert "203.0.113.2*" in text
        assert "Master   5   ASAv                        4           203.0.113.1" in text


def test_other_engineers_take_and_leave_the_sessions(start: Callable[..., Lab]) -> None:
    headend = start(HeadendSpec("vpn-1", quota=3)).headends["vpn-1"]
    with Client(headend).enable() as client:
        headend.second_engineer("ldap")
        headend.fill_sessions()
        assert len(client.run("show ssh sessions")) == 1 + 2 * 3
        assert client.run("show debug") == []
        headend.free_sessions()
        assert len(client.run("show ssh sessions")) == 1 + 2


def test_a_headend_can_be_made_busy_and_made_to_say_anything(start: Callable[..., Lab]) -> None:
    headend = start(HeadendSpec("vpn-1", clock_offset=90)).headends["vpn-1"]
    with Client(headend).enable() as client:
        headend.set_cpu(93)
        assert "= 93%" in client.run("show cpu usage")[0]
        headend.reply("show cpu usage", "ERROR: % Invalid input detected at '^' marker.")
        assert client.run("show cpu usage")[0].startswith("ERROR")
        headend.reply("show cpu usage", None)
        assert "= 93%" in client.run("show cpu usage")[0]
