"""The bridge between the event loop, where bytes arrive, and the one thread that reads them."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from typing import cast

import asyncssh
from asyncssh.constants import MSG_CHANNEL_REQUEST
from asyncssh.packet import Boolean, String, UInt32

from headend.device import reactor

# More than this (bytes) is not kept for a reader that lags: the headend has to wait with the rest.
HIGH_WATER = 4 * 1024 * 1024
LOW_WATER = HIGH_WATER // 4
_CHUNK = 256 * 1024
_WIDTH, _HEIGHT = 511, 1000
_NO_MODES = b"\0"


class Channel(asyncssh.SSHClientSession[bytes]):
    """A session's bytes, read by one thread; ``write``, ``wake`` and ``finish`` suit any thread."""

    def __init__(self) -> None:
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None
        self._news = threading.Condition()
        self._arrived: deque[bytes] = deque()
        self._held = 0
        self._paused = False
        self._woken = False
        self._ended = False
        self._why = ""

    # --- on the loop: what asyncssh calls ---

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        """Ask for a terminal, without waiting for the answer.

        asyncssh asks for the shell next. OpenSSH sends both in one go as well, and asyncssh's own
        way would cost a round trip.
        """
        self._channel = chan
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        # A link that is lost just here is told by the session; the loop need not log it as well.
        answer.add_done_callback(lambda told: told.cancelled() or told.exception())
        chan._request_waiters.append(answer)  # noqa: SLF001 - no public way to ask without waiting
        chan.send_packet(
            MSG_CHANNEL_REQUEST,
            String("pty-req"),
            Boolean(True),  # noqa: FBT003 - "want reply"
            String("vt100"),
            *map(UInt32, (_WIDTH, _HEIGHT, 0, 0)),
            String(_NO_MODES),
        )

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        """Keep what arrived for the reader, and stop the headend when it is too much."""
        del datatype
        with self._news:
            self._arrived.append(data)
            self._held += len(data)
            full = self._held > HIGH_WATER and not self._paused
            self._paused = self._paused or full
            self._news.notify()
        if full and self._channel:
            self._channel.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the reader, behind everything that arrived."""
        if self._channel:
            self._channel.resume_reading()  # asyncssh would drop what it holds back
        with self._news:
            self._ended = True
            self._why = " ".join(str(exc).split()) if exc else ""
            self._news.notify()

    # --- in the reader's thread ---

    def receive(self, wait: float) -> bytes | None:
        """Return what has arrived, waiting up to ``wait`` seconds for it.

        ``b""`` when nothing came in time or somebody called ``wake``; ``None`` behind the last
        byte of a session that ended.
        """
        with self._news:
            self._news.wait_for(lambda: self._arrived or self._ended or self._woken, wait)
            self._woken = False
            if not self._arrived:
                return None if self._ended else b""
            parts = [self._arrived.popleft()]
            size = len(parts[0])
            while self._arrived and size < _CHUNK:
                parts.append(self._arrived.popleft())
                size += len(parts[-1])
            self._held -= size
            resume = self._paused and self._held < LOW_WATER
            self._paused = self._paused and not resume
        if resume:
            reactor.loop().call_soon_threadsafe(self._resume)
        return b"".join(parts)

    def _resume(self) -> None:
        if self._channel:
            self._channel.resume_reading()

    @property
    def waiting(self) -> bool:
        """Whether bytes have arrived that nobody has read."""
        return bool(self._arrived)

    @property
    def ended(self) -> bool:
        """Whether the session is over; what came before may still wait to be read."""
        return self._ended

    @property
    def why(self) -> str:
        """What ended the session, ``""`` where the headend closed it in good order."""
        return self._why

    def wake(self) -> None:
        """Make a reader that waits return at once."""
        with self._news:
            self._woken = True
            self._news.notify()

    def write(self, data: bytes) -> None:
        """Send, in order and without waiting; raises ``BrokenPipeError`` behind the end."""
        if self._ended:
            raise BrokenPipeError
        reactor.loop().call_soon_threadsafe(self._send, data)

    def _send(self, data: bytes) -> None:
        channel = cast("asyncssh.SSHClientChannel[bytes]", self._channel)
        if not channel.is_closing():
            channel.write(data)
