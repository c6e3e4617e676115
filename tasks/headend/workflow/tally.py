"""Diagnoses counted as they come, however many; of those asked about, the newest are kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from headend.errors import INCONCLUSIVE, NO_ATTEMPT
from headend.model.diagnosis import Cause, Diagnosis, Outcome
from headend.workflow.selection import inconclusive

KEPT = 50
# Users are counted one by one up to here: an archive may name a hundred thousand.
_USERS = 10_000


@dataclass(slots=True)
class Count:
    """How often one cause was found, for how many users, and where last."""

    attempts: int = 0
    users: set[str] = field(default_factory=set)
    newest: Diagnosis | None = None

    def add(self, diagnosis: Diagnosis) -> None:
        """Count one more."""
        self.attempts += 1
        self.newest = diagnosis
        if diagnosis.user and len(self.users) < _USERS:
            self.users.add(diagnosis.user.casefold())


class Tally:
    """What a run came to: ``add`` takes each diagnosis when it is final."""

    def __init__(self, takes: Callable[[Diagnosis], bool], kept: int = KEPT) -> None:
        self.chosen = 0
        self.others = 0
        self._takes = takes
        self._newest: deque[Diagnosis] = deque(maxlen=kept)
        self._counts: dict[tuple[Outcome, Cause], Count] = {}
        self._unclear = False

    def add(self, diagnosis: Diagnosis) -> bool:
        """Count one diagnosis; return whether it was asked about."""
        if not self._takes(diagnosis):
            self.others += 1
            return False
        self.chosen += 1
        self._newest.append(diagnosis)
        self._unclear = self._unclear or inconclusive(diagnosis)
        key = (diagnosis.outcome, diagnosis.causes[0].cause)
        self._counts.setdefault(key, Count()).add(diagnosis)
        return True

    @property
    def newest(self) -> tuple[Diagnosis, ...]:
        """The newest attempts that were asked about, in order."""
        return tuple(self._newest)

    @property
    def whole(self) -> bool:
        """Whether ``newest`` holds all that were asked about."""
        return self.chosen == len(self._newest)

    @property
    def status(self) -> int:
        """The exit status that the attempts asked about call for: 0, 10 or 11."""
        if not self.chosen:
            return NO_ATTEMPT
        return INCONCLUSIVE if self._unclear else 0

    def counts(self) -> Iterator[tuple[Outcome, Cause, Count]]:
        """Yield what was found, the most frequent first."""
        ranked = sorted(self._counts.items(), key=lambda item: -item[1].attempts)
        for (outcome, cause), count in ranked:
            yield outcome, cause, count
