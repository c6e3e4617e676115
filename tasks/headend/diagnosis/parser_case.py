"""Unknown lines as a parser case: the text around them, and what the readers make of it today."""

from __future__ import annotations

import json
from collections import Counter, deque
from typing import TYPE_CHECKING

from headend.diagnosis.ledger import shape
from headend.model.line import Line
from headend.parse.read import Reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from headend.model.diagnosis import Report

# Of one shape, and of the lines before and behind each: enough to see what differs, and where.
_OF_A_SHAPE = 3
_AROUND = 2
_ROUNDS = 4


def unknown_of(report: Report, source: str) -> set[int]:
    """Return the numbers of unknown lines of ``source``, a few of each shape."""
    kept: Counter[str] = Counter()
    numbers = {
        each.example.line for each in report.unrecognised_shapes if each.example.source == source
    }
    for line in report.unrecognised:
        kind = shape(line.text)
        if line.source == source and kept[kind] < _OF_A_SHAPE:
            kept[kind] += 1
            numbers.add(line.line)
    return numbers


def excerpt(lines: Iterable[Line], unknown: Collection[int]) -> list[str]:
    """Return ``unknown`` lines with those around them; an empty line stands for what is left out.

    What the readers know in its whole context only, and not here, is no gap: it is left out too.
    """
    kept = list(_around(lines, unknown))
    for _ in range(_ROUNDS):
        missed = set(_read([line.text for line in kept])[1])
        strays = {n for n, line in enumerate(kept, 1) if n in missed and line.number not in unknown}
        if not strays:
            break
        kept = [line for n, line in enumerate(kept, 1) if n not in strays]
    texts: list[str] = []
    last = 0
    for line in kept:
        if last and line.number != last + 1:
            texts.append("")
        texts.append(line.text)
        last = line.number
    return texts


def expectation(texts: list[str]) -> str:
    """Return what the readers make of the lines of a case, as its JSON: one event a line."""
    events, missed = _read(texts)
    listed = ",\n".join(f"    {json.dumps(event)}" for event in events)
    opening = f"[\n{listed}\n  ]" if listed else "[]"
    return f'{{\n  "events": {opening},\n  "unrecognised": {json.dumps(missed)}\n}}\n'


def _around(lines: Iterable[Line], unknown: Collection[int]) -> Iterator[Line]:
    before: deque[Line] = deque(maxlen=_AROUND)
    behind = 0
    for line in lines:
        if line.number in unknown:
            yield from before
            before.clear()
            behind = _AROUND
            yield line
        elif behind:
            behind -= 1
            yield line
        else:
            before.append(line)


def _read(texts: list[str]) -> tuple[list[object], list[int]]:
    reader = Reader()
    events: list[object] = []
    missed: list[int] = []
    for number, text in enumerate([*texts, ""], 1):
        unknown, found = reader.feed(Line("case", number, text))
        missed += [line.number for line in unknown]
        events += [[e.line.number, e.facility, e.kind, dict(e.fields)] for e in found]
    return events, missed
