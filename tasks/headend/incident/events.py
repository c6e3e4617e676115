"""The events that the readers found, as ``events.jsonl``."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from headend.incident.private import json_bytes, open_append, recording, write_fully
from headend.model.event import Event

# So many bytes are put together before they are written: a login has hundreds of events.
_TOGETHER = 1 << 16
# In a flood the newest are kept, twice so many bytes at the most; every line is in capture.log.
_MOST = 64 << 20


class EventLog:
    """Appends events to one file; ``flush`` hands over what waits, ``close`` ends it.

    What goes beyond ``most`` bytes begins the file anew; the part before it stays in ``older``.
    """

    def __init__(self, path: Path, *, most: int = _MOST) -> None:
        self._path = path
        self._most = most
        self._descriptor = -1
        self._waiting = bytearray()

    def append(self, event: Event) -> None:
        """Take one event."""
        line = event.line
        self._waiting += json_bytes(
            {
                "facility": event.facility,
                "kind": event.kind,
                "headend": line.headend,
                "source": line.source,
                "line": line.number,
                "received": line.received,
                "text": line.text,
                "fields": dict(event.fields),
            }
        )
        if len(self._waiting) > _TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Hand what waits to the operating system."""
        if not self._waiting:
            return
        waiting = bytes(self._waiting)
        # Not again, should it fail: what is half written must not be written twice.
        self._waiting.clear()
        with recording(self._path):
            if self._descriptor < 0:
                self._descriptor = open_append(self._path)
            elif os.fstat(self._descriptor).st_size + len(waiting) > self._most:
                os.close(self._descriptor)
                self._descriptor = -1  # closed, whatever becomes of the next two
                self._path.replace(older(self._path))
                self._descriptor = open_append(self._path)
            write_fully(self._descriptor, waiting)

    def close(self) -> None:
        """Flush and close; closing twice does no harm."""
        self.flush()
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1

    def take_place_of(self, path: Path) -> None:
        """Close, and replace the events at ``path`` by these."""
        self.close()
        with recording(path):
            for mine, theirs in ((self._path, path), (older(self._path), older(path))):
                if mine.exists():
                    mine.replace(theirs)
                else:
                    theirs.unlink(missing_ok=True)


def older(path: Path) -> Path:
    """Return where the events stand that came before those at ``path``: ``events.older.jsonl``."""
    return path.with_suffix(f".older{path.suffix}")


def read_events(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the events that were kept, the oldest first; a line that is none is left out."""
    for part in (older(path), path):
        if not part.exists():
            continue
        with part.open("rb") as file:
            for line in file:
                try:
                    event = json.loads(line)
                except ValueError:
                    continue  # the last line of a process that died
                if isinstance(event, dict):
                    yield event
