"""The allow-list: what a session that only looks may type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headend.device.commands import CommandClass, check, classify
from headend.device.session import READ_ONLY
from headend.errors import CommandRefused


@pytest.mark.parametrize(
    "command",
    (
        "",
        " ",
        "enable",
        "terminal pager 0",
        "show debug",
        "show running-config aaa-server",
        "show logging | include -(113|716)[0-9]+:",
        "debug aaa authentication",
        "debug aaa common 255",
        "no debug radius all",
        "undebug all",
        "debug webvpn condition user jdoe",
        "changeto context CTX-1",
        "exit",
    ),
)
def test_reading_is_allowed(command: str) -> None:
    assert classify(command) is CommandClass.READ


@pytest.mark.parametrize(
    "command",
    (
        "configure terminal",
        "conf t",
        "terminal width 511",
        "write memory",
        "copy running-config startup-config",
        "reload",
        "clear crypto ca crls",
        "no logging hide username",
        "more system:running-config",
        "vpn-sessiondb logoff name jdoe",
        "aaa-server RSA fail host 10.1.1.1",
        "debug menu ssh 1",
        "capture CAP interface inside",
        "show tech-support",
        "show version | redirect disk0:/x",
        "show version | include x | redirect disk0:/x",
        "show version ?",
        "show version\nreload",
        "show version\rreload",
        "show version;reload",
        "undebug all\x1a",
        "test aaa-server authentication RSA host 10.1.1.1 username u password p",
        "clear aaa local user lockout username x",
        "tunnel-group X type remote-access",
    ),
)
def test_everything_else_is_refused(command: str) -> None:
    with pytest.raises(CommandRefused) as caught:
        classify(command)
    assert "nothing was sent" in str(caught.value)


def test_a_reading_session_may_not_act() -> None:
    assert classify("ssh disconnect 3") is CommandClass.ACTION
    with pytest.raises(CommandRefused):
        check("show debug\nssh disconnect 3\n", READ_ONLY)


def test_only_a_session_for_it_may_test_a_server_and_never_with_a_password_on_the_line() -> None:
    line = "test aaa-server authentication RSA host 10.1.1.1"
    probing = READ_ONLY | {CommandClass.PROBE}
    check(f"{line}\n", probing)
    with pytest.raises(CommandRefused):
        check(f"{line}\n", READ_ONLY)
    for more in (" username u", " username u password p", "\nsecret", ";reload", " | include x"):
        with pytest.raises(CommandRefused):
            check(f"{line}{more}\n", probing)


@given(st.text(), st.sampled_from(["\n", "\r", "\x00", "\x1b", "\x1a", "?", "\u2028"]), st.text())
def test_no_text_smuggles_a_second_line_or_a_control(head: str, bad: str, tail: str) -> None:
    for start in ("show version ", "debug aaa ", "changeto context ", "show log | include "):
        with pytest.raises(CommandRefused):
            classify(start + head + bad + tail)
