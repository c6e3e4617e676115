"""What ``debug webvpn anyconnect`` says, as events."""

from __future__ import annotations

from headend.parse.facility import Facility

WEBVPN = Facility(
    "webvpn",
    "cisco_asa_debug_webvpn.textfsm",
    (
        ("state", "state"),
        ("no-address", "no_address"),
        ("error", "error"),
        ("address", "address"),
        ("hostname", "hostname"),
        ("agent", "agent"),
    ),
)
