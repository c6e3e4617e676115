"""Can a capture work on this headend, and is it safe there: replies in, checks out."""

from __future__ import annotations

from collections.abc import Callable, Collection

from headend.device import checks_access, checks_health, checks_place, checks_sight, debug_set
from headend.device.situation import Situation
from headend.model.check import Check, CheckState
from headend.parse import show

# What preflight reads, in one write. What belongs to the whole headend is read where the login
# lands, the rest in the context where users log in. Only the setting lines of "show logging": the
# buffer below them can be megabytes.
OF_THE_HEADEND = (
    "show curpriv",
    "show version",
    "show mode",
    "show failover",
    "show cpu usage",
    "show memory",
    "show ssh sessions",
    "show resource usage resource ssh",
    "show clock",
    "show ntp status",
)
OF_THE_CONTEXT = (
    "show vpn load-balancing",
    "show logging | include logging:|Logging to",
    "show debug",
    "show webvpn debug-condition",
    "show crypto debug-condition",
    "show shun",
    *debug_set.READ,
    "show running-config ssh",
    "show checksum",
    # No check needs it: it is the "before" of the counters, and so it is read last.
    "show aaa-server",
)
CONTEXTS = "show context"  # only in multiple context mode

# The first command is the one whose reply an unknown check could not read.
_CHECKS: tuple[tuple[str, str, Callable[[Situation], Check | None]], ...] = (
    ("privilege", "show curpriv", checks_access.privilege),
    ("role", "show failover", checks_place.role),
    ("context", "show mode", checks_place.context),
    ("load-balancing", "show vpn load-balancing", checks_place.load_balancing),
    ("cpu", "show cpu usage", checks_health.cpu),
    ("memory", "show memory", checks_health.memory),
    ("ssh-sessions", "show ssh sessions", checks_access.ssh_sessions),
    ("ssh-timeout", "show running-config ssh", checks_access.ssh_timeout),
    ("debug-trace", "show logging", checks_sight.debug_trace),
    ("debugs", debug_set.TUNNEL_GROUPS, checks_sight.debugs),
    ("stray-debug", "show debug", checks_sight.stray_debug),
    ("conditions", "show webvpn debug-condition", checks_sight.conditions),
    ("shun", "show shun", checks_sight.shun),
    ("hidden-names", "show logging", checks_sight.hidden_names),
    ("clock", "show clock", checks_health.clock),
    ("ntp", "show ntp status", checks_health.ntp),
    ("release", "show version", checks_access.release),
)


def run(here: Situation) -> tuple[Check, ...]:
    """Judge the replies; one that cannot be read is ``unknown``, never ``ok``."""
    return tuple(check(here) or _unknown(name, command, here) for name, command, check in _CHECKS)


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


def _unknown(name: str, command: str, here: Situation) -> Check:
    refusal = here.refusal(command)
    said = f"answers {refusal!r}" if refusal else "gives a reply that could not be read"
    return Check(
        name, CheckState.UNKNOWN, f"{command!r} {said}", "Look yourself: what it would say counts"
    )
