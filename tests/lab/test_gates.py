"""The lab can be held at a command or a login, and keeps what it sent."""

import threading
from collections.abc import Callable

import pytest

from headend.lab import Headend, HeadendSpec, Lab
from lab.client import Client


def test_a_session_stands_at_the_gate_and_the_others_pass(headend: Headend) -> None:
    with Client(headend).enable() as held, Client(headend).enable() as free:
        with headend.hold("show curpriv") as gate:
            held.type("show curpriv\rshow mode\r")
            gate.wait()
            assert "level : 15" in free.run("show curpriv")[1]
            assert ("privileged", "show mode") not in [one[1:] for one in headend.received]
        assert "level : 15" in held.until("Security context mode: single")


def test_a_login_waits_at_its_gate(headend: Headend) -> None:
    with headend.hold("login") as gate:
        login = threading.Thread(target=lambda: Client(headend).__exit__(None, None, None))
        login.start()
        gate.wait()
        assert headend.logins == 0
    login.join()
    assert headend.logins == 1


def test_a_gate_to_which_nobody_comes_says_so(headend: Headend) -> None:
    with headend.hold("show clock") as gate, pytest.raises(TimeoutError, match="show clock"):
        gate.wait(0.01)


def test_what_was_sent_is_kept_where_it_is_asked_for(start: Callable[..., Lab]) -> None:
    headend = start(HeadendSpec("vpn-1", keep_output=True)).headends["vpn-1"]
    with Client(headend).enable() as client:
        before = len(headend.sessions[0].sent)
        client.type("show clock\r")
        text = client.until()
        assert headend.sessions[0].sent[before:] == text.encode()


def test_somebody_else_may_rename_a_headend(headend: Headend) -> None:
    with Client(headend).enable() as client:
        headend.configure("hostname vpn-9")
        client.type("\r")
        assert client.until().endswith("vpn-9# ")
