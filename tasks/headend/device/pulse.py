"""One command now and then in an armed session: keep-alive, proof of life, load and role in one."""

from __future__ import annotations

import re
import time
from enum import Enum, auto

from headend.device.session import AsaSession
from headend.errors import SessionLost
from headend.parse import show
from headend.parse.prompt import match_prompt

# Read-only, one line long, and asked for at preflight as well. Typed into the session that listens:
# a second one would take a slot from somebody, and its login a one-time password.
COMMAND = "show cpu usage"
# So often (seconds) the headend's idle timer, one minute at the least, is kept away: only what we
# type counts for it.
EVERY = 20.0
# A headend averages over five seconds: a first reading over the limit is taken again after them.
_AGAIN = 5.0
_ANSWER_WAIT = 5.0
_TAIL = 2048
_READING = re.compile(r"^CPU utilization for 5 seconds\b.*$", re.MULTILINE)


class Beat(Enum):
    """What one look at a headend came to."""

    CALM = auto()
    LOADED = auto()
    STANDBY = auto()


class Pulse:
    """Feels the pulse of one headend through what its session shows."""

    def __init__(self, session: AsaSession, max_cpu: float) -> None:
        self._session = session
        self._max_cpu = max_cpu
        self._typed = time.monotonic()
        self._next = self._typed + EVERY
        self._heard = True
        self._tail = ""
        self._reading = False
        self._high = 0
        self._standby = 0

    @property
    def due(self) -> float:
        """The monotonic time at which to look again at the latest."""
        return self._next if self._heard else min(self._next, self._typed + _ANSWER_WAIT)

    def feel(self, arrived: str) -> Beat:
        """Take what arrived, ``""`` too; type the command when it is due.

        Raises ``SessionLost`` when the headend no longer answers.
        """
        now = time.monotonic()
        if arrived:
            self._heard = True
        elif not self._heard and now - self._typed >= _ANSWER_WAIT:
            raise SessionLost(f"{self._session.where} no longer answers")
        beat = Beat.CALM
        if self._reading and arrived:
            beat = self._read(arrived)
        if beat is Beat.CALM and now >= self._next:
            self._type(now)
        return beat

    def _type(self, now: float) -> None:
        self._session.write_channel(f"{COMMAND}\n")
        self._typed, self._next = now, now + EVERY
        self._heard, self._reading, self._tail = False, True, ""

    def _read(self, arrived: str) -> Beat:
        self._tail = (self._tail + arrived)[-_TAIL:]
        text = self._tail.replace("\r\n", "\n")
        if self._is_standby(text.rpartition("\n")[2]):
            return Beat.STANDBY
        found = _READING.search(text)
        # The line must be whole: the figure may be cut.
        if found is None or found.end() == len(text):
            return Beat.CALM
        self._reading = False
        rows = show.rows(COMMAND, found[0])
        try:
            busy = float(rows[0]["five_seconds"].strip("%"))
        except (IndexError, KeyError, ValueError):
            return Beat.CALM
        # Twice in a row: one busy moment is no reason, and a line that only looks like it comes
        # seldom just when it is asked for.
        self._high = self._high + 1 if busy > self._max_cpu else 0
        if self._high == 1:
            self._next = time.monotonic() + _AGAIN
        return Beat.LOADED if self._high > 1 else Beat.CALM

    def _is_standby(self, last: str) -> bool:
        """Tell whether the unfinished last line is our prompt, and says that the units changed."""
        found = match_prompt(last)
        ours = self._session.prompt
        if found is None or found[1].strip() or found[0].hostname != ours.hostname:
            return False
        if ours.state != "act" or found[0].state == "act" or found[0].state is None:
            self._standby = 0
            return False
        self._standby += 1
        if self._standby == 1:
            self._next = time.monotonic()  # asked again at once: a cut line may read like a prompt
        return self._standby > 1
