"""A link that breaks at any point of a login ends in a sentence, in bounded time."""

import re
import time
from pathlib import Path

import pytest

from headend.device import login, transport
from headend.device.access import Access
from headend.device.connection import open_session
from headend.device.gate import LoginGate
from headend.errors import HeadendError, LoginError, SessionLost, SessionQuotaFull, Unreachable
from headend.lab import LOGIN, Lab
from live.relay import Relay

TURNS = 8  # of a whole login, see test_session


def attempt(lab: Lab, relay: Relay, folder: Path) -> HeadendError:
    known = folder / "known_hosts"
    line = lab.headends["vpn-1"].known_hosts_line
    known.write_text(re.sub(r"]:\d+", f"]:{relay.port}", line))
    began = time.monotonic()
    with pytest.raises(HeadendError) as caught:
        open_session("127.0.0.1", relay.port, Access(known_hosts=known)).ask("show debug")
    assert time.monotonic() - began < 25
    return caught.value


@pytest.fixture(autouse=True)
def _settings(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in lab.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(login, "GATE", LoginGate())
    # A black hole is waited for; the tests need not wait as long as a slow AAA server takes.
    monkeypatch.setattr(login, "AUTH_WAIT", 2.0)
    monkeypatch.setattr(transport, "CONNECT_WAIT", 2.0)
    monkeypatch.setattr(transport, "KEEPALIVE", 0.5)


@pytest.mark.parametrize("turn", range(TURNS + 1))
@pytest.mark.parametrize("how", ("closed", "black hole"))
def test_a_link_that_breaks_during_the_login_is_told(
    how: str, turn: int, lab: Lab, tmp_path: Path
) -> None:
    with Relay(lab.headends["vpn-1"].port) as relay:
        relay.break_at(turn, how)
        error = attempt(lab, relay, tmp_path)
    assert isinstance(error, LoginError | SessionLost)
    assert error.status == 13
    assert "127.0.0.1" in error.message
    assert LOGIN.password not in str(error)
    assert LOGIN.enable not in str(error)
    assert lab.headends["vpn-1"].failed_logins == 0


def test_a_headend_that_hangs_up_at_once_is_full_and_one_that_is_silent_is_not(
    lab: Lab, tmp_path: Path
) -> None:
    with Relay(lab.headends["vpn-1"].port) as relay:
        relay.break_at(-1, "closed")
        assert isinstance(attempt(lab, relay, tmp_path), SessionQuotaFull)
    with Relay(lab.headends["vpn-1"].port) as relay:
        relay.break_at(-1, "black hole")
        error = attempt(lab, relay, tmp_path)
    assert isinstance(error, Unreachable)
    assert "sends no SSH greeting" in error.message
