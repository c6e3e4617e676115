"""The lines that no reader knew, counted by shape: many lines of one kind are one gap."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from headend.diagnosis.bounded import Bounded
from headend.model.diagnosis import Evidence, UnknownShape

if TYPE_CHECKING:
    from headend.model.line import Line

_KEPT = 1000
_TEXT = 2000
# Shapes seen once wait here for a second line, those seen again stay: noise pushes out noise.
_ONCE = _OFTEN = 256
# What is looked at of a line: behind that stand values.
_LONGEST = 240

# What differs from line to line, by what it is called in a shape.
_VALUES = re.compile(
    r"(?P<text>\"[^\"]{0,200}\"|(?<!\w)'[^']{0,200}'|<[^<>]{0,200}>)"
    r"|(?P<ip>(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4})(?![\w:]))"
    r"|(?P<date>\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2}(?: \d{4})?\b"
    r"|\b\d{4}-\d\d-\d\dT?)"
    r"|(?P<time>\b\d{1,2}:\d\d:\d\d(?:\.\d{1,9})?)"
    r"|(?P<name>(?<=\buser )(?!(?:is|was|has|not|in|from|authentication)\b)[^\s,:;=<]{1,64}"
    r"|[\w.+-]{1,64}@[\w.-]{1,64}|(?<==)[A-Za-z][^\s,;<>=]{0,64}|(?<== )[A-Za-z][^\s,;<>=]{0,64})"
    r"|(?P<hex>\b0[xX][0-9a-fA-F]{1,64}\b|\b(?=[a-fA-F]{0,63}\d)[0-9a-fA-F]{8,64}\b)"
    r"|(?P<n>\d{1,64})",
    re.IGNORECASE,
)


class Ledger:
    """Counts unknown lines by shape in bounded memory, and keeps the first of them as they are."""

    def __init__(self) -> None:
        self.first: list[Evidence] = []
        self._once: Bounded[str, Evidence] = Bounded(_ONCE)
        self._often: Counter[str] = Counter()
        self._examples: dict[str, Evidence] = {}
        self._lines = 0

    def add(self, line: Line) -> None:
        """Enter one line that nobody knew."""
        self._lines += 1
        entry = Evidence(line.source, line.number, line.text[:_TEXT])
        if len(self.first) < _KEPT:
            self.first.append(entry)
        kind = shape(line.text)
        if kind in self._often:
            self._often[kind] += 1
        elif kind in self._once and len(self._often) < _OFTEN:
            self._often[kind] = 2
            self._examples[kind] = self._once.pop(kind)
        elif kind not in self._once:
            self._once.put(kind, entry)

    @property
    def shapes(self) -> tuple[UnknownShape, ...]:
        """The shapes that are known, the most frequent first."""
        often = (
            UnknownShape(kind, count, self._examples[kind])
            for kind, count in self._often.most_common()
        )
        return (*often, *(UnknownShape(kind, 1, line) for kind, line in self._once.items()))

    @property
    def rest(self) -> int:
        """How many lines are of none of these shapes."""
        return self._lines - self._often.total() - len(self._once)


def shape(text: str) -> str:
    """Return ``text`` without what differs: ``foo_bar: session <n> from <ip>``."""
    return _VALUES.sub(lambda match: f"<{match.lastgroup}>", text[:_LONGEST].strip())
