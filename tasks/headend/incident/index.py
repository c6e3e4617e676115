"""A SQLite index over the incident folders, which can be lost at any time."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from headend.incident.private import FILE_MODE
from headend.incident.record import FILE
from headend.incident.summary import IncidentSummary, summarise

_VERSION = 2
_TABLE = """
CREATE TABLE IF NOT EXISTS incident (
  id TEXT PRIMARY KEY, changed INTEGER NOT NULL, size INTEGER NOT NULL, summary TEXT NOT NULL
) WITHOUT ROWID
"""


def summaries(path: Path, folders: Iterable[Path]) -> list[IncidentSummary]:
    """Return the summaries of ``folders``, from the index as far as it is up to date.

    A damaged index is made anew. Where none can be kept at all (a read-only medium), the
    folders answer alone: the index is only ever faster, never righter.
    """
    known = list(folders)
    for attempt in range(2):
        try:
            return _synchronised(path, known)
        except (sqlite3.Error, ValueError, TypeError, OSError):
            if attempt == 0:
                discard(path)
    return [summarise(folder) for folder in known]


def discard(path: Path) -> None:
    """Remove an index and what SQLite keeps beside it."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _synchronised(path: Path, folders: list[Path]) -> list[IncidentSummary]:
    with _opened(path) as connection:
        rows = connection.execute("SELECT id, changed, size, summary FROM incident")
        kept = {row[0]: (row[1:3], row[3]) for row in rows}
        result = []
        for folder in folders:
            state = _state(folder)
            row = kept.pop(folder.name, None)
            if row and row[0] == state:
                result.append(_loaded(row[1]))
                continue
            summary = summarise(folder)
            connection.execute(
                "INSERT OR REPLACE INTO incident VALUES (?, ?, ?, ?)",
                (folder.name, *state, json.dumps(asdict(summary))),
            )
            result.append(summary)
        connection.executemany("DELETE FROM incident WHERE id = ?", [(each,) for each in kept])
        return result


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    # SQLite would create the file as the umask says.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE))
    path.chmod(FILE_MODE)
    connection = sqlite3.connect(path, timeout=5)
    try:
        with connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version not in {0, _VERSION}:
                raise sqlite3.DatabaseError(f"index version {version}")
            connection.execute(_TABLE)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
            yield connection
    finally:
        connection.close()


def _state(folder: Path) -> tuple[int, int]:
    try:
        status = os.stat(f"{folder}/{FILE}")  # noqa: PTH116 - a path object costs more than this
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def _loaded(text: str) -> IncidentSummary:
    document = json.loads(text)
    document["headends"] = tuple(document["headends"])
    return IncidentSummary(**document)
