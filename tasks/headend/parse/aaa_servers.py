"""What ``show aaa-server`` says in the midst of a text, as events: one a line, in their order."""

from __future__ import annotations

from headend.parse.facility import Facility

AAA_SERVERS = Facility(
    "aaa-server",
    "cisco_asa_show_aaa-server_lines.textfsm",
    (
        ("group", "group"),
        ("protocol", "protocol"),
        ("hostname", "hostname"),
        ("address", "address"),
        ("status", "status"),
        ("counter", "counter"),
    ),
)
