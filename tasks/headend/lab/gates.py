"""Hold a headend at what it was told, so that something else can happen just then."""

from __future__ import annotations

import asyncio
import threading
from typing import Final

LOGIN: Final = "login"  # the name under which a password waits for its judgement


class Gate:
    """A closed gate: the first session that comes to ``at`` stands there until it is opened."""

    def __init__(self, at: str) -> None:
        self.at = at
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._reached = threading.Event()

    def reach(self) -> None:
        """Tell whoever waits that a session stands here."""
        self._reached.set()

    def wait(self, timeout: float = 30.0) -> None:
        """Wait, in any thread, until a session stands here; raises TimeoutError."""
        if not self._reached.wait(timeout):
            raise TimeoutError(f"No session came to {self.at!r} within {timeout:.0f} s")

    def open(self) -> None:
        """Let the session go on; opening twice does no harm."""
        if not self.opened.done():
            self.opened.set_result(None)


class Gates:
    """The closed gates of one headend."""

    def __init__(self) -> None:
        self._closed: dict[str, Gate] = {}

    def close(self, at: str) -> Gate:
        """Close a gate at a command line, or at ``LOGIN``."""
        self._closed[at] = Gate(at)
        return self._closed[at]

    def reopen(self, gate: Gate) -> None:
        """Take a gate away, and let whoever stands there go on."""
        if self._closed.get(gate.at) is gate:
            del self._closed[gate.at]
        gate.open()

    def reached(self, at: str) -> asyncio.Future[None] | None:
        """Return what to await before ``at`` is carried out, or None when the way is free."""
        gate = self._closed.pop(at, None)  # it holds one session; the next one passes
        if gate is None:
            return None
        gate.reach()
        return gate.opened
