"""What the command line prints: paging, filters, abbreviations, errors."""

from collections.abc import Callable

from headend.lab import Headend, HeadendSpec, Lab
from lab.client import Client


def test_an_unknown_word_gets_a_caret_under_it(headend: Headend) -> None:
    with Client(headend).enable() as client:
        caret, error = client.run("show foo")
        assert caret.index("^") == len("vpn-1# show ")
        assert error == "ERROR: % Invalid input detected at '^' marker."
        assert client.run("show") == ["ERROR: % Incomplete command"]
        assert client.run("debug ldap 999")[-1] == error


def test_abbreviations_and_filters(headend: Headend) -> None:
    with Client(headend).enable() as client:
        assert client.run("sh ver")[0].startswith("Cisco Adaptive Security Appliance")
        assert client.run("sh run | i ^hostname") == ["hostname vpn-1"]
        assert client.run("show run | begin : end") == [": end"]
        assert "hostname vpn-1" not in client.run("show run | exclude hostname")
        assert client.run("show running-config prompt") == ["prompt hostname"]
        assert client.run("show run | grep -v .") == [""]


def test_the_pager_stops_turns_and_quits(headend: Headend) -> None:
    with Client(headend) as client:
        client.enable()
        client.run("terminal pager 24")
        assert client.run("show pager") == ["pager lines 24"]
        client.type("show running-config\r")
        first = client.until("<--- More --->$")
        assert first.count("\r\n") == 25  # the echo and 24 lines
        client.type("\r")
        assert client.until("<--- More --->$").count("\r\n") == 1
        client.type(" ")
        assert client.until("<--- More --->$").count("\r\n") == 24
        client.type("q")
        assert client.until().endswith("vpn-1# ")


def test_a_long_line_is_cut_with_a_dollar_and_still_understood(headend: Headend) -> None:
    line = "show running-config aaa-server | include " + "x" * 60
    with Client(headend).enable() as client:
        client.type(f"{line}\r")
        text = client.until()
        assert text.split("\r\n")[0].endswith("$")
        assert len("vpn-1# " + text.split("\r\n")[0]) == 80
    assert headend.received[-1][2] == line


def test_line_editing(headend: Headend) -> None:
    with Client(headend).enable() as client:
        assert " UTC " in client.run("show clockx\x7f")[0]
        client.run("nonsense\x15show mode")
        client.type("debug aaa ?")
        assert "  authentication\r\n" in client.until("# debug aaa $")
    assert headend.received[-1][2] == "show mode"


def test_the_configuration_is_masked_and_carries_its_checksum(headend: Headend, lab: Lab) -> None:
    with Client(headend).enable() as client:
        text = "\n".join(client.run("show running-config"))
    assert text.endswith("\n: end")
    assert "Cryptochecksum:" in text
    assert " key *****\n" in text
    for secret in lab.secrets:
        assert secret not in text


def test_the_log_says_how_it_is_set(start: Callable[..., Lab]) -> None:
    headend = start(HeadendSpec("vpn-1", hide_username=True, debug_trace=True)).headends["vpn-1"]
    with Client(headend).enable() as client:
        text = client.run("show logging")
        assert "    Hide Username logging: enabled" in text
        assert "    Debug-trace logging: enabled" in text
        assert "INFO: 'logging debug-trace' is enabled" in client.run("debug ldap 255")[0]


def test_without_privilege_nothing_is_armed(start: Callable[..., Lab]) -> None:
    headend = start(HeadendSpec("vpn-1", privilege=5)).headends["vpn-1"]
    with Client(headend).enable() as client:
        assert client.run("debug ldap 255") == ["ERROR: Command authorization failed"]
        assert client.run("configure terminal") == ["ERROR: Command authorization failed"]
        assert client.run("show curpriv")[1] == "Current privilege level : 5"
