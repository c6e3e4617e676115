"""The time that a syslog header carries."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

# A leap year, so that a stamp without a year can be 29 February.
_NO_YEAR = 1904


@lru_cache(maxsize=4096)
def instant(stamp: str) -> datetime | None:
    """Return the time of ``Nov 20 2026 11:00:00``, ``Jul  1 09:27:13`` or RFC 3339.

    A headend names no time zone that can be trusted: a stamp without an offset is read as UTC,
    and one without a year falls in 1904. What is not a time is ``None``.
    """
    words = stamp.split()
    try:
        if len(words) == 1:
            found = datetime.fromisoformat(words[0])
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        clock = words[-1].partition(".")[0]
        year = words[2] if len(words) > 3 else str(_NO_YEAR)  # noqa: PLR2004 - month day year time
        text = f"{words[0]} {int(words[1])} {year} {clock}"
        return datetime.strptime(text, "%b %d %Y %H:%M:%S").replace(tzinfo=UTC)
    except (ValueError, IndexError):
        return None


def has_year(moment: datetime) -> bool:
    """Return whether the stamp behind ``moment`` named a year."""
    return moment.year != _NO_YEAR


@lru_cache(maxsize=4096)
def written(stamp: str) -> str | None:
    """Return ``stamp`` as ISO 8601, or ``None`` where it does not name a full date."""
    moment = instant(stamp)
    if moment is None or not has_year(moment):
        return None
    aware = "T" in stamp and len(stamp) > len("2026-11-20T11:00:00")
    return moment.isoformat() if aware else moment.replace(tzinfo=None).isoformat()
