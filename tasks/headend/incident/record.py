"""The ``incident.json`` of one incident: who, what, and when each milestone was reached."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from headend.errors import InputError
from headend.incident.private import json_bytes, write_atomic

SCHEMA = "headend.incident/1"
FILE = "incident.json"

# The verb of a capture that only proves a change: it belongs to another incident.
PROOF = "change verify"

MILESTONES = (
    "opened",
    "connected",
    "armed",
    "attempt_seen",
    "diagnosed",
    "change_rendered",
    "approved",
    "applied",
    "verified",
    "closed",
)


def stamp(at: float) -> str:
    """Return a Unix time as ISO 8601 in UTC: ``2026-11-23T23:15:00.000Z``."""
    text = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def unix_time(text: str) -> float:
    """Return the Unix time of what ``stamp`` wrote."""
    return datetime.fromisoformat(text).timestamp()


def read_record(folder: Path) -> dict[str, Any]:
    """Return the record of an incident folder; raise InputError where it cannot be used."""
    path = folder / FILE
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"{path} cannot be read: {error}", remedy="The other files of the incident still can"
        ) from error
    if not _is_sound(record, folder.name):
        raise InputError(
            f"{path} is not the record of an incident",
            remedy="The other files of the incident can still be read",
        )
    return dict(record)


def write_record(folder: Path, record: dict[str, Any]) -> None:
    """Replace the record of an incident folder."""
    write_atomic(folder / FILE, json_bytes(record, indent=2))


def _is_sound(record: object, name: str) -> bool:
    if not isinstance(record, dict) or record.get("id") != name:
        return False
    shapes = {"headends": dict, "milestones": dict, "timing": dict, "audit": dict, "verb": str}
    if not all(isinstance(record.get(key), kind) for key, kind in shapes.items()):
        return False
    if not all(isinstance(record.get(key), str | None) for key in ("user", "note")):
        return False
    try:
        times = [unix_time(at) for at in record["milestones"].values()]
    except (TypeError, ValueError, OverflowError):
        return False
    return bool(times) and isinstance(record.get("verdict"), dict | None)
