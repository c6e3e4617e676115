"""Moments and whom each concerns, in bounded memory: too many are told coarser, and said so."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import groupby

# What a moment is rounded down to, in seconds, as there are more of them.
_HOUR = 3600
_WIDTHS = (1, 60, 600, _HOUR, 24 * _HOUR, 365 * 24 * _HOUR)
_MOST_SHARE = 1 << 16
_WHO = 32
WHO_LIMIT = 1 << _WHO
_MASK = WHO_LIMIT - 1


class Marks:
    """Marks of one kind, each a second since 1970 and a number that stands for a person.

    ``count`` is how many were ever set. ``width`` is how coarse their time became; marks of one
    person in one such width are one then. Where a person in ``share`` is kept, the others are not.
    """

    __slots__ = ("_packed", "count", "share", "width")

    def __init__(self) -> None:
        self.count = 0
        self.width = _WIDTHS[0]
        self.share = 1
        self._packed = array("Q")

    def __len__(self) -> int:
        return len(self._packed)

    @property
    def exact(self) -> bool:
        """Whether each mark is still there as it was set."""
        return self.width == _WIDTHS[0] and self.share == 1

    def add(self, second: int, who: int = 0) -> None:
        """Set one mark."""
        self.count += 1
        if who % self.share == 0:
            self._packed.append((second - second % self.width) << _WHO | who)

    def thin(self) -> None:
        """Give up half of the room: first the seconds, then half of the people, then the hours.

        At the coarsest that there is, less may be given up.
        """
        aim = len(self._packed) // 2
        while len(self._packed) > aim and self._coarser():
            kept = sorted(
                (second - second % self.width) << _WHO | who
                for second, who in map(_apart, self._packed)
                if who % self.share == 0
            )
            self._packed = array("Q", (mark for mark, _ in groupby(kept)))

    def _coarser(self) -> bool:
        wider = next((width for width in _WIDTHS if width > self.width), None)
        hours = self.width >= _HOUR
        if hours and self.share < _MOST_SHARE and any(mark & _MASK for mark in self._packed):
            self.share *= 2
        elif wider is not None:
            self.width = wider
        else:
            return False
        return True

    def between(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Yield the marks from ``first`` to ``last``, in the order in which they were set."""
        for mark in self._packed:
            second = mark >> _WHO
            if first <= second <= last:
                yield second, mark & _MASK

    def in_order(self) -> list[tuple[int, int]]:
        """Return all marks, the oldest first."""
        return [_apart(mark) for mark in sorted(self._packed)]

    def people(self) -> set[int]:
        """Return whom the marks concern."""
        return {mark & _MASK for mark in self._packed}


def _apart(mark: int) -> tuple[int, int]:
    return mark >> _WHO, mark & _MASK


class People:
    """Numbers for names: the first names are kept, of more only a number that stands for each."""

    # No headend takes a longer name, and whoever knocks may send any.
    _LONGEST = 128

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._numbers: dict[str, int] = {}
        self._names: list[str] = [""]
        self._more = False

    def number(self, name: str, spelt: str) -> int:
        """Return the number of ``name``, from 1 on; it is shown as it was first ``spelt``.

        Where the table is full, the number is made of the name.
        """
        name = name[: self._LONGEST]
        known = self._numbers.get(name)
        if known is not None:
            return known
        if len(self._names) > self._limit:
            self._more = True
            return WHO_LIMIT >> 1 | hash(name) & (_MASK >> 1)
        self._names.append(spelt[: self._LONGEST])
        self._numbers[name] = len(self._names) - 1
        return len(self._names) - 1

    @property
    def full(self) -> bool:
        """Whether there were more names than are kept."""
        return self._more

    def known(self, name: str) -> int | None:
        """Return the number of a name that was kept."""
        return self._numbers.get(name[: self._LONGEST])

    def names(self, numbers: set[int]) -> list[str]:
        """Return those of the names that were kept."""
        return sorted(self._names[one] for one in numbers if 0 < one < len(self._names))
