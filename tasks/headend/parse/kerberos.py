"""What ``debug kerberos`` says, as events."""

from __future__ import annotations

from headend.parse.facility import Facility

KERBEROS = Facility(
    "kerberos",
    "cisco_asa_debug_kerberos.textfsm",
    (
        ("request", "request"),
        ("client", "client_label"),
        ("message-type", "message_type"),
        ("error", "error_label"),
        ("send", "sending"),
        ("ended", "ended"),
    ),
)
