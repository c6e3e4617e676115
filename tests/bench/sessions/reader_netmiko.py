"""Stock netmiko's ``read_channel``, as its own loops call it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.sessions import client_netmiko
from bench.sessions.client import Access
from bench.sessions.reader import Tally

_PAUSE = 0.01


@contextmanager
def reading(access: Access, folder: Path, tally: Tally) -> Iterator[None]:
    del folder
    session = client_netmiko.armed(access, access.ports[0])
    leaving = threading.Event()

    def read() -> None:
        while not leaving.is_set():
            text = session.read_channel()
            if text:
                tally.saw(text.encode())
            else:
                time.sleep(_PAUSE)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield
    finally:
        leaving.set()
        thread.join()
        session.disconnect()
