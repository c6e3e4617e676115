"""Debug belongs to the session that armed it, and appears at its idle prompt."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from headend.lab import Headend, HeadendSpec, Lab
from headend.lab.startup import WITH_SAML, WITH_SDI
from lab.client import Client


def test_only_the_arming_session_sees_the_debug(lab: Lab, headend: Headend) -> None:
    with Client(headend).enable() as armed, Client(headend).enable() as other:
        assert armed.run("debug ldap 255") == ["debug ldap  enabled at level 255"]
        assert armed.run("show debug") == ["debug ldap  enabled at level 255"]
        assert other.run("show debug") == []
        assert [one.debugs for one in headend.sessions] == [{"ldap"}, set()]
        lab.attempt("asmith", group="STAFF")
        text = armed.until("Session End\r\n$")
        assert "Authentication successful for asmith" in text
        assert "aaa_open" not in text
        assert armed.run("undebug all") == []
        assert armed.run("show debug") == []
        assert other.run("show mode") == ["Security context mode: single "]


def test_debug_is_glued_to_the_idle_prompt(headend: Headend) -> None:
    with Client(headend).enable() as client:
        client.type("debug ldap 255\r")
        text = client.until("# $")
        headend.emit(["[7] Session Start"])
        text += client.until("Start\r\n$")
        assert "vpn-1# [7] Session Start\r\n" in text


def test_authentication_alone_shows_a_part_of_the_state_machine(lab: Lab, headend: Headend) -> None:
    with Client(headend).enable() as client:
        client.run("debug aaa authentication")
        lab.attempt("localuser", group="LOCALVPN")
        text = client.until("In aaa_close\r\n$")
        assert "Auth Status = ACCEPT" in text
        assert "AAA_NextFunction" not in text


@pytest.mark.parametrize(
    ("debug", "people", "full", "told", "not_below"),
    (
        ("ldap", {"user": "m.rossi", "group": "STAFF"}, 255, "Session Start", "data 775"),
        ("sdi", {"user": "jdoe", "group": "TOKENS"}, 255, "sd_init ok", "ACM_ACCESS_DENIED"),
        (
            "webvpn saml",
            {"user": "jdoe", "group": "SSO", "assertion": "expired"},
            25,
            "build_authnrequest",
            "expired or not valid",
        ),
        (
            "crypto ca",
            {"user": "asmith", "group": "CERT", "certificate": "expired"},
            255,
            "Looking for suitable trustpoints",
            "Certificate is expired",
        ),
        ("aaa common", {"user": "asmith", "group": "STAFF"}, 255, "aaa_open", "AAA_NextFunction"),
    ),
)
def test_what_is_printed_depends_on_the_level(  # noqa: PLR0913, PLR0917 - a row of a table
    debug: str,
    people: dict[str, Any],
    full: int,
    told: str,
    not_below: str,
    start: Callable[..., Lab],
) -> None:
    lab = start(HeadendSpec("vpn-1", extra_configuration=WITH_SDI + WITH_SAML))
    texts = {}
    for level in (full - 1, full):
        with Client(lab.headends["vpn-1"]).enable() as client:
            client.run(f"debug {debug} {level}")
            lab.attempt(**people)
            client.type("show clock\r")
            texts[level] = client.until(r" UTC [^\r]*\r\n[^\r]*# $")
    assert all(told in text for text in texts.values())
    assert not_below in texts[full]
    assert not_below not in texts[full - 1]


@pytest.mark.parametrize(
    ("condition", "seen"),
    (
        ("user jdoe", True),
        ("user m.rossi", False),
        ("group SSO", True),
        ("group CORP", False),
        ("p-ipaddress 198.51.100.7", True),
        ("p-ipaddress 198.51.100.8", False),
    ),
)
def test_a_condition_decides_whose_lines_are_printed(
    condition: str,
    seen: bool,  # noqa: FBT001 - a column of the table
    start: Callable[..., Lab],
) -> None:
    lab = start(HeadendSpec("vpn-1", extra_configuration=WITH_SAML))
    with Client(lab.headends["vpn-1"]).enable() as client:
        client.run(f"debug webvpn condition {condition}")
        client.run("debug webvpn saml 25")
        client.run("debug aaa authentication")
        lab.attempt("jdoe", group="SSO")
        client.type("show clock\r")
        text = client.until(r" UTC [^\r]*\r\n[^\r]*# $")
        assert ("[SAML] NameID: jdoe" in text) is seen
        assert "aaa_open" in text  # no condition holds these back


def test_radius_for_one_user_prints_nothing_of_another(lab: Lab, headend: Headend) -> None:
    with Client(headend).enable() as client:
        client.run("debug radius user jdoe")
        lab.attempt("b.ortiz", patience=0.1)
        lab.attempt("jdoe", patience=0.1)
        text = client.until("CHALLENGE")
        assert "b.ortiz" not in text
        assert "jdoe" in text


def test_parts_of_a_feature_go_with_the_feature(headend: Headend) -> None:
    with Client(headend).enable() as client:
        for name in ("radius session", "radius decode", "dap trace"):
            client.run(f"debug {name}")
        client.run("no debug radius")
        assert headend.sessions[0].debugs == {"dap trace"}


def test_conditions_outlive_undebug_and_their_session(headend: Headend) -> None:
    with Client(headend).enable() as client:
        client.run("debug webvpn condition user jdoe")
        client.run("undebug all")
    with Client(headend).enable() as client:
        assert client.run("show webvpn debug-condition") == ["webvpn condition user jdoe"]
        client.run("debug webvpn condition reset")
        assert "OFF" in client.run("show webvpn debug-condition")[0]


def test_debug_trace_sends_the_lines_to_the_log(start: Callable[..., Lab]) -> None:
    lab = start(HeadendSpec("vpn-1", debug_trace=True))
    with Client(lab.headends["vpn-1"]).enable() as client:
        client.run("debug ldap 255")
        lab.attempt("m.rossi", group="STAFF")
        assert client.run("show clock")  # nothing but the clock came
        logged = client.run("show logging | include 711001")
        assert any("data 775" in line for line in logged)


def test_logins_at_the_same_time_interleave(lab: Lab, headend: Headend) -> None:
    with Client(headend).enable() as client:
        client.run("debug ldap 255")
        people = [
            threading.Thread(target=lab.attempt, args=(name,), kwargs={"group": "STAFF"})
            for name in ("asmith", "m.rossi")
        ]
        for one in people:
            one.start()
        for one in people:
            one.join()
        text = client.until("Session End[\\s\\S]*Session End\r\n$")
        assert text.index("Session End") > text.rindex("Session Start")


def test_syslog_reaches_who_monitors(lab: Lab, headend: Headend) -> None:
    with Client(headend).enable() as watching, Client(headend).enable() as other:
        watching.run("configure terminal")
        watching.run("logging monitor informational")
        watching.run("end")
        watching.run("terminal monitor")
        lab.attempt("asmith", "wrong", group="STAFF")
        assert "%ASA-6-113005: AAA user authentication Rejected" in watching.until("716039.*\r\n$")
        assert other.run("show mode") == ["Security context mode: single "]


def test_another_engineers_debug_is_not_ours_to_see(start: Callable[..., Lab]) -> None:
    headend = start(HeadendSpec("vpn-1", other_session_debugs=("ldap",))).headends["vpn-1"]
    with Client(headend).enable() as client:
        assert client.run("show debug") == []
        assert "netops" in "\n".join(client.run("show ssh sessions"))
