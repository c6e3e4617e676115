"""Which lines of a chunk could hold a secret at all; the rest passes as it is, in one piece.

What is masked is decided by the rules, the blocks and the known values alone. Here stand only
conditions without which none of them can do anything, and which a whole chunk is asked at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from ahocorasick_rs import BytesAhoCorasick, Implementation

from headend.redact import blocks, rules
from headend.redact.values import KnownValues

# How many bytes of a text each character of a known value takes at the worst: a line of its own.
_SPREAD = 3


class Prefilter:
    """Finds suspect lines; ``width`` is the terminal's, and a line of ``limit`` bytes is cut."""

    def __init__(self, values: KnownValues, width: int, limit: int) -> None:
        self._values = values
        self._width = width
        self._limit = limit

    def suspects(self, data: bytes, end: int) -> tuple[list[int], int]:
        """Return where the lines begin that must be looked at, of those that end before ``end``.

        And before which place no line shows a known value, or begins one.
        """
        if not end:
            return [], 0
        text = data[:end]
        lines = text[:-1].split(b"\n")
        clear = self._clear(text)
        hits = [start for _, start, _ in _WORDS.find_matches_as_indexes(text.lower())]
        if not clear:
            hits += self._values.places(text)
        found = {text.rfind(b"\n", 0, at) + 1 for at in hits}
        lengths = list(map(len, lines))
        odd = self._odd(lines, lengths, ascii_only=text.isascii())
        if self._values.longest:
            first = text.count(b"\n", 0, clear)
            odd.update(
                place
                for place in range(first, len(lines))
                if self._known(lines[place].rstrip(b"\r"))
            )
        if odd:
            before = list(accumulate(lengths, initial=0))
            found.update(before[place] + place for place in odd)  # with the line ends
        return sorted(found), clear

    def _odd(self, lines: list[bytes], lengths: list[int], *, ascii_only: bool) -> set[int]:
        """Return the places in ``lines`` of those that no word tells."""
        odd = {*_places(lengths, self._width), *_places(lengths, self._width + 1)}
        if max(lengths) >= self._limit:
            odd.update(place for place, length in enumerate(lengths) if length >= self._limit)
        if not ascii_only:
            odd.update(
                place
                for place, line in enumerate(lines)
                if len(line) > self._width and not line.isascii()
            )
        return odd

    def _clear(self, text: bytes) -> int:
        """Return before which place no line shows a known value, or begins one.

        The chunk is asked as a whole, as one line and as one dump: where it shows none, only its
        last lines may begin one that goes on in the next chunk.
        """
        values = self._values
        if not values.longest or b"\r\r" in text:
            return 0
        joined = text.translate(None, b"\r\n")
        if values.places(joined):
            return 0
        if next(values.find_plain(blocks.all_decoded(text)), None):
            return 0
        begun = max(0, len(text) - _SPREAD * values.longest)
        return text.rfind(b"\n", 0, min(begun, _last_dump(text))) + 1

    def _known(self, line: bytes) -> bool:
        """Tell whether a line may begin a known value at its end, or is part of a hex dump."""
        return self._values.begun(line) or blocks.decoded(line) is not None


def _last_dump(text: bytes) -> int:
    """Return where the dump begins with which ``text`` ends; its end where it ends otherwise."""
    begin = len(text)
    while begin:
        line = text.rfind(b"\n", 0, begin - 1) + 1
        if blocks.decoded(text[line:begin].rstrip(b"\r\n")) is None:
            break
        begin = line
    return begin


def _places(lengths: list[int], length: int) -> Iterator[int]:
    place = -1
    for _ in range(lengths.count(length)):
        place = lengths.index(length, place + 1)
        yield place


# A line with two carriage returns may end earlier than it seems.
_WORDS = BytesAhoCorasick(
    sorted({*rules.WORDS, *blocks.WORDS, b"\r\r"}), implementation=Implementation.DFA
)
