"""A standby unit takes over the capture of its mate when the pair fails over in the midst of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping

from headend.device import together
from headend.device.listen import Ending, Stop
from headend.device.progress import Checked, Disarmed, Step


class Mates:
    """Where standby units wait for the end of their mates' captures; it suits any thread."""

    def __init__(self, names: Iterable[str], stop: Stop) -> None:
        self._stop = stop
        self._changed = threading.Condition()
        self._unknown = set(names)  # whose mate nobody can tell yet
        self._replies: dict[str, Mapping[str, str]] = {}
        self._ended: dict[str, tuple[Ending | None, float]] = {}

    def took_step(self, headend: str, step: Step) -> None:
        """Learn who is whose mate, and whose capture has ended with its proof."""
        with self._changed:
            if isinstance(step, Checked):
                self._replies[headend] = step.replies
                self._unknown.discard(headend)
            elif isinstance(step, Disarmed):
                self._ended[headend] = (step.ending, time.time())
            self._changed.notify_all()

    def is_out(self, headend: str) -> None:
        """Learn that nothing more comes from this headend."""
        with self._changed:
            self._unknown.discard(headend)
            self._ended.setdefault(headend, (None, time.time()))
            self._changed.notify_all()

    def takes_over(self, headend: str) -> float | None:
        """Wait until the capture of the unit's mate has ended.

        Returns the Unix time of its end where that was a failover: this unit is the active one
        now. ``None`` where it ended otherwise, where there is no mate, and when all are to stop.
        """
        with self._stop.waking(self._wake), self._changed:
            self._changed.wait_for(lambda: self._stop.requested or not self._unknown)
            mate = None if self._stop.requested else together.mates(self._replies).get(headend)
            if mate is None:
                return None
            self._changed.wait_for(lambda: self._stop.requested or mate in self._ended)
            if self._stop.requested:
                return None
            ending, at = self._ended[mate]
            return at if ending is Ending.FAILOVER else None

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
