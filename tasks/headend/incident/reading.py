"""The lines of a capture, read from its files while they grow; any number may read at once."""

from __future__ import annotations

import contextlib
import os
from itertools import chain, groupby, repeat
from pathlib import Path
from types import TracebackType
from typing import Self

from headend.incident.capture import INDEX, LOG, MARK
from headend.model.line import Line

_PORTION = 1 << 16
# Of a line without an end no more is kept: no headend prints one.
_LONGEST = 1 << 16


class Gap(Line):
    """A line of ours that tells of a gap in what the headend said."""

    __slots__ = ()


class CaptureReader:
    """Reads a headend's capture from line 1; what it reads is on disk, redacted, already.

    ``read`` returns what is there and never waits. Files that do not exist yet are empty ones.
    """

    def __init__(self, folder: Path, headend: str) -> None:
        self._headend = headend
        self._log = _Tail(folder / LOG)
        self._index = _Tail(folder / INDEX)
        self._source = f"{headend}/{LOG}"
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, most: int) -> list[Line]:
        """Return the next complete lines, ``most`` at the most, with their arrival times."""
        # The index is written last: a line that it names is in the log.
        count = min(self._index.hold(most), self._log.hold(most))
        return self._lines(self._log.take(count), self._index.take(count))

    def rest(self) -> list[Line]:
        """Return what is left at the end of a capture: lines without a time, an unfinished one."""
        left: list[Line] = []
        while self._log.hold(1):
            record = self._index.take(self._index.hold(1))
            left += self._lines(self._log.take(1), record or [b""])
        unfinished = self._log.unfinished()
        if unfinished:
            left += self._lines([unfinished], [b""])
        return left

    @property
    def behind(self) -> int:
        """How many bytes of the log have not been returned yet."""
        return self._log.behind

    def close(self) -> None:
        """Close the files; closing twice does no harm."""
        self._log.close()
        self._index.close()

    def _lines(self, raw: list[bytes], records: list[bytes]) -> list[Line]:
        """Return lines of the log with their records; many at once, for a flood has millions."""
        first = self._number + 1
        self._number += len(raw)
        texts = b"\n".join(raw).decode("utf-8", "backslashreplace").split("\n") if raw else ()
        # Lines that came in one piece share their record.
        pieces = [(_arrival(record), len(list(same))) for record, same in groupby(records)]
        times = chain.from_iterable(repeat(time, count) for (time, _), count in pieces)
        lines = list(
            map(
                Line,
                repeat(self._source),
                range(first, self._number + 1),
                [text.rstrip("\r") for text in texts],
                repeat(self._headend),
                times,
            )
        )
        at = 0
        for (_, mark), count in pieces:
            if mark:
                lines[at : at + count] = map(Gap._make, lines[at : at + count])
            at += count
        return lines


def _arrival(record: bytes) -> tuple[float | None, bool]:
    """Return the Unix time of a record, and whether the line is a mark of ours."""
    time, _, mark = record.strip().partition(b" ")
    try:
        return float(time), mark == MARK
    except ValueError:
        return None, mark == MARK


class _Tail:
    """The complete lines of one growing file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1
        self._read = 0
        self._lines: list[bytes] = []
        self._held = 0
        self._begun = b""

    def hold(self, most: int) -> int:
        """Have up to ``most`` lines ready; return how many there are."""
        if self._descriptor < 0:
            with contextlib.suppress(FileNotFoundError):
                self._descriptor = os.open(self._path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        while len(self._lines) < most and self._descriptor >= 0:
            data = os.read(self._descriptor, _PORTION)
            if not data:
                break
            self._read += len(data)
            *complete, begun = data.split(b"\n")
            if complete:
                complete[0] = self._begun + complete[0]
                self._begun = b""
                self._lines.extend(complete)
                self._held += sum(map(len, complete)) + len(complete)
            self._begun = (self._begun + begun)[:_LONGEST]
        return min(most, len(self._lines))

    def take(self, count: int) -> list[bytes]:
        """Return the next lines without their line ends; ``hold`` told that there are so many."""
        taken = self._lines[:count]
        del self._lines[:count]
        self._held -= sum(map(len, taken)) + count
        return taken

    def unfinished(self) -> bytes:
        """Return, once, the beginning of a line that has no end yet."""
        begun, self._begun = self._begun, b""
        return begun

    @property
    def behind(self) -> int:
        """How many bytes of the file have not been taken; a line that was begun counts for none."""
        try:
            size = self._path.stat().st_size
        except FileNotFoundError:
            return 0
        return max(0, size - self._read) + self._held

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1
        self._lines.clear()
