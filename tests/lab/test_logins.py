"""Each kind of person meets the verdict that belongs to them."""

from collections.abc import Callable
from typing import Any

import pytest

from headend.errors import InputError
from headend.lab import Headend, HeadendSpec, Lab
from lab.client import Client

# user, how, what the debug must say, whether the login is accepted
CASES: tuple[tuple[str, dict[str, Any], str, bool], ...] = (
    ("asmith", {}, "mapped to Group-Policy: value = GP-STAFF", True),
    ("asmith", {"password": "wrong"}, "data 52e", False),
    ("m.rossi", {}, "data 775", False),
    ("m.rossi", {"password": "wrong"}, "data 775", False),
    ("f.silva", {}, "data 533", False),
    ("f.silva", {"password": "wrong"}, "data 52e", False),
    ("e.haas", {}, "data 701", False),
    ("p.nowak", {}, "data 532", False),
    ("n.kumar", {}, "data 773", False),
    ("s.tanaka", {}, "data 530", False),
    ("l.dubois", {}, "data 531", False),
    ("nobody", {"password": "x"}, "Search result parsing returned failure status", False),
    ("g.olsen", {}, "max allowance=0", False),
    ("c.tran", {}, "value = GP-CONTRACTOR", False),
    ("c.tran", {"group": "CONTRACTOR"}, "Auth Status = ACCEPT", True),
    ("localuser", {"group": "LOCALVPN"}, "Using server: <Internal Server>", True),
    ("localuser", {"group": "LOCALVPN", "password": "x"}, "Auth Status = REJECT", False),
    ("jdoe", {"group": "CERT", "certificate": "user"}, "reqType = Other", True),
    # A disabled account passes a look-up that asks for no password.
    ("f.silva", {"group": "CERT", "certificate": "user"}, "reqType = Other", True),
    ("jdoe", {"group": "CERT", "certificate": "expired"}, "Certificate is expired.", False),
    ("jdoe", {"group": "CERT", "certificate": "untrusted"}, "No suitable trustpoints", False),
    ("jdoe", {"group": "CERT", "certificate": "revoked"}, "Certificate revoked", False),
    ("jdoe", {"group": "CORP", "token": "314159"}, "rad_procpkt: ACCEPT", True),
    ("jdoe", {"group": "CORP", "token": "000000"}, "rad_procpkt: REJECT", False),
    ("jdoe", {"group": "CORP", "password": "wrong"}, "rad_procpkt: REJECT", False),
    ("asmith", {"group": "CORP"}, "rad_procpkt: REJECT", False),
    ("b.ortiz", {"group": "CORP", "token": ("271828", "182845")}, "procpkt: ACCEPT", True),
    ("b.ortiz", {"group": "CORP", "token": ("271828", "1")}, "Wait for token", False),
    (
        "k.meier",
        {"group": "CORP", "token": ("161803", "2468", "2468", "398874")},
        "Enter a new PIN",
        True,
    ),
)


def ascii_column(text: str) -> str:
    """Add to a text what its hex dumps spell, so that a message cut over rows can be found."""
    rows = [line.partition("    |  ")[2] for line in text.split("\r\n") if "    |  " in line]
    return text + "".join(rows)


@pytest.mark.parametrize(("user", "how", "words", "accepted"), CASES)
def test_the_verdict(  # noqa: PLR0913 - two of them are fixtures
    lab: Lab, headend: Headend, user: str, how: dict[str, Any], words: str, *, accepted: bool
) -> None:
    with Client(headend).enable() as client:
        for name in ("aaa common 255", "radius all", "ldap 255", "crypto ca 255"):
            client.run(f"debug {name}")
        result = lab.attempt(user, **{"group": "STAFF", "patience": 0.05, **how})
        client.type("show mode\r")
        text = client.until("Security context mode: single ")
    assert words in ascii_column(text)
    assert result.accepted is accepted
    assert result.message in (
        ("Connected",) if accepted else ("Login failed.", "Certificate Validation Failure")
    )


def test_an_unanswered_challenge_is_cancelled_without_a_verdict(lab: Lab, headend: Headend) -> None:
    with Client(headend).enable() as client:
        client.run("debug aaa common 255")
        client.run("debug radius all")
        result = lab.attempt("jdoe", patience=0.05)
        text = client.until(r"In aaai_close_session \(\d+\)\r\n$")
    assert not result.accepted
    assert result.prompts == ("Username:", "Password:", "Enter PASSCODE:")
    assert "Authentication Status: 2 (CHALLENGE)" in text
    assert "Auth Status" not in text
    assert "skey 'Rsa-shared-0815'" in text  # as real headends print it: ours to redact


