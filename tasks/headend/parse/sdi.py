"""What ``debug sdi`` says, as far as its unconfirmed spelling can be trusted, as events."""

from __future__ import annotations

from headend.parse.facility import Facility

SDI = Facility(
    "sdi",
    "cisco_asa_debug_sdi.textfsm",
    (
        ("new-pin", "new_pin"),
        ("next-code", "next_code"),
        ("rejected", "rejected"),
        ("accepted", "accepted"),
        ("timeout", "timeout"),
        ("user", "user_label"),
    ),
)
