"""Which lines of a chunk could hold a secret at all; the rest passes as it is, in one piece.

What is masked is decided by the rules, the blocks and the known values alone. Here stand only
conditions without which none of them can do anything, and which a whole chunk is asked at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain

from headend.redact import blocks, rules
from headend.redact.values import KnownValues


class Prefilter:
    """Finds suspect lines; ``width`` is the terminal's, and a line of ``limit`` bytes is cut."""

    def __init__(self, values: KnownValues, width: int, limit: int) -> None:
        self._values = values
        self._width = width
        self._limit = limit

    def suspects(self, data: bytes, end: int) -> list[int]:
        """Return where the lines begin that must be looked at, of those that end before ``end``."""
        if not end:
            return []
        text = data[:end]
        lines = text[:-1].split(b"\n")
        lengths = list(map(len, lines))
        places = list(accumulate((length + 1 for length in lengths), initial=0))
        hits = chain(_hits(text.lower(), _WORDS), _hits(text, self._values.spellings))
        found = {places[bisect_right(places, at) - 1] for at in hits}
        found.update(
            place
            for place, length in zip(places, lengths, strict=False)
            if length == self._width or length == self._width + 1 or length >= self._limit
        )
        if not data.isascii():
            found.update(
                place
                for place, line in zip(places, lines, strict=False)
                if len(line) > self._width and not line.isascii()
            )
        if self._values.longest:
            found.update(
                place
                for place, line in zip(places, lines, strict=False)
                if self._known(line.rstrip(b"\r"))
            )
        return sorted(found)

    def _known(self, line: bytes) -> bool:
        """Tell whether a line may begin a known value at its end, or is part of a hex dump."""
        return self._values.begun(line) or blocks.decoded(line) is not None


def _hits(text: bytes, words: Iterable[bytes]) -> Iterator[int]:
    for word in words:
        at = text.find(word)
        while at >= 0:
            yield at
            at = text.find(word, at + 1)


def _fewest(words: Iterable[bytes]) -> tuple[bytes, ...]:
    """Leave out each word that holds another one: where it stands, that one stands too."""
    every = set(words)
    return tuple(sorted(word for word in every if not any(one in word for one in every - {word})))


# A line with two carriage returns may end earlier than it seems.
_WORDS = _fewest({*rules.WORDS, *blocks.WORDS, b"\r\r"})
