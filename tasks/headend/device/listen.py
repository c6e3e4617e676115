"""Listen to an armed session until something asks for the end."""

from __future__ import annotations

import threading
import time
from enum import StrEnum

from headend.device.session import AsaSession
from headend.errors import SessionLost

# A newline this often (seconds) keeps the headend's idle timer, one minute at the least, away
# (only what we type counts for it), and shows a dead link: the prompt must come back.
KEEPALIVE = 20.0
_ANSWER_WAIT = 5.0
_TICK = 0.05


class Ending(StrEnum):
    """Why a capture ended."""

    VERDICT = "verdict"
    ELAPSED = "elapsed"
    INTERRUPTED = "interrupted"


class Stop:
    """A request to end, shared by all headends of a run; the first reason stays."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self.reason: Ending | None = None

    def request(self, reason: Ending) -> None:
        """Ask every capture that listens to this to end."""
        with self._lock:
            self.reason = self.reason or reason
        self._event.set()

    @property
    def requested(self) -> bool:
        """Whether the end was asked for."""
        return self._event.is_set()


def listen(session: AsaSession, stop: Stop, duration: float) -> Ending:
    """Read until ``stop`` or for ``duration`` seconds; the lines go to the session's tape.

    Raises ``SessionLost`` when the headend closes the session or no longer answers.
    """
    deadline = time.monotonic() + duration
    typed = time.monotonic()
    answered = True
    while not stop.requested:
        now = time.monotonic()
        if now >= deadline:
            return Ending.ELAPSED
        if session.receive(min(_TICK, deadline - now)):
            answered = True
        elif not answered and now - typed > _ANSWER_WAIT:
            raise SessionLost(f"{session.where} no longer answers")
        if now - typed > KEEPALIVE:
            session.write_channel("\n")
            typed, answered = now, False
    return stop.reason or Ending.INTERRUPTED
