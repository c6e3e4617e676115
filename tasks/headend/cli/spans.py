"""Times on the command line: how long (``90d``, ``4h``), and since or until when."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from headend.errors import InputError

_SPAN = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s?(s|m|h|d|w)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def span(text: str, option: str) -> timedelta:
    """Return ``90d``, ``4h`` or ``30m`` as a time span."""
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None or not float(found[1]):
        raise InputError(f"{option} {text!r} is no time span", remedy=f"For example {option} 90d")
    return timedelta(seconds=float(found[1]) * _SECONDS[found[2]])


def moment(text: str | None, option: str, now: datetime) -> datetime | None:
    """Return a date, a date with a time, or a span before ``now``; UTC where none is given."""
    if text is None:
        return None
    try:
        if _SPAN.fullmatch(text.strip().lower()):
            return now - span(text, option)
        found = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        raise InputError(
            f"{option} {text!r} is no date and no time span",
            remedy=f"{option} 2026-11-01, or {option} 30d",
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
