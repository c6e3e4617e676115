"""How long to wait for an attempt that has begun and is not decided."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from headend.device.listen import Ending
from headend.model.diagnosis import Outcome
from headend.workflow.news import AttemptChanged

# A user who was asked for a passcode and has gone quiet this long (seconds) has given up.
CHALLENGE = 20.0
# A headend asks three servers for ten seconds each before it says that none answers.
IDLE = 60.0


@dataclass(frozen=True, slots=True)
class _Open:
    """An attempt that may still go on: when (Unix time) it was last heard of, and how it stands."""

    heard: float
    outcome: Outcome


class Patience:
    """Keeps the attempts that were asked about, from their first line to their verdict.

    ``idle`` is how long (seconds) all of them may be silent, 0: for ever. ``deaf(headend)`` tells
    whether lines of that headend are still to be read: nobody is silent who was not listened to.
    """

    def __init__(self, idle: float, deaf: Callable[[str], bool]) -> None:
        self._idle = idle
        self._deaf = deaf
        self._open: dict[tuple[str, str], _Open] = {}

    def hear(self, news: AttemptChanged) -> None:
        """Take a change of an attempt that was asked about."""
        key = (news.headend, news.attempt.id)
        if news.attempt.settled:
            self._open.pop(key, None)
        else:
            self._open[key] = _Open(news.received or time.time(), news.attempt.outcome)

    @property
    def _limit(self) -> tuple[float, Ending] | None:
        """Return the Unix time at which the waiting ends, and how."""
        if not self._open:
            return None
        newest = max(self._open.values(), key=lambda one: one.heard)
        if newest.outcome is Outcome.CHALLENGED:
            return newest.heard + CHALLENGE, Ending.VERDICT
        return (newest.heard + self._idle, Ending.IDLE) if self._idle else None

    @property
    def left(self) -> float | None:
        """Seconds until ``ended`` may say so, ``None`` where nothing is waited for."""
        limit = self._limit
        return None if limit is None else max(0.0, limit[0] - time.time())

    def ended(self) -> Ending | None:
        """Return why to wait no longer, if that is so."""
        limit = self._limit
        if limit is None or time.time() < limit[0]:
            return None
        return None if any(self._deaf(headend) for headend, _ in self._open) else limit[1]
