"""Single keys of a terminal, without echo and without Enter, for the length of a block."""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def keys(which: str, pressed: Callable[[], None]) -> Iterator[None]:
    """Call ``pressed`` when one of the keys ``which`` is typed; the terminal is restored after it.

    Does nothing where standard input is no terminal, or not ours: a program in the background
    that touches its terminal is stopped.
    """
    try:
        import termios
        import tty

        terminal = sys.stdin.fileno()
        ours = sys.stdin.isatty() and os.tcgetpgrp(terminal) == os.getpgrp()
        before = termios.tcgetattr(terminal) if ours else None
    except (ImportError, OSError, ValueError):
        before = None
    if before is None:
        yield
        return
    inner, outer = os.pipe()

    def listen() -> None:
        while True:
            ready, _, _ = select.select([terminal, inner], [], [])
            if inner in ready:
                return
            typed = os.read(terminal, 64)
            if not typed:
                return  # the terminal is gone; SIGHUP says so too
            if set(typed.decode("ascii", "ignore")) & set(which):
                pressed()

    thread = threading.Thread(target=listen, name="headend-keys", daemon=True)
    try:
        tty.setcbreak(terminal, termios.TCSANOW)
        thread.start()
        yield
    finally:
        os.write(outer, b"x")
        thread.join()
        termios.tcsetattr(terminal, termios.TCSANOW, before)
        os.close(inner)
        os.close(outer)