def test_at_the_logon_screen_the_users_certificate_does_not_exist(lab: Lab) -> None:
    how: dict[str, Any] = {"group": "CERT", "logon_screen": True}
    assert lab.attempt("jdoe", certificate="user", **how).message == "Authentication Failed"
    assert lab.attempt("jdoe", patience=0.01, logon_screen=True).message == "Authentication Failed"


def counters(client: Client, group: str) -> dict[str, int]:
    rows = client.run(f"show aaa-server {group} | include Number of")
    return {row[10:34].strip(): int(row[34:]) for row in rows}


def test_the_counters_move_with_the_packets(lab: Lab, headend: Headend) -> None:
    with Client(headend).enable() as client:
        lab.attempt("jdoe", token="314159")
        after = counters(client, "RSA")
        assert (after["authentication requests"], after["challenges"], after["accepts"]) == (
            2,
            1,
            1,
        )
        lab.attempt("asmith", group="DEADRAD")
        after = counters(client, "DEADRAD")
        assert (after["timeouts"], after["retransmissions"], after["rejects"]) == (3, 2, 0)
        lab.attempt("asmith", group="BADKEY")
        after = counters(client, "BADKEY")
        assert (after["bad authenticators"], after["timeouts"], after["rejects"]) == (3, 3, 0)
        for _ in range(2):
            lab.attempt("asmith", group="DEADRAD")
        status = client.run("show aaa-server DEADRAD | include status")[0]
        assert "FAILED, Server disabled at" in status
        assert "113022" in "".join(client.run("show logging | include FAILED"))


def test_the_shared_secret_in_the_configuration_decides(lab: Lab, headend: Headend) -> None:
    with Client(headend).enable() as client:
        client.run("configure terminal")
        client.run("aaa-server RSA (inside) host 10.20.1.5")
        client.run("key another-secret")
        assert not lab.attempt("jdoe", token="314159").accepted
        client.run("key Rsa-shared-0815")
        assert lab.attempt("jdoe", token="314159").accepted
        client.run("authentication-port 1645")
        assert not lab.attempt("jdoe", token="314159").accepted


def test_the_configured_bind_decides(lab: Lab, headend: Headend) -> None:
    with Client(headend).enable() as client:
        client.run("debug ldap 255")
        client.run("configure terminal")
        client.run("aaa-server AD (inside) host 10.20.2.10")
        client.run("ldap-login-password stale")
        assert not lab.attempt("asmith", group="STAFF").accepted
        assert "Failed to bind as administrator" in client.until(
            "status=-2[\\s\\S]*Session End\r\n"
        )


def test_a_session_shows_and_can_be_logged_off(lab: Lab, headend: Headend) -> None:
    with Client(headend).enable() as client:
        none = "INFO: There are presently no active sessions"
        assert client.run("show vpn-sessiondb anyconnect") == [none]
        lab.attempt("asmith", group="STAFF", client_ip="203.0.113.99")
        text = "\n".join(client.run("show vpn-sessiondb anyconnect filter name asmith"))
        assert "Username     : asmith" in text
        assert "Public IP    : 203.0.113.99" in text
        assert "Group Policy : GP-STAFF               Tunnel Group : STAFF" in text
        assert client.run("vpn-sessiondb logoff name asmith noconfirm")[0].endswith(": 1")
        assert client.run("show vpn-sessiondb anyconnect") == [none]


def test_hidden_names_are_stars_in_the_log(start: Callable[..., Lab]) -> None:
    lab = start(HeadendSpec("vpn-1", hide_username=True))
    with Client(lab.headends["vpn-1"]).enable() as client:
        lab.attempt("nobody", "x", group="STAFF")
        (line,) = client.run("show logging | include 113005")
        assert "user = ***** : user IP = 198.51.100.7" in line


def test_a_shunned_client_leaves_no_trace(start: Callable[..., Lab]) -> None:
    lab = start(HeadendSpec("vpn-1", shunned=("198.51.100.7",)))
    with Client(lab.headends["vpn-1"]).enable() as client:
        assert not lab.attempt("asmith", group="STAFF").accepted
        assert client.run("show logging | include asmith") == []
        assert "198.51.100.7" in client.run("show shun")[0]


def test_the_lab_chooses_a_headend_that_serves(start: Callable[..., Lab]) -> None:
    lab = start(HeadendSpec("vpn-1", failover_role="standby"), HeadendSpec("vpn-2"))
    assert lab.attempt("asmith", group="STAFF").headend == "vpn-2"
    with pytest.raises(InputError, match="no headend"):
        lab.attempt("asmith", headend="vpn-9")
