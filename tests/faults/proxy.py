"""A TCP proxy on loopback in front of a headend: slow, torn, or silent when a test says so."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")
_CHUNK = 65536
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no time: closing sends a reset
UP, DOWN = "up", "down"  # towards the headend, towards us


class Link:
    """One connection through the proxy: two ends, and what passes between them."""

    def __init__(self, proxy: Proxy, ours: asyncio.StreamWriter) -> None:
        self.proxy = proxy
        self.ours = ours
        self.theirs: asyncio.StreamWriter | None = None
        self.dark = proxy.dark
        self.torn = False

    async def carry(
        self, way: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Bring one direction's bytes over, in order, until its end."""
        loop = asyncio.get_running_loop()
        # Timers that are due at the same moment fire in any order; a queue keeps it.
        due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(64)

        async def deliver() -> None:
            data = b"-"
            while data:
                at, data = await due.get()
                await asyncio.sleep(at - loop.time())
                if self.dark:
                    continue
                if data:
                    writer.write(data)
                    self.proxy.carried[way] += len(data)
                    with contextlib.suppress(OSError):
                        await writer.drain()
                elif writer.can_write_eof():
                    writer.write_eof()

        delivery = asyncio.ensure_future(deliver())
        try:
            last, data = 0.0, b"-"
            while data:
                try:
                    data = await reader.read(_CHUNK)
                except OSError:
                    if not self.dark:
                        self.cut(torn=True)
                    return
                last = max(last, loop.time() + self.proxy.delay())
                await due.put((last, data))
            await delivery
        finally:
            delivery.cancel()

    def ends(self) -> list[asyncio.StreamWriter]:
        """Return the ends that are open."""
        return [end for end in (self.ours, self.theirs) if end and not end.is_closing()]

    def cut(self, *, torn: bool, theirs: bool = True) -> None:
        """End our end, and the headend's where ``theirs``: in order, or ``torn`` by a reset."""
        for end in self.ends():
            if end is self.theirs and not theirs:
                continue
            if torn:
                self.torn = self.torn or theirs
                with contextlib.suppress(OSError):
                    end.get_extra_info("socket").setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, _RESET
                    )
                end.transport.abort()
            else:
                end.close()


class Proxy:
    """A proxy in front of ``port``, in a thread of its own, for as long as the block lasts.

    ``latency`` is one way, in seconds, and ``jitter`` what a chunk may take beyond it; neither
    changes the order of the bytes.
    """

    host = "127.0.0.1"

    def __init__(self, port: int, *, latency: float = 0.0, jitter: float = 0.0) -> None:
        self.target = port
        self.latency = latency
        self.jitter = jitter
        self.dark = False  # connections to come are accepted, and forward nothing
        self.closed = False  # connections to come are reset
        self.accepted = threading.Event()
        self.carried: Counter[str] = Counter()
        self.port = 0
        self._random = random.Random(port)  # noqa: S311 - a test's jitter
        self._links: list[Link] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._await(self._open())
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._await(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def delay(self) -> float:
        """Return how long the next chunk is on its way."""
        return self.latency + self._random.uniform(0, self.jitter)

    # --- what a test does to the connections that pass ---

    def hold(self) -> None:
        """Accept connections from now on, and lead none of them on before ``release``."""

        async def shut() -> None:
            self._entry.clear()

        self.accepted.clear()
        self._await(shut())

    def release(self) -> None:
        """Lead the connections on."""
        self._loop.call_soon_threadsafe(self._entry.set)

    def fin(self) -> None:
        """End every connection in order: what was sent before still arrives."""
        self._each(lambda link: link.cut(torn=False))

    def rst(self) -> None:
        """Tear every connection at both ends."""
        self._each(lambda link: link.cut(torn=True))

    def rst_ours(self) -> None:
        """Tear every connection at our end; the headend's end stays open and silent."""

        def tear(link: Link) -> None:
            link.dark = True
            link.cut(torn=True, theirs=False)

        self._each(tear)

    def black_hole(self) -> None:
        """Let nothing more through the connections there are; they stay open."""
        self._each(lambda link: setattr(link, "dark", True))

    # --- inside the proxy's loop ---

    def _await(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _each(self, work: Callable[[Link], object]) -> None:
        async def step() -> None:
            for link in self._links:
                work(link)

        self._await(step())

    async def _open(self) -> asyncio.Server:
        self._entry = asyncio.Event()
        self._entry.set()
        return await asyncio.start_server(self._accept, self.host, 0)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link(self, writer)
        self._links.append(link)
        task = asyncio.current_task()
        if task:
            self._tasks.add(task)
        if self.closed:
            link.cut(torn=True)
            return
        self.accepted.set()
        try:
            await self._entry.wait()
            if self.closed or link.dark:
                await reader.read()
                return
            answers, link.theirs = await asyncio.open_connection(self.host, self.target)
            if link.torn:  # meanwhile
                link.cut(torn=True)
            await asyncio.gather(
                link.carry(UP, reader, link.theirs), link.carry(DOWN, answers, writer)
            )
        except OSError:
            pass
        finally:
            link.cut(torn=False)

    async def _stop(self) -> None:
        self._server.close()
        self.closed = True
        self._entry.set()
        for link in self._links:
            link.cut(torn=True)
        await asyncio.gather(*self._tasks)
        await asyncio.sleep(0)  # a transport closes its socket one turn later
