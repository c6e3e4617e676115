"""The bytes of one headend's session, as they came, and when each line did."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from headend.incident.private import make_directory, open_append, write_fully
from headend.model.line import Line

# capture.idx is text: its n-th line is the arrival of capture.log's n-th line in Unix seconds,
# or "-" where that is not known. `paste capture.idx capture.log` reads both.
_UNKNOWN = b"-\n"
_PORTION = 1 << 20


class CaptureLog:
    """Appends redacted bytes; what ``write`` was given survives the death of this process."""

    def __init__(self, folder: Path, headend: str) -> None:
        self.headend = headend
        self.path = make_directory(folder) / "capture.log"
        self.index = folder / "capture.idx"
        self._log = open_append(self.path)
        self._index = open_append(self.index)
        self._mend_index()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def write(self, data: bytes, received: float) -> None:
        """Append bytes that arrived at the Unix time ``received``."""
        if not data:
            return
        write_fully(self._log, data)
        ended = data.count(b"\n")
        if ended:
            write_fully(self._index, b"%.6f\n" % received * ended)

    def lines(self) -> Iterator[Line]:
        """Read back every line, an unfinished last one included."""
        source = f"{self.headend}/{self.path.name}"
        with self.path.open("rb") as log, self.index.open("rb") as index:
            for number, line in enumerate(log, start=1):
                text = line.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
                arrival = index.readline() if line.endswith(b"\n") else b""
                yield Line(source, number, text, self.headend, _seconds(arrival))

    def close(self) -> None:
        """Close the files; closing twice does no harm."""
        for descriptor in (self._log, self._index):
            if descriptor >= 0:
                os.close(descriptor)
        self._log = self._index = -1

    def _mend_index(self) -> None:
        """Bring the index level with a log whose writer died between the two writes."""
        data = self.index.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.truncate(self.index, whole)
        missing = _line_ends(self.path) - data.count(b"\n")
        if missing > 0:
            write_fully(self._index, _UNKNOWN * missing)


def _seconds(record: bytes) -> float | None:
    with contextlib.suppress(ValueError):
        return float(record)
    return None


def _line_ends(path: Path) -> int:
    count = 0
    with path.open("rb") as file:
        while portion := file.read(_PORTION):
            count += portion.count(b"\n")
    return count
