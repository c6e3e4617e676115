"""A stretch of bytes that must not be seen, and the placeholder that stands for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

PLACEHOLDER = re.compile(rb"<secret-\d{1,9}>")

# What the headend has masked itself, or we have masked before: nothing left to hide.
_MASKED = re.compile(rb"[\"']?(?:\*{2,}|<secret-\d{1,9}>)[\"']?")


class Span(NamedTuple):
    """Bytes ``start`` to ``end`` show ``secret``.

    ``more`` matches what else of it may follow where the bytes end before the line does.
    """

    start: int
    end: int
    secret: bytes
    more: re.Pattern[bytes] | None = None

    def moved(self, offset: int) -> Span:
        """Return the same stretch, ``offset`` bytes further on."""
        return self._replace(start=self.start + offset, end=self.end + offset)


def is_masked(value: bytes) -> bool:
    """Tell whether ``value`` is asterisks or a placeholder already."""
    return _MASKED.fullmatch(value) is not None


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return ``spans`` in order, those that overlap as one under the name of the longest."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not result or span.start >= result[-1].end:
            result.append(span)
            continue
        last = result[-1]
        longest = max(last, span, key=lambda each: each.end - each.start)
        result[-1] = Span(
            last.start,
            max(last.end, span.end),
            longest.secret,
            span.more if span.end > last.end else last.more or span.more,
        )
    return result
