"""What wakes the one thread that watches many captures: it sleeps until somebody rings."""

from __future__ import annotations

import queue


class Bell:
    """Rung by name, from any thread and from a signal handler; ringing again costs nothing."""

    def __init__(self) -> None:
        # Its put is reentrant, which no lock of Python's own is.
        self._queue: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._rung: set[str] = set()

    def ring(self, who: str = "") -> None:
        """Say that ``who`` has something new."""
        if who not in self._rung:
            self._rung.add(who)
            self._queue.put(who)

    def answer(self, patience: float | None) -> set[str]:
        """Return who rang since the last answer; wait ``patience`` seconds (``None``: for ever)."""
        found: set[str] = set()
        try:
            if patience is None or patience > 0:
                found.add(self._take(self._queue.get(timeout=patience)))
            while True:
                found.add(self._take(self._queue.get_nowait()))
        except queue.Empty:
            return found

    def _take(self, who: str) -> str:
        # Before the answer is acted on: what comes now rings anew.
        self._rung.discard(who)
        return who
