"""Ours: the ``capture`` task, redacted and on the disk before a line is split off and seen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.sessions.client import Access
from bench.sessions.client_headend import captured, tapes
from bench.sessions.reader import Tally
from headend.device import fleet
from headend.device.progress import Disarmed, Listening, Step
from headend.model.line import Line


@contextmanager
def reading(access: Access, folder: Path, tally: Tally) -> Iterator[Callable[[], None]]:
    nornir = fleet.select(fleet.load(access.inventory))
    listening, disarmed = threading.Event(), threading.Event()

    def took(_headend: str, step: Step) -> None:
        if isinstance(step, Listening):
            listening.set()
        elif isinstance(step, Disarmed):
            disarmed.set()

    def seen(line: Line) -> None:
        if listening.is_set():
            tally.saw_line(line.text)

    with tapes(folder, {"vpn-1"}, seen) as tape, captured(nornir, tape, took) as stop:
        listening.wait()

        def off() -> None:
            stop()
            disarmed.wait()

        yield off
