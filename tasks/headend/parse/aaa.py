"""What ``debug aaa common``, ``authentication`` and ``internal`` say, as events."""

from __future__ import annotations

from headend.parse.facility import Facility

AAA = Facility(
    "aaa",
    "cisco_asa_debug_aaa.textfsm",
    (
        ("opened", "opened"),
        ("task", "process"),
        ("step", "step"),
        ("no-server", "no_server"),
        ("server", "server"),
        ("user", "user_label"),
        ("callback", "callback"),
        ("handle", "handle"),
        ("error", "error"),
        ("status", "status_of"),
        ("state", "state"),
        ("new-state", "new_state"),
        ("policies", "authentication_group"),
        ("policies", "tunnel_policy"),
        ("policies", "user_policy"),
        ("policy-lookup", "policy_server"),
        ("login-limit", "max_logins"),
        ("final", "final"),
        ("closing", "closing"),
        ("closed", "closed"),
    ),
)
