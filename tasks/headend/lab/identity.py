"""What tells one simulated headend from another."""

from __future__ import annotations

from headend.lab.box import Box


def serial(box: Box) -> str:
    """Return the digits of the serial number."""
    return f"{sum(box.spec.name.encode()):06d}"
