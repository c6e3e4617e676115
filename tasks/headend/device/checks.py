"""Can a capture work on this headend, and is it safe there: replies in, checks out."""

from __future__ import annotations

from collections.abc import Callable, Collection

from headend.device import checks_access, checks_health, checks_sight, debug_set
from headend.device.situation import Situation
from headend.model.check import Check, CheckState
from headend.parse import show

# What preflight reads, in one write. Only the setting lines of "show logging": the buffer below
# them can be megabytes.
COMMANDS = (
    "show curpriv",
    "show version",
    "show mode",
    "show failover",
    "show vpn load-balancing",
    "show cpu usage",
    "show memory",
    "show ssh sessions",
    "show resource usage resource ssh",
    "show logging | include logging:",
    "show debug",
    "show webvpn debug-condition",
    "show crypto debug-condition",
    "show shun",
    "show clock",
    "show ntp status",
    debug_set.AAA_SERVERS,
    debug_set.TUNNEL_GROUPS,
    "show running-config ssh",
    "show checksum",
    # No check needs it: it is the "before" of the counters, and so it is read last.
    "show aaa-server",
)

_CHECKS: tuple[tuple[str, Callable[[Situation], Check | None]], ...] = (
    ("privilege", checks_access.privilege),
    ("role", checks_sight.role),
    ("load-balancing", checks_sight.load_balancing),
    ("cpu", checks_health.cpu),
    ("memory", checks_health.memory),
    ("ssh-sessions", checks_access.ssh_sessions),
    ("ssh-timeout", checks_access.ssh_timeout),
    ("debug-trace", checks_sight.debug_trace),
    ("stray-debug", checks_sight.stray_debug),
    ("conditions", checks_sight.conditions),
    ("shun", checks_sight.shun),
    ("hidden-names", checks_sight.hidden_names),
    ("clock", checks_health.clock),
    ("ntp", checks_health.ntp),
    ("release", checks_access.release),
)


def run(here: Situation) -> tuple[Check, ...]:
    """Judge the replies to ``COMMANDS``; one that cannot be read is ``unknown``, never ``ok``."""
    return tuple(check(here) or _unknown(name) for name, check in _CHECKS)


def own_session(
    reply: str, username: str, address: str, others: Collection[int | None] = ()
) -> int | None:
    """Return the SID of our own session in ``show ssh sessions``, ``None`` where two could be.

    ``others`` are sessions of ours that were lost, and may be listed still.
    """
    found = sessions_of(reply, username)
    ours = {sid: client for sid, client in found.items() if sid not in others} or found
    if len(ours) > 1:
        ours = {sid: client for sid, client in ours.items() if client == address}
    return next(iter(ours)) if len(ours) == 1 else None


def sessions_of(reply: str, username: str) -> dict[int, str]:
    """Return SID -> client address of this user's sessions in ``show ssh sessions``."""
    return {
        int(row["sid"]): row.get("client_ip", "")
        for row in show.rows("show ssh sessions", reply)
        if row.get("username") == username and row.get("sid", "").isdigit()
    }


def _unknown(name: str) -> Check:
    return Check(name, CheckState.UNKNOWN, "The headend's answer could not be read")
