"""What mail, tickets, editors, terminals and log shippers put around what a headend said."""

from __future__ import annotations

import json
import re
from html import unescape

# An indent, quotation marks, a file's name and line number, a terminal's clock, a byte order mark.
_BEFORE = re.compile(
    r"\ufeff?(?:\[?(?:\d{4}-\d\d-\d\d[ T])?\d\d:\d\d:\d\d(?:[.,]\d{1,6})?Z?\]?:?\s(?=\s{0,12}\S)|"
    r"\s{1,12}|(?:\s{0,4}>){1,5}\s?|(?:[\w./\\-]{1,120}[:-])?\d{1,7}[:-](?=\S))|\ufeff"
)
_CLOCK = re.compile(r"\[(?:\d{4}-\d\d-\d\d[ T])?\d\d:\d\d:\d\d")
_TAG = re.compile(r"%(?:ASA|FTD|PIX|FWSM)-")
# A value between quotation marks, which stand doubled or behind a backslash inside it.
_QUOTED = re.compile(r'(?:[^"\\]|\\.|"")*(?="(?:[,;\]}\s]|$))')
_ENTITY = "&lt;"
_LONGEST = 16_384


def plain(text: str) -> str:
    """Return ``text`` with the angle brackets that a ticket system wrote as entities."""
    return unescape(text) if _ENTITY in text else text


def stamped(text: str) -> bool:
    """Return whether ``text`` begins with a clock in brackets, as a terminal or client writes."""
    return text[:1] == "[" and _CLOCK.match(text) is not None


def inside(text: str) -> str | None:
    """Return the line of a headend that ``text`` holds, or ``None`` where it shows none."""
    if '"' in text and len(text) <= _LONGEST:
        tag = _TAG.search(text)
        start = text.rfind('"', 0, tag.start()) + 1 if tag is not None else 0
        if start:
            return _shipped(text) or _exported(text, start)
    before = _BEFORE.match(text)
    return text[before.end() :] if before is not None else None


def _shipped(text: str) -> str | None:
    """Return the message of a log shipper's JSON object."""
    if not text.startswith("{"):
        return None
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return None
    told = (value for value in fields.values() if isinstance(value, str))
    return next((value for value in told if _TAG.search(value)), None)


def _exported(text: str, start: int) -> str | None:
    """Return the field of a table's row that begins at ``start``."""
    found = _QUOTED.match(text, start)
    return found[0].replace('""', '"') if found is not None else None
