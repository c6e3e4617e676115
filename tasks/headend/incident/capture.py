"""The bytes of one headend's session, as they came, and when each line did."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from headend.incident.private import make_directory, open_append, write_fully

# capture.idx is text: its n-th line is the arrival of capture.log's n-th line in Unix seconds,
# or "-" where that is not known. `paste capture.idx capture.log` reads both.
LOG, INDEX = "capture.log", "capture.idx"
UNKNOWN = b"-"
# Behind the time it says that the line is ours: whatever a headend prints gets into the log only.
MARK = b"gap"
# What a line of ours begins with, for those who read the log alone.
MARKED = "headend: gap: "
_PORTION = 1 << 20


class CaptureLog:
    """Appends redacted bytes; what ``write`` was given survives the death of this process."""

    def __init__(self, folder: Path, headend: str) -> None:
        self.headend = headend
        self.path = make_directory(folder) / LOG
        self.index = folder / INDEX
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

    def mark(self, words: str, at: float) -> None:
        """Append a line of ours that says what is missing here; an unfinished line was ended."""
        write_fully(self._log, f"{MARKED}{words}\r\n".encode())
        write_fully(self._index, b"%.6f %s\n" % (at, MARK))

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
            write_fully(self._index, (UNKNOWN + b"\n") * missing)


def _line_ends(path: Path) -> int:
    count = 0
    with path.open("rb") as file:
        while portion := file.read(_PORTION):
            count += portion.count(b"\n")
    return count
