"""What ``debug tacacs`` says, as events; the session's id is a number on most of them."""

from __future__ import annotations

from headend.parse.facility import Facility

TACACS = Facility(
    "tacacs",
    "cisco_asa_debug_tacacs.textfsm",
    (
        ("make", "packet_type"),
        ("user", "user_label"),
        ("send", "sending"),
        ("received", "received"),
        ("verdict", "verdict"),
        ("message", "message_label"),
        ("response", "response_label"),
        ("timeout", "timeout"),
        ("bad-secret", "bad_secret"),
        ("finished", "finished"),
    ),
)
