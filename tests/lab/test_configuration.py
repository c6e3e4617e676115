"""Configuring changes the running configuration, and its inverse gives back every byte."""

from collections.abc import Callable

from headend.lab import Headend, HeadendSpec, Lab
from lab.client import Client

EXCEPTION = """\
crypto ca certificate map CM-EXC-0042 10
 issuer-name attr cn eq issuing-ca-01
 subject-name attr cn eq LAPTOP-0042.corp.example
group-policy GP-EXC-0042 internal from GP-STAFF
group-policy GP-EXC-0042 attributes
 vpn-simultaneous-logins 1
tunnel-group TG-EXC-0042 type remote-access
tunnel-group TG-EXC-0042 general-attributes
 address-pool VPN-POOL
 default-group-policy GP-EXC-0042
 username-from-certificate CN
 authorization-server-group AD-DEVICES
 authorization-required
tunnel-group TG-EXC-0042 webvpn-attributes
 authentication certificate
webvpn
 certificate-group-map CM-EXC-0042 10 TG-EXC-0042
group-policy GP-EXC-0042 attributes
 group-lock value TG-EXC-0042
exit
""".splitlines()
INVERSE = """\
webvpn
 no certificate-group-map CM-EXC-0042 10 TG-EXC-0042
group-policy GP-EXC-0042 attributes
 no group-lock
exit
clear configure crypto ca certificate map CM-EXC-0042
clear configure tunnel-group TG-EXC-0042
clear configure group-policy GP-EXC-0042
""".splitlines()


def test_an_exception_lets_the_laptop_in_and_its_inverse_leaves_no_trace(
    lab: Lab, headend: Headend
) -> None:
    before = headend.running_config()
    laptop = {"certificate": "machine", "logon_screen": True, "patience": 0.01}
    assert not lab.attempt("jdoe", **laptop).accepted  # type: ignore[arg-type]
    with Client(headend).enable() as client:
        whole = client.run("show running-config")
        client.run("configure terminal")
        replies = [line for typed in EXCEPTION for line in client.run(typed)]
        assert replies == [
            (
                "INFO: If a certificate map is configured ASA  will ask all users "
                "loading the logon page for a client certificate."
            )
        ]
        assert " subject-name attr cn eq laptop-0042.corp.example" in client.run(
            "show running-config crypto ca certificate map"
        )
        result = lab.attempt("jdoe", **laptop)  # type: ignore[arg-type]
        assert (result.accepted, result.prompts) == (True, ())
        (row,) = lab.headends["vpn-1"].box.vpn.rows
        assert (row.user, row.tunnel_group) == ("laptop-0042.corp.example", "TG-EXC-0042")
        assert not lab.attempt("jdoe", certificate="user", patience=0.01).accepted
        assert [line for typed in INVERSE for line in client.run(typed)] == []
        client.run("end")
        assert client.run("show running-config") == whole
    assert headend.running_config() == before


def test_an_inverse_in_the_wrong_order_is_refused(headend: Headend) -> None:
    with Client(headend).enable() as client:
        client.run("configure terminal")
        for typed in EXCEPTION:
            client.run(typed)
        assert "in use" in client.run("clear configure crypto ca certificate map CM-EXC-0042")[0]
        assert "in use" in client.run("clear configure tunnel-group TG-EXC-0042")[0]
        assert client.run("clear configure") == ["ERROR: % Incomplete command"]
        assert "does not exist" in client.run("no tunnel-group NOBODY")[0]


def test_prompts_name_the_mode(headend: Headend) -> None:
    modes = {
        "webvpn": "config-webvpn",
        "tunnel-group CORP general-attributes": "config-tunnel-general",
        "tunnel-group CORP webvpn-attributes": "config-tunnel-webvpn",
        "group-policy GP-STAFF attributes": "config-group-policy",
        "aaa-server RSA protocol radius": "config-aaa-server-group",
        "aaa-server RSA (inside) host 10.20.1.5": "config-aaa-server-host",
        "username localuser attributes": "config-username",
        "crypto ca trustpoint LAB-ISSUING-CA": "config-ca-trustpoint",
        "crypto ca certificate map CM 10": "ca-certificate-map",
    }
    with Client(headend).enable() as client:
        client.run("conf t")
        for typed, mode in modes.items():
            client.type(f"{typed}\r")
            assert client.until().endswith(f"vpn-1({mode})# ")
            client.run("exit")
        # Inside a group policy, "webvpn" is the policy's own sub-mode.
        client.run("group-policy GP-STAFF attributes")
        client.type("webvpn\r")
        assert client.until().endswith("vpn-1(config-group-webvpn)# ")


def test_the_saved_checksum_follows_only_write_memory(headend: Headend) -> None:
    with Client(headend).enable() as client:
        saved, running = client.run("show checksum"), client.run("show run | include ^Crypto")
        client.run("configure terminal")
        client.run("terminal width 511")
        client.run("end")
        assert client.run("show checksum") == saved
        assert client.run("show run | include ^Crypto") != running
        assert client.run("show terminal")[0] == "Width = 511, no monitor"
        written = client.run("write memory")
        assert written[0] == "Building configuration..."
        assert written[-1] == "[OK]"
        assert client.run("show checksum") != saved


def test_the_first_configure_terminal_may_ask_a_question(start: Callable[..., Lab]) -> None:
    headend = start(HeadendSpec("vpn-1", ask_anonymous_reporting=True)).headends["vpn-1"]
    before = headend.running_config()
    with Client(headend).enable() as client:
        client.type("configure terminal\r")
        text = client.until(r"\[A\]sk later: $")
        assert "vpn-1(config)# \r\n" in text
        client.type("A\r")
        client.until()
        client.run("end")
        client.type("configure terminal\r")
        client.until(r"\[A\]sk later: $")
        client.type("N\r")
        client.until()
        assert client.run("end") == []
    assert headend.running_config() == before


def test_the_standby_warns_and_takes_the_line(start: Callable[..., Lab]) -> None:
    headend = start(HeadendSpec("vpn-1", failover_role="standby")).headends["vpn-1"]
    with Client(headend).enable() as client:
        assert "This host: Secondary - Standby Ready" in "\n".join(client.run("show failover"))
        assert client.run("configure terminal")[0] == "**** WARNING ****"
        assert client.run("domain-name changed.example")[0] == "**** WARNING ****"
    assert "domain-name changed.example" in headend.running_config()


def test_a_bad_configuration_line_gets_a_caret(headend: Headend) -> None:
    with Client(headend).enable() as client:
        client.run("configure terminal")
        caret, error = client.run("nonsense here")
        assert caret.index("^") == len("vpn-1(config)# ")
        assert error.startswith("ERROR: % Invalid input")
