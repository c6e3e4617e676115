"""The session itself: round trips, dead links, bytes that nobody may lose, and who wakes whom."""

import asyncio
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from headend.device import transport
from headend.device.access import Access
from headend.device.channel import HIGH_WATER
from headend.device.connection import open_session
from headend.device.session import AsaSession
from headend.errors import CommandRefused, SessionLost
from headend.lab import LOGIN, Lab
from headend.lab.shell import Shell
from live.relay import Relay

Opener = Callable[..., AsaSession]


@pytest.fixture
def opened(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[..., AsaSession]]:
    """Return what opens sessions to the lab's headend, straight or through another port."""
    sessions: list[AsaSession] = []
    line = lab.headends["vpn-1"].known_hosts_line
    known = tmp_path / "known_hosts"
    for name, value in lab.environment.items():
        monkeypatch.setenv(name, value)

    def start(port: int | None = None, *, keepalive: bool = True) -> AsaSession:
        port = port or lab.headends["vpn-1"].port
        known.write_text(re.sub(r"]:\d+", f"]:{port}", line))
        access = Access(known_hosts=known, keepalive=keepalive)
        session = open_session("127.0.0.1", port, access)
        sessions.append(session)
        return session

    yield start
    for session in sessions:
        session.disconnect()


class Sink:
    """A tape that only counts."""

    def __init__(self) -> None:
        self.data = b""

    def feed(self, data: bytes, _received: float) -> None:
        self.data += data

    def tick(self, _now: float) -> None: ...

    def patience(self, _now: float) -> float:
        return float("inf")


def read_to_the_end(session: AsaSession) -> None:
    with suppress(SessionLost):
        while True:
            session.receive(30)


def test_a_headend_is_armed_in_ten_round_trips(lab: Lab, opened: Opener) -> None:
    counted: list[int] = []
    while len(counted) < 4 and 10 not in counted:
        with Relay(lab.headends["vpn-1"].port, delay=0.06) as relay:
            session = opened(relay.port)
            (reply,) = session.ask_all(["debug aaa authentication"])
            assert "enabled" in reply
            # Beside our turns: the TCP connection, and the greeting.
            counted.append(relay.turns + 2)
            session.disconnect()
    # On a busy machine a message in two pieces may count twice; none is ever missed.
    assert min(counted) == 10


