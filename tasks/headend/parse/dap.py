"""What ``debug dap`` says, as events."""

from __future__ import annotations

from headend.parse.facility import Facility

DAP = Facility(
    "dap",
    "cisco_asa_debug_dap.textfsm",
    (
        ("opened", "opened"),
        ("attribute", "attribute"),
        ("selected", "selected"),
        ("message", "message"),
        ("terminate", "terminate"),
        ("error", "error"),
        ("closed", "closed"),
    ),
)
