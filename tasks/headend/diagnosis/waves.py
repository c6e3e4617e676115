"""Failures at one server with no answer of it between them: when it was silent, and for whom."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from headend.diagnosis.marks import Marks
from headend.model.diagnosis import Cause

# So long without a failure, it is another story, also where nobody was answered meanwhile.
_SILENCE = 3 * 86_400
# Headends whose failures are so near to each other tell of one event.
_NEAR = 600


@dataclass(frozen=True, slots=True)
class Wave:
    """Failures of one cause at one server, seen from some headends, and no answer between them.

    ``first`` and ``last`` are seconds since 1970. ``people`` are numbers; ``hidden`` failures
    name nobody. ``over`` is set where the server answered one of these headends afterwards.
    """

    cause: Cause
    server: str
    headends: tuple[str, ...]
    first: int
    last: int
    failures: int
    hidden: int
    people: frozenset[int]
    over: bool

    @property
    def several(self) -> bool:
        """Whether more than one person was met, as far as names tell."""
        return len(self.people) + bool(self.hidden) > 1


def waves(
    cause: Cause, server: str, failures: Mapping[str, Marks], answers: Mapping[str, list[int]]
) -> list[Wave]:
    """Return the waves that met several people, the oldest first; both are told by headend.

    Several waves of several people at nearly one time are one, and so are single failures that
    each of some headends tells of at nearly one time.
    """
    found = sorted(
        (
            wave
            for headend, marks in failures.items()
            for wave in _seen_from(headend, cause, server, marks, answers.get(headend, []))
        ),
        key=lambda each: each.first,
    )
    strong = list(_joined(each for each in found if each.several))
    left = []
    at = 0
    for wave in found:
        if wave.several:
            continue
        while at < len(strong) and strong[at].last + _NEAR < wave.first:
            at += 1
        if at < len(strong) and _near(strong[at], wave):
            strong[at] = _both(strong[at], wave)
        else:
            left.append(wave)
    weak = (each for each in _joined(left, apart=True) if each.several)
    return sorted([*strong, *weak], key=lambda each: each.first)


def _seen_from(
    headend: str, cause: Cause, server: str, marks: Marks, answered: list[int]
) -> Iterator[Wave]:
    for passed, run in groupby(_told(marks, answered), lambda each: each[0]):
        told = [(second, who) for _, second, who in run]
        people = frozenset(who for _, who in told if who)
        hidden = sum(not who for _, who in told)
        yield Wave(
            cause, server, (headend,), told[0][0], told[-1][0],
            len(told), hidden, people, passed[0] < len(answered),
        )  # fmt: skip


def _told(marks: Marks, answered: list[int]) -> Iterator[tuple[tuple[int, int], int, int]]:
    """Yield each failure with how many answers, and how many silences, came before it."""
    silences, before = 0, None
    for second, who in marks.in_order():
        if before is not None and second - before > _SILENCE:
            silences += 1
        before = second
        yield (bisect_right(answered, second), silences), second, who


def _joined(found: Iterable[Wave], *, apart: bool = False) -> Iterator[Wave]:
    """Join waves that are near to each other; ``apart``: unless one headend tells of both."""
    current: Wave | None = None
    for wave in found:
        if current is None:
            current = wave
        elif _near(current, wave) and not (apart and set(current.headends) & set(wave.headends)):
            current = _both(current, wave)
        else:
            yield current
            current = wave
    if current is not None:
        yield current


def _near(one: Wave, other: Wave) -> bool:
    return one.first - _NEAR <= other.last and other.first <= one.last + _NEAR


def _both(one: Wave, other: Wave) -> Wave:
    return Wave(
        one.cause, one.server, tuple(sorted({*one.headends, *other.headends})),
        min(one.first, other.first), max(one.last, other.last), one.failures + other.failures,
        one.hidden + other.hidden, one.people | other.people, one.over and other.over,
    )  # fmt: skip