def test_nothing_is_typed_before_the_prompt_of_a_secret_nor_behind_the_secret(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed: list[tuple[str, bytes]] = []
    held = threading.Event()
    whole, begin = Shell._ask, Shell.__init__  # noqa: SLF001 - planted in the lab

    def watch(shell: Shell, *arguments: object) -> None:
        begin(shell, *arguments)  # type: ignore[arg-type]
        take = shell.terminal.feed

        def record(data: bytes) -> None:
            typed.append((shell.terminal.prompt, data))
            take(data)

        shell.terminal.feed = record  # type: ignore[method-assign]

    def later(shell: Shell, *arguments: Any) -> None:
        held.set()
        asyncio.get_running_loop().call_later(0.3, lambda: whole(shell, *arguments))

    monkeypatch.setattr(Shell, "__init__", watch)
    monkeypatch.setattr(Shell, "_ask", later)  # the question for the password comes late
    session = opened()
    session.ask("show debug")
    assert held.is_set()
    (prompt,) = [prompt for prompt, data in typed if LOGIN.enable.encode() in data]
    assert prompt == "Password: "
    assert (prompt, f"{LOGIN.enable}\n".encode()) in typed


def test_wake_ends_a_wait_at_once_and_loses_nothing(lab: Lab, opened: Opener) -> None:
    session = opened()
    session.ask("debug aaa authentication")
    waker = threading.Timer(0.1, session.wake)
    waker.start()
    began = time.monotonic()
    assert session.receive(30) == ""
    assert time.monotonic() - began < 5
    waker.join()
    session.wake()  # before anybody waits: the next wait ends
    assert session.receive(30) == ""
    lab.headends["vpn-1"].emit("AAA API: In aaa_open")
    assert "aaa_open" in session.receive(5)


@pytest.mark.parametrize("how", ("dead", "reset", "closed"))
def test_a_lost_link_is_noticed_within_ten_seconds(how: str, lab: Lab, opened: Opener) -> None:
    headend = lab.headends["vpn-1"]
    with Relay(headend.port) as relay:
        session = opened(relay.port)
        session.ask("debug aaa authentication")
        began = time.monotonic()
        if how == "dead":
            relay.dead.set()
        elif how == "reset":
            headend.drop_sessions()
        else:
            headend.close_sessions()
        read_to_the_end(session)
        assert time.monotonic() - began < 10
        assert not session.is_alive()
        with pytest.raises(SessionLost):
            session.write_channel("show debug\n")
        relay.dead.clear()


def test_a_headend_that_answers_no_keep_alive_can_be_left_alone(
    lab: Lab, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "KEEPALIVE", 0.2)
    with Relay(lab.headends["vpn-1"].port) as relay:
        watched, left_alone = opened(relay.port), opened(relay.port, keepalive=False)
        relay.dead.set()  # so is a headend that leaves the question unanswered
        read_to_the_end(watched)
        assert not watched.is_alive()
        assert left_alone.receive(1.5) == ""
        assert left_alone.is_alive()


def test_an_idle_session_stays(opened: Opener) -> None:
    session = opened()
    began = time.monotonic()
    while time.monotonic() - began < 10:
        assert session.receive(10.5) == ""
    assert "show debug" not in session.ask("show debug")


def test_a_flood_that_nobody_reads_waits_at_the_headend_and_survives_a_reset(
    lab: Lab, opened: Opener
) -> None:
    headend = lab.headends["vpn-1"]
    session = opened()
    session.ask("debug aaa authentication")
    sink = Sink()
    session.record_to(sink)  # type: ignore[arg-type]
    lines = [f"AAA API: In aaa_open, session number {number:07}" for number in range(400_000)]
    for start in range(0, len(lines), 10_000):
        headend.emit(lines[start : start + 10_000])
    channel = session._line.channel  # type: ignore[union-attr]  # noqa: SLF001 - what is held back
    held = settled = -1
    while held < HIGH_WATER or held != settled:
        settled, held = held, channel._held  # noqa: SLF001 - likewise
        time.sleep(0.1)
    assert held < 2 * HIGH_WATER
    headend.drop_sessions()
    read_to_the_end(session)
    numbers = [int(found) for found in re.findall(rb"number (\d{7})\r\n", sink.data)]
    assert len(numbers) > HIGH_WATER // 60
    # What had arrived is all there, in its order: the reset cuts the rest off, and leaves no hole.
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    # What asyncssh held back behind our mark as well.
    assert len(sink.data) > held + 500_000


def test_netmikos_own_methods_work_behind_the_same_gates(opened: Opener) -> None:
    session = opened()
    assert "Cisco Adaptive" in session.send_command("show version")
    assert session.find_prompt() == "vpn-1#"
    with pytest.raises(CommandRefused):
        session.send_command("configure terminal")


def test_netmikos_commands_come_unpaged_when_they_are_the_first(opened: Opener) -> None:
    session = opened()
    reply = session.send_command("show running-config")
    assert "More" not in reply
    assert "Cryptochecksum" in reply


def test_a_reply_is_found_behind_what_streams(lab: Lab, opened: Opener) -> None:
    headend = lab.headends["vpn-1"]
    session = opened()
    session.ask("debug aaa authentication")
    done = threading.Event()

    def others() -> None:
        while not done.wait(0.001):
            headend.emit(["AAA API: In aaa_open", "vpn-1# is no prompt here", "User: other"])

    stream = threading.Thread(target=others)
    stream.start()
    try:
        reply = session.reply_to("show debug")
    finally:
        done.set()
        stream.join()
    assert "debug aaa authentication enabled at level 1" in reply
