"""A standby unit takes over the capture of its mate when the pair fails over in the midst of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

from headend.device import together
from headend.device.listen import Ending, Stop
from headend.device.progress import Checked, Disarmed, Listening, Lost, Step
from headend.device.pulse import EVERY


class Mates:
    """Where standby units wait for the end of their mates' captures; it suits any thread."""

    def __init__(self, names: Iterable[str], stop: Stop) -> None:
        self._stop = stop
        self._changed = threading.Condition()
        self._unknown = set(names)  # whose mate nobody can tell yet
        self._units: dict[str, together.Unit] = {}
        self._waited: set[str] = set()
        # Unix times: since when a unit listens, since when it is deaf for sure, and since when its
        # mate has to listen, None where it need not.
        self._listening: dict[str, float] = {}
        self._lost: dict[str, float] = {}
        self._ended: dict[str, float | None] = {}

    def took_step(self, headend: str, step: Step) -> None:
        """Learn who is whose mate, and whose capture has ended."""
        now = time.time()
        unit = together.unit(step.replies) if isinstance(step, Checked) else None
        with self._changed:
            if unit is not None:
                self._units[headend] = unit
                self._unknown.discard(headend)
            elif isinstance(step, Listening):
                self._listening[headend] = now
                self._lost.pop(headend, None)
            elif isinstance(step, Lost):
                self._lost[headend] = step.at
            elif isinstance(step, Disarmed):
                failed = step.ending in {Ending.FAILOVER, Ending.LOST}
                self._ended[headend] = self._deaf_since(headend, now) if failed else None
            self._changed.notify_all()

    def is_out(self, headend: str) -> None:
        """Learn that nothing more comes from this headend; one that listened may be dead."""
        with self._changed:
            self._unknown.discard(headend)
            armed = headend in self._listening
            since = self._deaf_since(headend, time.time()) if armed else None
            self._ended.setdefault(headend, since)
            self._changed.notify_all()

    def takes_over(self, headend: str) -> float | None:
        """Wait until the capture of the unit's mate has ended.

        Returns the Unix time since when nobody listens for sure where this unit may be the active
        one now. ``None`` where it need not listen, has no mate, or all are to stop. Two units that
        wait for each other have changed roles while they were looked at: each looks again.
        """
        with self._stop.waking(self._wake), self._changed:
            self._waited.add(headend)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._stop.requested or self._is_decided(headend))
            mate = self._mate(headend)
            if self._stop.requested or mate is None:
                return None
            return self._ended[mate] if mate in self._ended else time.time()

    def _deaf_since(self, headend: str, now: float) -> float:
        # A headend is asked for its role now and then: until then a failover goes unnoticed.
        active = max(now - EVERY, self._listening.get(headend, now))
        return self._lost.get(headend, active)

    def _is_decided(self, headend: str) -> bool:
        mate = self._mate(headend)
        if mate is None:
            return not self._unknown
        return mate in self._ended or mate in self._waited

    def _mate(self, headend: str) -> str | None:
        unit = self._units.get(headend)
        others = (name for name, other in self._units.items() if name != headend)
        return next((name for name in others if unit and unit.mates(self._units[name])), None)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
