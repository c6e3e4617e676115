"""The way of every received byte: redacted, handed to the file, and only then seen as lines."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from headend.errors import HeadendError
from headend.model.line import Line

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


class Tape:
    """Record one session: ``write`` gets redacted bytes, ``on_line`` each complete line after that.

    ``received`` is Unix time in seconds. Safe to feed from one thread and read from another.
    """

    def __init__(
        self,
        headend: str,
        redactor: Redactor,
        write: Callable[[bytes, float], None],
        on_line: Callable[[Line], None],
    ) -> None:
        self.headend = headend
        self.source = f"{headend}/capture.log"
        self._redactor = redactor
        self._write = write
        self._on_line = on_line
        self._partial = b""
        # After a failure nothing more is recorded: the session must still be able to disarm.
        self._broken = False
        self._number = 0
        self._waiting_since: float | None = None
        self._lock = threading.Lock()

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

    def close(self, now: float) -> None:
        """Write what is left; an unfinished last line becomes a line."""
        with self._lock:
            self._waiting_since = None
            self._pass_on(self._redactor.flush(), now)
            if self._partial and not self._broken:
                self._emit(self._partial, now)
                self._partial = b""

    def _pass_on(self, data: bytes, received: float) -> None:
        if not data or self._broken:
            return
        try:
            self._write(data, received)
            *complete, self._partial = (self._partial + data).split(b"\n")
            for raw in complete:
                self._emit(raw, received)
        except OSError as error:
            self._broken = True
            raise HeadendError(
                f"The record of {self.headend} cannot be written: {error.strerror or error}",
                remedy="Make room, or name another folder with --incidents",
            ) from error
        except Exception:
            self._broken = True
            raise

    def _emit(self, raw: bytes, received: float) -> None:
        self._number += 1
        text = raw.rstrip(b"\r").decode("utf-8", "backslashreplace")
        self._on_line(Line(self.source, self._number, text, self.headend, received))
