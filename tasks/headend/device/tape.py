"""The way of every received byte: redacted and handed to the file, before anybody sees it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from headend.errors import HeadendError

# Promise 3: an unfinished line waits at most this long (seconds) before it is written.
UNFINISHED_WAIT = 0.2
_FOREVER = float("inf")


class Redactor(Protocol):
    """What replaces secrets in a stream of bytes."""

    @property
    def pending(self) -> bool:
        """Whether an unfinished line is held back."""

    def feed(self, data: bytes) -> bytes:
        """Return what may be written now."""

    def flush(self) -> bytes:
        """Return the unfinished rest."""


class Log(Protocol):
    """The file of one session."""

    def write(self, data: bytes, received: float) -> None:
        """Append bytes that arrived at the Unix time ``received``."""

    def mark(self, words: str, at: float) -> None:
        """Append a line of ours, which no headend can forge."""


class Tape:
    """Record one session: redacted bytes to ``log``, and ``wrote`` is called after each of them.

    ``prepare`` is called before a session's first byte: the redactor learns what it must hide.

    Whoever wants the lines reads the log: that the diagnosis is slow never slows the headend.
    ``received`` is Unix time in seconds. Safe to feed from one thread and read from another.
    """

    def __init__(
        self,
        headend: str,
        redactor: Redactor,
        log: Log,
        wrote: Callable[[], None] = lambda: None,
        prepare: Callable[[], None] = lambda: None,
    ) -> None:
        self.headend = headend
        self.lines = 0
        self._redactor = redactor
        self._log = log
        self._wrote = wrote
        self._prepare = prepare
        self._within_line = False
        # After a failure nothing more is recorded: the session must still be able to disarm.
        self._broken = False
        self._closed = False
        self._waiting_since: float | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Make ready for a session."""
        with self._lock:
            self._prepare()

    def feed(self, data: bytes, received: float) -> None:
        """Take bytes as they came from the headend."""
        with self._lock:
            self._pass_on(self._redactor.feed(data), received)
            if not self._redactor.pending:
                self._waiting_since = None
            elif self._waiting_since is None:
                self._waiting_since = received
        self.tick(received)

    def patience(self, now: float) -> float:
        """Return in how many seconds ``tick`` must be called, ``inf`` where nothing is held."""
        since = self._waiting_since
        return _FOREVER if since is None else max(0.0, since + UNFINISHED_WAIT - now)

    def tick(self, now: float) -> None:
        """Write out an unfinished line that has waited for ``UNFINISHED_WAIT``."""
        with self._lock:
            if self._waiting_since is not None and now - self._waiting_since >= UNFINISHED_WAIT:
                self._waiting_since = None
                self._pass_on(self._redactor.flush(), now)

    def gap(self, words: str, now: float) -> None:
        """Mark that the session was lost here, and that lines of the headend may be missing."""
        with self._lock:
            if self._within_line or self._redactor.pending:
                self._pass_on(self._redactor.feed(b"\r\n"), now)
            self._rest(now)
            if not self._broken and not self._closed:
                self._log.mark(words, now)
        self._wrote()

    def close(self, now: float) -> None:
        """Write what is left, and take nothing more."""
        with self._lock:
            self._rest(now)
            self._closed = True

    def reopen(self) -> None:
        """Go on with another session behind a closed one; ``gap`` parts their lines."""
        with self._lock:
            self._closed = False

    def _rest(self, now: float) -> None:
        self._waiting_since = None
        self._pass_on(self._redactor.flush(), now)

    def _pass_on(self, data: bytes, received: float) -> None:
        if not data or self._broken or self._closed:
            return
        try:
            self._log.write(data, received)
        except OSError as error:
            self._broken = True
            raise HeadendError(
                f"The record of {self.headend} cannot be written: {error.strerror or error}",
                remedy="Make room, or name another folder with --incidents",
            ) from error
        except Exception:
            self._broken = True
            raise
        self.lines += data.count(b"\n")
        self._within_line = not data.endswith(b"\n")
        self._wrote()
