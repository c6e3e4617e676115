"""Whole runs of idle lines taken out of the bytes of a file, before anything else looks at them.

Nineteen lines of twenty in a syslog archive tell of connections built and torn down: one
expression passes over a run of them, of any length, at the speed of the bytes.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator

from headend.parse.prompt import WIDTH


class Sieve:
    """Holds back runs of idle lines, and numbers the lines that stay.

    ``beginnings`` gives an expression of how idle lines begin (empty where none is known); what
    it says may grow while lines are read. Idle lines that stand alone may stay.
    """

    def __init__(self, beginnings: Callable[[], bytes]) -> None:
        self.held_back = 0
        self._beginnings = beginnings
        self._known = b""
        self._runs = re.compile(b"")
        self._next = 1
        self._ranges: deque[range] = deque()

    def kept(self, block: bytes) -> bytes:
        """Return what stays of ``block``, which goes on where the last one ended.

        Its first two lines do: the one may be the rest of a line, and the other belong to it.
        """
        known = self._beginnings()
        if not known:
            self._number(block.count(b"\n"))
            return block
        if known != self._known:
            self._known, self._runs = known, _runs(known)
        pieces, match = [], self._runs.match
        begin, end = 0, _behind(block, _next(block, 0))
        while (found := match(block, end)) is not None:
            stop = found.end()
            idle = _before(block, stop, end)
            if idle > end:
                pieces.append(block[begin:end])
                self._number(block.count(b"\n", begin, end))
                held_back = block.count(b"\n", end, idle)
                self.held_back += held_back
                self._next += held_back
                begin = idle
            # The line behind a run is none of it.
            end = _behind(block, stop)
            if end == stop:
                break
        pieces.append(block[begin:])
        self._number(pieces[-1].count(b"\n"))
        return b"".join(pieces)

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of the lines that stay, and of one that has no end yet."""
        while True:
            while self._ranges:
                yield from self._ranges.popleft()
            yield self._next

    def _number(self, lines: int) -> None:
        if lines:
            self._ranges.append(range(self._next, self._next + lines))
            self._next += lines


def _runs(beginnings: bytes) -> re.Pattern[bytes]:
    """Return an expression of a run of idle lines, or of none."""
    return re.compile(rb"(?:%s.*+\n)*+" % beginnings)


def _next(block: bytes, at: int) -> int:
    """Return where the line behind that of ``at`` begins, or ``at`` if it has no end."""
    return block.find(b"\n", at) + 1 or at


def _behind(block: bytes, begin: int) -> int:
    """Return where the line that begins there ends, with what belongs to it."""
    end = _next(block, begin)
    while begin < end and _may_go_on(block[begin:end]):
        begin, end = end, _next(block, end)
    return end


def _before(block: bytes, end: int, least: int) -> int:
    """Return ``end``, moved before the lines that may go on there, but not before ``least``."""
    while end > least:
        begin = block.rfind(b"\n", 0, end - 1) + 1
        if not _may_go_on(block[begin:end]):
            break
        end = begin
    return end


def _may_go_on(line: bytes) -> bool:
    """Return whether a line may fill a terminal, and go on in the next."""
    return len(line) > WIDTH and (not line.isascii() or len(line.rstrip(b"\r\n")) == WIDTH)
