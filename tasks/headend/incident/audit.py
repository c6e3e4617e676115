"""A log of actions in which each record names the hash of the one before it."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from headend.incident.private import append, json_bytes

FILE = "audit.jsonl"


class ChainHead(NamedTuple):
    """How many records there are, and the hash of the last one."""

    records: int
    hash: str


def origin(name: str) -> ChainHead:
    """Return the head of an empty chain; it differs between incidents."""
    return ChainHead(0, _hash(name.encode()))


def append_record(
    path: Path, head: ChainHead, at: str, action: str, details: Mapping[str, Any]
) -> ChainHead:
    """Append a record to the chain that ends with ``head`` and return the new head."""
    line = json_bytes(
        {
            "n": head.records + 1,
            "at": at,
            "action": action,
            "details": dict(details),
            "previous": head.hash,
        }
    )
    append(path, line)
    return ChainHead(head.records + 1, _hash(line))


def read_head(path: Path, name: str) -> ChainHead:
    """Return the head of the chain as the file has it."""
    lines = _lines(path)
    return ChainHead(len(lines), _hash(lines[-1])) if lines else origin(name)


def records(path: Path) -> list[dict[str, Any]]:
    """Return the records in a file; what is none is left out, and is for ``problems`` to tell."""
    found = []
    for line in _lines(path):
        with contextlib.suppress(ValueError, RecursionError):
            record = json.loads(line)
            if isinstance(record, dict) and isinstance(record.get("details"), dict):
                found.append(record)
    return found


def problems(path: Path, name: str, recorded: ChainHead) -> list[str]:
    """Return what is wrong with the chain in a file; ``recorded`` is the head kept elsewhere.

    An empty list means that no record was edited, deleted, moved or cut off. One record beyond
    the recorded head is no problem: a process may die between the two writes.
    """
    found = []
    head = origin(name)
    heads = [head]
    for line in _lines(path):
        place = f"{path.name} line {head.records + 1}"
        try:
            record = json.loads(line)
            number, previous = record["n"], record["previous"]
        except (ValueError, TypeError, KeyError, RecursionError):
            found.append(f"{place} is not an audit record")
        else:
            if number != head.records + 1:
                found.append(f"{place} has the number {number!r}")
            if previous != head.hash:
                found.append(f"{place} does not follow the record before it")
        if not line.endswith(b"\n"):
            found.append(f"{place} is cut off")
        head = ChainHead(head.records + 1, _hash(line))
        heads.append(head)
    if recorded not in heads[-2:]:
        found.append(
            f"{path.name} ends with record {head.records}, the incident's record names "
            f"{recorded.records} as the last one"
            if recorded.records != head.records
            else f"the last record of {path.name} is not the one that was written"
        )
    return found


def _lines(path: Path) -> list[bytes]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    *complete, rest = data.split(b"\n")
    return [line + b"\n" for line in complete] + ([rest] if rest else [])


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
