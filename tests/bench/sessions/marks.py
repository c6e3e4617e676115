"""The lines that number a flood's parts and end it, and the search for lines that got lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

MARK = "bench: part "
END = "bench: the end"
_MASKED = "<secret-"


def printed(flood: Path, parts: int) -> Iterator[str]:
    """Yield the lines of a whole flood; the file ``flood`` holds the parts that come again."""
    pool: list[list[str]] = []
    for line in flood.read_text(encoding="utf-8").splitlines():
        if line.startswith(MARK):
            pool.append([])
        else:
            pool[-1].append(line)
    for number in range(parts):
        yield f"{MARK}{number}"
        yield from pool[number % len(pool)]
    yield END


def missing(capture: Path, flood: Path, parts: int) -> int:
    """Return how many lines of a flood are not found, in their order, in a capture.

    Other lines may stand between them (the prompts that answer a keep-alive), or before them on
    the same line; a masked line is found, for what was masked cannot be compared.
    """
    sent = sum(1 for _ in printed(flood, parts))
    wanted = printed(flood, parts)
    line = next(wanted, None)
    found = 0
    with capture.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        for text in lines:
            if line is None:
                break
            if text.rstrip("\r\n").endswith(line) or (found and _MASKED in text):
                found += 1
                line = next(wanted, None)
    return sent - found
