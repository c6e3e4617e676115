"""The events that the readers found, as ``events.jsonl``."""

from __future__ import annotations

import os
from pathlib import Path

from headend.incident.private import json_bytes, open_append, recording, write_fully
from headend.model.event import Event

# So many bytes are put together before they are written: a login has hundreds of events.
_TOGETHER = 1 << 16


class EventLog:
    """Appends events to one file; ``flush`` hands over what waits, ``close`` ends it."""

    def __init__(self, path: Path) -> None:
        self._path = path
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
            write_fully(self._descriptor, waiting)

    def close(self) -> None:
        """Flush and close; closing twice does no harm."""
        self.flush()
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1
