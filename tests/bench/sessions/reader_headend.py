"""Ours: the ``capture`` task; redacted and on the disk, and from there split into lines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bench.sessions.client import Access
from bench.sessions.client_headend import captured, tapes
from bench.sessions.reader import Tally
from headend.device import fleet
from headend.device.progress import Listening, Step
from headend.incident.reading import CaptureReader
from headend.model.line import Line
from headend.workflow.bell import Bell
from headend.workflow.follow import PORTION

NAME = "vpn-1"
Advance = Callable[[], Sequence[Line]]


def reading(access: Access, folder: Path, tally: Tally) -> AbstractContextManager[None]:
    reader = CaptureReader(folder / NAME, NAME)
    return following(access, folder, tally, lambda: reader.read(PORTION))


@contextmanager
def following(access: Access, folder: Path, tally: Tally, advance: Advance) -> Iterator[None]:
    """Capture one headend; a thread reads what is on disk, as ``investigate`` does it."""
    nornir = fleet.select(fleet.load(access.inventory))
    listening, ended = threading.Event(), threading.Event()
    bell = Bell()

    def took(_headend: str, step: Step) -> None:
        if isinstance(step, Listening):
            listening.set()

    def follow() -> None:
        while not ended.is_set():
            bell.answer(None)
            while lines := advance():
                tally.saw_lines([line.text for line in lines])

    follower = threading.Thread(target=follow)
    follower.start()
    try:
        with tapes(folder, {NAME}, bell.ring) as tape, captured(nornir, tape, took):
            listening.wait()
            yield
    finally:
        ended.set()
        bell.ring()
        follower.join()
