"""How often accounts were tried with a wrong password, and which are locked out by that."""

from __future__ import annotations

from collections import Counter
from typing import Final

LOCKED_AFTER: Final = 5


class Accounts:
    """The bad-password counts of one lab's accounts, shared by all of its servers."""

    def __init__(self) -> None:
        self._wrong: Counter[str] = Counter()

    def tried(self, name: str, *, right: bool) -> None:
        """Count one try; a right password takes the count back, where it still may."""
        if not right:
            self._wrong[name] += 1
        elif not self.locked(name):
            del self._wrong[name]

    def wrong(self, name: str) -> int:
        """Return how many wrong passwords stand against this account."""
        return self._wrong[name]

    def locked(self, name: str) -> bool:
        """Say whether the account takes no password any more."""
        return self._wrong[name] >= LOCKED_AFTER
