"""Lines that are looked at together, because a terminal may have cut one into several."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from headend.redact.span import PLACEHOLDER, Span, is_masked


class Piece(NamedTuple):
    """One line of several: its place and its text without the line end."""

    start: int
    text: bytes


def lines(raw: bytes | bytearray) -> list[bytes]:
    """Split after each newline, and nowhere else: a carriage return alone ends no line."""
    *complete, rest = bytes(raw).split(b"\n")
    return [line + b"\n" for line in complete] + ([rest] if rest else [])


def placed(span: Span, pieces: list[Piece]) -> list[Span]:
    """Return ``span`` of the joined lines as one span in each line that it touches."""
    parts = []
    at = 0
    for piece in pieces:
        start, end = max(span.start, at), min(span.end, at + len(piece.text))
        if start < end:
            parts.append(span._replace(start=start, end=end).moved(piece.start - at))
        at += len(piece.text)
    return parts


def crossed(parts: list[Span], pieces: list[Piece]) -> Iterator[bytes]:
    """Yield the text of each line that a span over several lines runs out of."""
    for part in parts[:-1]:
        for piece in pieces:
            if piece.start <= part.start < piece.start + max(len(piece.text), 1):
                yield piece.text


def ends_masked(raw: bytes | bytearray, part: Span) -> bool:
    """Tell whether a span ends with what is masked already."""
    text = bytes(raw[part.start : part.end])
    return is_masked(text) or PLACEHOLDER.search(text, max(0, len(text) - 20)) is not None
