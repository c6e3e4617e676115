"""Listen to an armed session until something asks for the end; nothing here looks twice in vain."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from headend.device.pulse import Beat, Pulse
from headend.device.session import AsaSession
from headend.device.situation import Limits
from headend.device.tape import Tape


class Ending(StrEnum):
    """Why a capture ended, on one headend or on all."""

    VERDICT = "verdict"
    IDLE = "idle"
    DEADLINE = "deadline"
    LINES = "lines"
    CPU = "cpu"
    KEY = "key"
    INTERRUPTED = "interrupted"
    FAILOVER = "failover"
    LOST = "lost"
    REFUSED = "refused"
    FAILED = "failed"


class Stop:
    """A request to end, shared by all headends of a run; the first reason stays.

    Who waits is woken by it. Whoever wants to arm is admitted before, and nobody is after it: so
    that those who were not can be left behind, however long they still take.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._wakers: list[Callable[[], None]] = []
        self._admitted: set[str] = set()
        self.reason: Ending | None = None

    def request(self, reason: Ending) -> None:
        """Ask every capture that listens to this to end."""
        with self._lock:
            self.reason = self.reason or reason
            wakers = tuple(self._wakers)
        for wake in wakers:
            wake()

    @property
    def requested(self) -> bool:
        """Whether the end was asked for."""
        return self.reason is not None

    def admit(self, headend: str) -> bool:
        """Let one headend be armed, unless the end was asked for."""
        with self._lock:
            if self.reason is None:
                self._admitted.add(headend)
            return self.reason is None

    def admitted(self, headend: str) -> bool:
        """Whether debug may be on there: its capture must be waited for."""
        with self._lock:
            return headend in self._admitted

    @contextmanager
    def waking(self, wake: Callable[[], None]) -> Iterator[None]:
        """Have ``wake`` called at the request, for the length of the block."""
        with self._lock:
            self._wakers.append(wake)
        try:
            yield
        finally:
            with self._lock:
                self._wakers.remove(wake)

    def pause(self, seconds: float) -> bool:
        """Wait for so long, or for the request; return whether it came."""
        asked = threading.Event()
        with self.waking(asked.set):
            return self.requested or asked.wait(seconds)


def listen(session: AsaSession, stop: Stop, limits: Limits, deadline: float, tape: Tape) -> Ending:
    """Read until something ends the capture; the lines go to ``tape``, the session's.

    ``deadline`` is monotonic time. Raises ``SessionLost`` when the headend closes the session or
    no longer answers.
    """
    pulse = Pulse(session, limits.max_cpu)
    with stop.waking(session.wake):
        while not stop.requested:
            now = time.monotonic()
            if now >= deadline:
                return Ending.DEADLINE
            if limits.max_lines and tape.lines >= limits.max_lines:
                return Ending.LINES
            # Data ends the wait, and the request; else it lasts until something is due.
            due = min(deadline, pulse.due)
            beat = pulse.feel(session.receive(max(due - now, 0)))
            if beat is Beat.LOADED:
                return Ending.CPU
            if beat is Beat.STANDBY:
                return Ending.FAILOVER
    return stop.reason or Ending.INTERRUPTED
