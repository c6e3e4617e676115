"""Who gets in, in which mode, and when a session ends."""

import asyncio
import socket
import threading
from collections.abc import Callable

import asyncssh
import pytest

from headend.lab import LOGIN, Headend, HeadendSpec, Lab
from lab.client import Client


def test_a_login_is_greeted_and_lands_without_privilege(headend: Headend) -> None:
    with Client(headend) as client:
        text = client.until()
        assert "User labadmin logged in to vpn-1\r\n" in text
        assert "Failed logins since the last login: 0.  \r\n" in text
        assert text.endswith("vpn-1> ")
        assert client.run("show curpriv")[1:] == [
            "Current privilege level : 1",
            "Current Mode/s : P_UNPR",
        ]
        assert "ERROR: % Invalid input" in client.run("show debug")[-1]
    assert headend.logins == 1


def test_a_wrong_password_is_refused_three_times_and_then_the_line_is_cut(
    headend: Headend,
) -> None:
    class Stubborn(asyncssh.SSHClient):
        def password_auth_requested(self) -> str:
            return "wrong"

    async def knock() -> None:
        await asyncssh.connect(
            headend.host,
            headend.port,
            username=LOGIN.username,
            client_factory=Stubborn,
            client_keys=None,
            known_hosts=None,
        )

    with pytest.raises(asyncssh.DisconnectError):
        asyncio.run(knock())
    assert headend.failed_logins == 3


def test_a_wrong_enable_password_is_asked_three_times(headend: Headend) -> None:
    with Client(headend) as client:
        client.until()
        client.type("enable\r")
        for _ in range(3):
            client.until("Password: $")
            client.type("nonsense\r")
        text = client.until()
        assert "********" in text
        assert "nonsense" not in text
        assert text.endswith("Access denied.\r\nvpn-1> ")
    assert [line for _, _, line in headend.received] == ["enable"]


def test_enable_shows_stars_and_gives_privilege(headend: Headend) -> None:
    with Client(headend).enable() as client:
        assert client.run("show curpriv")[1] == "Current privilege level : 15"
    modes = [(mode, line) for _, mode, line in headend.received]
    assert modes[:2] == [("user", "enable"), ("privileged", "terminal pager 0")]


def test_auto_enable_and_the_long_prompt(start: Callable[..., Lab]) -> None:
    spec = HeadendSpec("vpn-1", auto_enable=True, prompt_style="priority-state")
    with Client(start(spec).headends["vpn-1"]) as client:
        assert client.until().endswith("vpn-1/pri/act# ")
        client.type("configure terminal\r")
        assert client.until().endswith("vpn-1/pri/act(config)# ")


def test_the_sixth_session_is_closed_before_the_banner(headend: Headend) -> None:
    clients = [Client(headend) for _ in range(5)]
    with socket.create_connection((headend.host, headend.port), timeout=10) as sixth:
        assert sixth.recv(100) == b""
    clients[0].until()
    clients[0].type("exit\r")
    assert "Logoff" in clients[0].ends()
    with Client(headend) as again:
        again.until()
    for client in clients:
        client.__exit__(None, None, None)


def test_an_idle_session_ends_although_debug_runs(start: Callable[..., Lab]) -> None:
    headend = start(HeadendSpec("vpn-1", ssh_timeout=0.4)).headends["vpn-1"]
    with Client(headend).enable() as client:
        client.run("debug ldap 255")
        headend.emit("one line")
        client.ends()
    headend.wait_for_no_sessions()
    assert not any(one.debugs for one in headend.sessions)


def test_a_session_can_be_disconnected_by_number(headend: Headend) -> None:
    with Client(headend).enable() as mine, Client(headend).enable() as other:
        other.run("debug ldap 255")
        rows = mine.run("show ssh sessions")
        assert rows[0].startswith("SID Client IP       Version Mode Encryption Hmac")
        assert len(rows) == 5
        sid = rows[3].split()[0]
        assert mine.run(f"ssh disconnect {sid}") == []
        other.ends()
        assert len(mine.run("show ssh sessions")) == 3


def test_dropped_sessions_are_gone_for_both_sides(headend: Headend) -> None:
    with Client(headend).enable() as client:
        headend.drop_sessions()
        headend.wait_for_no_sessions()
        client.ends()


def test_the_lab_leaves_no_thread_no_port_and_no_file() -> None:
    before = threading.active_count()
    with Lab([HeadendSpec("vpn-1")]) as lab:
        headend, directory = lab.headends["vpn-1"], lab.directory
        assert (directory / "inventory" / "hosts.yaml").is_file()
        assert set(lab.environment) >= {"HEADEND_INVENTORY", "HEADEND_KNOWN_HOSTS"}
        port = headend.port
    assert threading.active_count() == before
    assert not directory.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_threat_defense_knows_no_asa_command(start: Callable[..., Lab]) -> None:
    with Client(start(HeadendSpec("vpn-1", ftd=True)).headends["vpn-1"]) as client:
        assert "Firepower Threat Defense" in client.until(r"\r\n> $")
        client.type("terminal pager 0\r")
        assert "% Invalid Command" in client.until(r"\r\n> $")
        client.type("show running-config\r")
        assert "Syntax error: Illegal parameter" in client.until(r"\r\n> $")
        client.type("show version\r")
        assert "Threat Defense" in client.until(r"\r\n> $")
