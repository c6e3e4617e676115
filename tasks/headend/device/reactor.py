"""The one event loop of the process on which every SSH connection lives, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

_BLOCKING = 100
_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None


def loop() -> asyncio.AbstractEventLoop:
    """Return the running loop; the first call starts its thread.

    One thread for all sessions: a library thread a session costs its wake-ups and its switches.
    """
    global _loop  # noqa: PLW0603 - one a process, whoever asks first
    with _lock:
        if _loop is None:
            _loop = asyncio.new_event_loop()
            # Names are looked up and people asked in these; the few of Python's own default would
            # let the dead names of some headends hold up the others.
            _loop.set_default_executor(ThreadPoolExecutor(_BLOCKING, "headend-ssh"))
            # A daemon: it holds sockets only, and every session is closed by whoever opened it.
            threading.Thread(target=_loop.run_forever, name="headend-ssh", daemon=True).start()
        return _loop


def run(work: Coroutine[Any, Any, T]) -> T:
    """Await ``work`` on the loop from another thread, and return or raise what it does.

    When the waiting thread is interrupted, the work is cancelled and given up.
    """
    future = asyncio.run_coroutine_threadsafe(work, loop())
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise
