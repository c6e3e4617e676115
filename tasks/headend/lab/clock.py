"""The headend's clock, as its commands and its log print it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the time in UTC: the lab's headends have no other zone."""
    return datetime.now(UTC)


def stamp(at: datetime | None = None) -> str:
    """Return ``03:25:51 UTC Tue Jul 9 2024``."""
    at = at or now()
    return f"{at:%H:%M:%S} UTC {at:%a %b} {at.day} {at:%Y}"


def clock_line(at: datetime | None = None) -> str:
    """Return ``show clock``: the stamp with thousandths of a second."""
    at = at or now()
    return f"{at:%H:%M:%S}.{at.microsecond // 1000:03d} UTC {at:%a %b} {at.day} {at:%Y}"


def log_stamp(at: datetime | None = None) -> str:
    """Return ``Nov 23 2026 09:00:01``, the syslog's own stamp."""
    at = at or now()
    return f"{at:%b %d %Y %H:%M:%S}"
