"""Bare asyncssh: bytes are counted, and nothing else is done with them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.sessions import client_asyncssh
from bench.sessions.client import Access
from bench.sessions.reader import Tally

_CHUNK = 1 << 16


@contextmanager
def reading(access: Access, folder: Path, tally: Tally) -> Iterator[None]:
    del folder
    armed = threading.Event()
    loop = asyncio.new_event_loop()
    leaving = asyncio.Event()

    async def read() -> None:
        connection, process = await client_asyncssh.armed(access, access.ports[0])
        armed.set()
        left = asyncio.ensure_future(leaving.wait())
        while not left.done():
            piece = asyncio.ensure_future(process.stdout.read(_CHUNK))
            await asyncio.wait({piece, left}, return_when=asyncio.FIRST_COMPLETED)
            if piece.done():
                tally.saw(piece.result())
            else:
                piece.cancel()
        connection.close()
        await connection.wait_closed()

    thread = threading.Thread(target=lambda: loop.run_until_complete(read()))
    thread.start()
    armed.wait()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(leaving.set)
        thread.join()
        loop.close()
