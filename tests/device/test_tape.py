"""Bytes reach the file before anybody sees a line, and a full disk does not block the disarming."""

import errno

import pytest

from headend.device.tape import UNFINISHED_WAIT, Tape
from headend.errors import HeadendError
from headend.model.line import Line
from headend.redact import Redactor


def test_a_line_is_in_the_file_before_it_is_seen() -> None:
    written = b""

    def write(data: bytes, _received: float) -> None:
        nonlocal written
        written += data

    def on_line(line: Line) -> None:
        assert line.text.encode() in written

    tape = Tape("vpn-1", Redactor(), write, on_line)
    tape.feed(b"one\r\ntwo\r\nth", 1.0)
    tape.feed(b"ree\r\n", 1.1)
    assert written.count(b"\n") == 3


def test_an_unfinished_line_waits_no_longer_than_promised_also_when_it_drips() -> None:
    written: list[tuple[bytes, float]] = []
    tape = Tape(
        "vpn-1", Redactor(), lambda data, at: written.append((data, at)), lambda _line: None
    )
    for step in range(20):
        tape.feed(b"x", 10 + step * 0.04)
    assert written[0][1] <= 10 + UNFINISHED_WAIT + 0.05


def test_after_a_full_disk_the_session_can_still_be_read() -> None:
    def full(_data: bytes, _received: float) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    tape = Tape("vpn-1", Redactor(), full, lambda _line: None)
    with pytest.raises(HeadendError, match="No space left"):
        tape.feed(b"one\r\n", 1.0)
    tape.feed(b"vpn-1# undebug all\r\n", 2.0)
    tape.close(3.0)
