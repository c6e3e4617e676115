"""The hash-chained record of the incidents that were purged; it outlives them."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

from headend.errors import InputError
from headend.incident import audit
from headend.incident.incident import Incident
from headend.incident.private import json_bytes, locked, write_atomic
from headend.incident.record import stamp

FILE, HEAD = "purged.jsonl", "purged.head.json"
_NAME = "purged"
_GOING = ".purging-"


class PurgeLog:
    """Removes incidents below one directory, each with a line that says so first."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def purge(self, incident: Incident, *, by: str, why: str) -> None:
        """Remove an incident; the line names no user, but ties down what its own audit said."""
        trail = audit.read_head(incident.path / audit.FILE, incident.id)
        with locked(self._root):
            head = audit.read_head(self._root / FILE, _NAME)
            details = {"incident": incident.id, "by": by, "why": why, "audit": trail._asdict()}
            path = self._root / FILE
            head = audit.append_record(path, head, stamp(time.time()), "purged", details)
            write_atomic(self._root / HEAD, json_bytes(head._asdict()))
            # Out of every list at once: a process that dies now leaves no half incident.
            going = incident.path.rename(self._root / f"{_GOING}{incident.id}")
        shutil.rmtree(going)

    def finish(self) -> None:
        """Remove what a purge that died left behind."""
        for path in self._root.glob(f"{_GOING}*"):
            shutil.rmtree(path)

    def problems(self) -> list[str]:
        """Return what is wrong with the chain; an empty list means that it is whole."""
        path = self._root / FILE
        try:
            document = json.loads((self._root / HEAD).read_bytes())
            recorded = audit.ChainHead(document["records"], document["hash"])
        except FileNotFoundError:
            recorded = audit.origin(_NAME)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise InputError(f"{self._root / HEAD} cannot be read: {error}") from error
        return audit.problems(path, _NAME, recorded)
