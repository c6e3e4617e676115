"""Bytes reach the file before anybody is told, and a full disk does not block the disarming."""

import errno
from collections.abc import Callable

import pytest

from headend.device.tape import UNFINISHED_WAIT, Tape
from headend.errors import HeadendError
from headend.redact import Redactor


class Log:
    """A log that keeps what it was given."""

    def __init__(self) -> None:
        self.written: list[tuple[bytes, float]] = []

    def write(self, data: bytes, received: float) -> None:
        self.written.append((data, received))

    def mark(self, words: str, at: float) -> None:
        self.written.append((f"<{words}>".encode(), at))

    @property
    def text(self) -> bytes:
        return b"".join(data for data, _ in self.written)


class FullDisk(Log):
    def write(self, data: bytes, received: float) -> None:  # noqa: ARG002 - no room for any
        raise OSError(errno.ENOSPC, "No space left on device")


def tape(log: Log, wrote: Callable[[], None] = lambda: None) -> Tape:
    return Tape("vpn-1", Redactor(), log, wrote)


def test_what_is_told_of_is_in_the_file() -> None:
    log = Log()
    seen: list[bytes] = []
    recorded = tape(log, lambda: seen.append(log.text))
    recorded.feed(b"one\r\ntwo\r\nth", 1.0)
    recorded.feed(b"ree\r\n", 1.1)
    assert seen == [b"one\r\ntwo\r\n", b"one\r\ntwo\r\nthree\r\n"]
    assert recorded.lines == 3


def test_an_unfinished_line_waits_no_longer_than_promised_also_when_it_drips() -> None:
    log = Log()
    recorded = tape(log)
    assert recorded.patience(10.0) == float("inf")
    recorded.feed(b"x", 10.0)
    assert recorded.patience(10.15) == pytest.approx(UNFINISHED_WAIT - 0.15)
    for step in range(20):
        recorded.feed(b"x", 10 + step * 0.04)
    assert log.written[0][1] <= 10 + UNFINISHED_WAIT + 0.05


def test_a_gap_stands_on_a_line_of_its_own() -> None:
    log = Log()
    recorded = tape(log)
    recorded.feed(b"whole\r\nhalf a li", 1.0)
    recorded.gap("lost", 2.0)
    recorded.feed(b"again\r\n", 3.0)
    assert log.text == b"whole\r\nhalf a li\r\n<lost>again\r\n"


def test_after_a_full_disk_the_session_can_still_be_read() -> None:
    recorded = tape(FullDisk())
    with pytest.raises(HeadendError, match="No space left"):
        recorded.feed(b"one\r\n", 1.0)
    recorded.feed(b"vpn-1# undebug all\r\n", 2.0)
    recorded.close(3.0)
