"""A client that reads a flood, in a process of its own: ``reader READER FOLDER PORT``.

It arms and answers, and answers again when it has seen the flood's last line.
"""

from __future__ import annotations

import importlib
import resource
import sys
import threading
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from bench.sessions.client import Access
from bench.sessions.marks import END, MARK
from bench.sessions.processes import answer

_PATIENCE = 300.0
_TAIL = 200


class Tally:
    """What a reader has seen of the flood; it may be told from any thread."""

    def __init__(self) -> None:
        self.bytes = 0
        self.lines = 0
        self._began: tuple[float, float] | None = None
        self._tail = b""
        self._ended = threading.Event()

    def saw(self, data: bytes) -> None:
        """Count a piece of the stream as it came."""
        self._began = self._began or (time.monotonic(), time.process_time())
        self.bytes += len(data)
        self.lines += data.count(b"\n")
        self._tail = (self._tail + data)[-_TAIL:]
        if END.encode() in self._tail:
            self._ended.set()

    def saw_lines(self, texts: list[str]) -> None:
        """Count lines that were split off already; nothing counts before the first part."""
        if not self._began:
            first = (at for at, text in enumerate(texts) if text.endswith(f"{MARK}0"))
            texts = texts[next(first, len(texts)) :]
            if not texts:
                return
            self._began = (time.monotonic(), time.process_time())
        self.lines += len(texts)
        self.bytes += sum(map(len, texts)) + 2 * len(texts)
        if END in "\n".join(texts):  # the answer to a keep-alive may stand behind it
            self._ended.set()

    def result(self) -> dict[str, float]:
        """Return what the flood took, once its last line was seen."""
        if not self._ended.wait(_PATIENCE):
            raise RuntimeError(f"the flood's end never came; {self.lines} lines did")
        clock, processor = time.monotonic(), time.process_time()
        assert self._began
        return {
            "seconds": clock - self._began[0],
            "cpu": processor - self._began[1],
            "lines": self.lines,
            "bytes": self.bytes,
            "peak_mb": peak(),
        }


class Reader(Protocol):
    """A module of this package that reads a flood."""

    def reading(self, access: Access, folder: Path, tally: Tally) -> AbstractContextManager[None]:
        """Arm, and read for the length of the block."""


def peak() -> float:
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1_000_000


def main(name: str, folder: Path, port: int) -> None:
    reader: Reader = importlib.import_module(f"bench.sessions.reader_{name}")
    tally = Tally()
    with reader.reading(Access.given((port,)), folder, tally):
        answer({"before_mb": peak()})
        answer(tally.result())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
