"""A Windows event log (``.evtx``) as the text that the Diagnostics bundle makes of it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from headend.errors import MemberRefused

MAGIC = b"ElfFile\0"
# A client writes some thousand records in a day.
_MOST = 200_000
_LONGEST = 8000
# A description must not look like the beginning of another record.
_BEGINNING = re.compile(r"^(?=Date|Time|\*|\[|>>|\d|[A-Z][a-z]{2} {1,2}\d)")
_LEVELS = {1: "Error", 2: "Error", 3: "Warning"}


def event_log_text(data: bytes) -> Iterator[str]:
    """Yield the records of an event log as blocks of Date, Time, Type, Source and Description.

    Times are UTC, as Windows keeps them. Records that cannot be read are left out. Raises
    ``MemberRefused`` where the optional reader is not installed, or nothing at all can be read.
    """
    try:
        from evtx import PyEvtxParser  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise MemberRefused(
            "is a Windows event log, whose reader is not installed: install headend with the "
            "extra 'evtx', or save the log as text and add that"
        ) from None
    try:
        yield from _records(PyEvtxParser(io.BytesIO(data)))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the reader is no Exception
        raise MemberRefused(
            f"is a damaged event log ({type(error).__name__}): save it as text on the user's "
            "machine and add that"
        ) from None


def _records(parser: Any) -> Iterator[str]:
    found = parser.records_json()
    for _ in range(_MOST):
        try:
            record = next(found)
        except StopIteration:
            return
        except (RuntimeError, ValueError, OSError):
            continue  # one damaged record; the next one may be whole
        try:
            event = json.loads(record["data"])["Event"]
            yield f"{_block(event, str(record['timestamp']))}\n"
        except (ValueError, KeyError, TypeError, RecursionError):
            continue


def _block(event: Mapping[str, Any], timestamp: str) -> str:
    system = event.get("System") or {}
    date, _, time = timestamp.replace("T", " ").partition(" ")
    source = _first(system.get("Provider"), "Name") or "unknown"
    level = _LEVELS.get(system.get("Level", 0), "Information")
    told = list(_strings(event.get("EventData") or event.get("UserData") or {}))
    lines = "\n".join(told)[:_LONGEST].replace("\r", "").split("\n")
    first, *rest = [line for line in lines if line.strip()] or ["(no text)"]
    return "\n".join(
        [
            f"Date        : {date}",
            f"Time        : {time[:8]}",
            f"Type        : {level}",
            f"Source      : {' '.join(source.split())[:80]}",
            f"Description : {first}",
            *(_BEGINNING.sub(" ", line) for line in rest),
            "",
        ]
    )


def _first(node: Any, attribute: str) -> str | None:
    values = node.get("#attributes") if isinstance(node, dict) else None
    return str(values[attribute]) if isinstance(values, dict) and attribute in values else None


def _strings(node: Any) -> Iterator[str]:
    """Yield the texts below a node in their order; attributes are names, not texts."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for each in node:
            yield from _strings(each)
    elif isinstance(node, dict):
        for name, each in node.items():
            if name not in {"#attributes", "Binary"}:
                yield from _strings(each)
