"""Whole runs of idle lines taken out of the bytes of a file, before anything else looks at them.

Nineteen lines of twenty in a syslog archive tell of connections built and torn down: one
expression passes over a run of them, of any length, at the speed of the bytes.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator

from headend.parse.prompt import WIDTH

# A line that may go on in the next one, and keeps it: it fills the terminal, or may do so once
# its bytes are characters.
_WIDE = rb"(?:[^\n]{%d}\r*\n|[ -~]*[^ -~\r\n][^\n]*\n)" % WIDTH
_LINE = rb"%s*+[^\n]*\n" % _WIDE
_NOT_WIDE = rb"(?=[ -~]{%d}|[ -~]{0,%d}\r?\n)" % (WIDTH + 1, WIDTH - 1)
_FIRST = re.compile(_LINE)


class Sieve:
    """Holds back runs of idle lines, and numbers the lines that stay.

    ``beginnings`` gives an expression of how idle lines begin (empty where none is known); what
    it says may grow while lines are read. Idle lines that stand alone may stay.
    """

    def __init__(self, beginnings: Callable[[], bytes]) -> None:
        self.held_back = 0
        self._beginnings = beginnings
        self._known = b""
        self._runs = _FIRST
        self._next = 1
        self._ranges: deque[range] = deque()

    def kept(self, block: bytes) -> bytes:
        """Return what stays of ``block``, which goes on where the last one ended.

        Its first line does: it may be the rest of one, or belong to the line before.
        """
        known = self._beginnings()
        first = _FIRST.match(block)
        if not known or first is None:
            self._number(block.count(b"\n"))
            return block
        if known != self._known:
            self._known, self._runs = known, _runs(known)
        end = first.end()
        self._number(block.count(b"\n", 0, end))
        pieces = [block[:end]]
        while found := self._runs.match(block, end):
            begin, stop = found.span(2)
            if stop == end:
                # The next line has no end yet, or the one that it belongs to.
                break
            held_back = block.count(b"\n", end, begin)
            self.held_back += held_back
            self._next += held_back
            self._number(block.count(b"\n", begin, stop))
            pieces.append(block[begin:stop])
            end = stop
        self._number(block.count(b"\n", end))
        pieces.append(block[end:])
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
    """Return an expression of two groups: a run of idle lines, and then one of others."""
    idle = _NOT_WIDE + beginnings + rb"[ -~]*\r?\n"
    return re.compile(rb"((?:%s)*+)((?:(?!%s)%s)*+)" % (idle, idle, _LINE))
