"""Which two attempts of a run an engineer wants to see side by side."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from headend.diagnosis.compare import compare
from headend.errors import InputError
from headend.model.comparison import Comparison
from headend.model.diagnosis import Diagnosis
from headend.model.user import same_user
from headend.workflow.offline import STDIN

_PAIR = 2
_LISTED = 8
# A user or attempt id, and the file in which it is looked for; ``None`` is any.
_Side = tuple[str | None, str | None]
_EXAMPLE = "headend diagnose capture.txt --compare jdoe asmith"


def files_and_names(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Tell the files among the words of ``--compare`` from the users or attempt ids.

    What exists as a file is a file. Raises ``InputError`` where no file is among them, or more
    names than two.
    """
    files = [word for word in words if word == STDIN or Path(word).exists()]
    names = [word for word in words if word not in files]
    if not files:
        raise InputError(f"{words[0]} cannot be read: there is no such file", remedy=_EXAMPLE)
    if len(names) > _PAIR:
        raise InputError(
            f"--compare takes two attempts, and these are no files: {', '.join(names)}",
            remedy=_EXAMPLE,
        )
    return files, names


@dataclass(slots=True)
class _Wanted:
    """What matched one name or file: the newest two, and how many there were."""

    newest: deque[Diagnosis] = field(default_factory=lambda: deque(maxlen=_PAIR))
    exact: Diagnosis | None = None
    count: int = 0
    earlier: deque[str] = field(default_factory=lambda: deque(maxlen=_LISTED))

    def take(self, attempt: Diagnosis) -> None:
        if self.newest:
            self.earlier.append(self.newest[-1].id)
        self.newest.append(attempt)
        self.count += 1


class Pairing:
    """Picks two attempts while they come: ``add`` takes each, ``compared`` ends it.

    Two names are users or attempt ids. One name is looked for in each of two files. Without a
    name, two files give one attempt each, and one file must hold just two.
    """

    def __init__(self, files: Sequence[str], names: Sequence[str]) -> None:
        sources = ["stdin" if file == STDIN else file for file in files]
        self.notes: list[str] = []
        self._sides: list[_Side]
        if len(names) == _PAIR:
            self._sides = [(name, None) for name in names]
        elif len(sources) == _PAIR and sources[0] != sources[1]:
            self._sides = [(names[0] if names else None, source) for source in sources]
        elif names or len(sources) != 1:
            raise InputError(
                "--compare needs two attempts: two users or ids, or two files", remedy=_EXAMPLE
            )
        else:
            self._sides = [(None, sources[0])] * _PAIR
        self._wanted = {side: _Wanted() for side in self._sides}
        self._seen: list[str] = []
        self._count = 0

    def add(self, attempt: Diagnosis) -> None:
        """Look at one attempt."""
        self._count += 1
        if len(self._seen) < _LISTED:
            self._seen.append(f"{attempt.id} {attempt.user or '?'} {attempt.outcome.value}")
        for (name, source), wanted in self._wanted.items():
            if source is not None and (attempt.span is None or attempt.span.source != source):
                continue
            if name is not None and attempt.id == name:
                wanted.exact = attempt
            elif name is None or (same_user(name, attempt.user) and not attempt.admin_login):
                wanted.take(attempt)

    def compared(self) -> Comparison:
        """Return the two that were asked for, compared; ``notes`` says how they were chosen.

        Raises ``InputError`` where one of them was not seen.
        """
        one, other = self._sides
        if one == other:
            return compare(*self._both(one))
        first, second = self._newest(one), self._newest(other)
        if first.id == second.id:
            raise self._not_two(f"Both name the same attempt, {first.id}")
        return compare(first, second)

    def _both(self, side: _Side) -> tuple[Diagnosis, Diagnosis]:
        """Return two attempts of one user, or the only two of one file."""
        wanted = self._wanted[side]
        name, source = side
        if wanted.count < _PAIR or (name is None and wanted.count > _PAIR):
            whose = f"of {name}" if name is not None else f"in {source}"
            raise self._not_two(f"Two attempts are compared, and there are {wanted.count} {whose}")
        if wanted.count > _PAIR:
            self._note(name or "", wanted)
        first, second = wanted.newest
        return first, second

    def _newest(self, side: _Side) -> Diagnosis:
        wanted = self._wanted[side]
        name, source = side
        if wanted.exact is not None:
            return wanted.exact
        where = f" in {source}" if source is not None else ""
        if not wanted.newest:
            whose = f" of {name}" if name is not None else ""
            raise self._not_two(f"There is no attempt{whose}{where}")
        if wanted.count > 1:
            self._note(name or source or "", wanted)
        return wanted.newest[-1]

    def _note(self, whose: str, wanted: _Wanted) -> None:
        earlier = ", ".join(wanted.earlier)
        self.notes.append(
            f"{whose}: the last of {wanted.count} attempts was taken; the others by their ids: "
            f"{earlier}{' ...' if wanted.count - 1 > len(wanted.earlier) else ''}"
        )

    def _not_two(self, message: str) -> InputError:
        seen = "; ".join(self._seen)
        more = f"; and {self._count - len(self._seen)} more" if self._count > _LISTED else ""
        remedy = f"Name two by user or id: {seen}{more}" if seen else "No login attempt was seen"
        return InputError(message, remedy=remedy)
