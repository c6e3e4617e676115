"""File names made of received text, so that no two texts share one and none leaves its folder."""

from __future__ import annotations

import hashlib
import re

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
_LONGEST = 100

# A headend's folder stands beside these; one that is named like them must not take their place.
RESERVED = frozenset(
    {
        "incident.json",
        "events.jsonl",
        "events.older.jsonl",
        "diagnosis.json",
        "report.md",
        "report.html",
        "audit.jsonl",
        "index.sqlite",
        "changes",
        "client",
        "sharing.json",
    }
)


def folder_name(name: str) -> str:
    """Return ``name`` as a file name: ``fw-1`` stays, ``../x`` becomes ``%2E.%2Fx``."""
    data = name.encode("utf-8", "surrogatepass")
    parts = [chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in data]
    if parts and (parts[0] in {".", "-"} or name.lower() in RESERVED):
        parts[0] = f"%{data[0]:02X}"
    result = "".join(parts) or "%"
    if len(result) <= _LONGEST:
        return result
    # "%%" stands in no other name, so a shortened name never meets a whole one.
    digest = hashlib.sha256(data).hexdigest()[:32]
    return f"{result[: _LONGEST // 2].rstrip('%')}%%{digest}"


def command_slug(command: str) -> str:
    """Return a command as part of a file name: ``show-version``."""
    words = "-".join(command.split())
    slug = re.sub(r"[^A-Za-z0-9_-]+", "-", words).strip("-").lower()[:60] or "command"
    if slug == words:
        return slug
    digest = hashlib.sha256(command.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug}-{digest}"
