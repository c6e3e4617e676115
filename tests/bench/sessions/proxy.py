"""A TCP proxy that delays what passes by the same time each way, in a process of its own.

``python -m bench.sessions.proxy SECONDS PORT...`` prints the ports that lead to those PORTs and
works until its standard input ends. Like a wire it keeps the order, and it delays the first byte
of a connection as much as any other.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import deque

_HOST = "127.0.0.1"


class _Leg(asyncio.Protocol):
    """One end of a connection: what it receives leaves at the other end, later."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._loop = asyncio.get_running_loop()
        self._held: deque[tuple[float, bytes]] = deque()
        self._ticking = False
        self.wire: asyncio.WriteTransport | None = None
        self.other: _Leg | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.wire = transport
        self.tick()
        if self.other:
            self.other.tick()

    def data_received(self, data: bytes) -> None:
        self._hold(data)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._hold(b"")  # the end travels as slowly as the rest

    def _hold(self, data: bytes) -> None:
        self._held.append((self._loop.time() + self._delay, data))
        self.tick()

    def tick(self) -> None:
        """Pass on what has waited long enough; one timer a leg, for two may fire out of order."""
        wire = self.other.wire if self.other else None
        if self._ticking or not self._held or not wire:
            return
        now = self._loop.time()
        while self._held and self._held[0][0] <= now:
            data = self._held.popleft()[1]
            if not data:
                wire.close()
            elif not wire.is_closing():
                wire.write(data)
        if self._held:
            self._ticking = True
            self._loop.call_at(self._held[0][0], self._again)

    def _again(self) -> None:
        self._ticking = False
        self.tick()


class _Front(_Leg):
    """The client's end; it opens the headend's end."""

    def __init__(self, delay: float, port: int, tasks: set[asyncio.Task[object]]) -> None:
        super().__init__(delay)
        self.other = back = _Leg(delay)
        back.other = self
        task: asyncio.Task[object] = self._loop.create_task(
            self._loop.create_connection(lambda: back, _HOST, port)
        )
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def _serve(delay: float, ports: list[int]) -> None:
    loop = asyncio.get_running_loop()
    tasks: set[asyncio.Task[object]] = set()
    servers = [
        await loop.create_server(
            lambda port=port: _Front(delay, port, tasks),  # type: ignore[misc]  # a bound default
            _HOST,
            0,
            backlog=512,
        )
        for port in ports
    ]
    sys.stdout.write(json.dumps([one.sockets[0].getsockname()[1] for one in servers]) + "\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1]), [int(port) for port in sys.argv[2:]]))
