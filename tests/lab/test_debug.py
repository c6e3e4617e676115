"""Debug belongs to the session that armed it, and appears at its idle prompt."""

import threading
from collections.abc import Callable

from headend.lab import Headend, HeadendSpec, Lab
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
