"""Does the user's login end here: failover role, context, member of a load-balancing cluster."""

from __future__ import annotations

from headend.device.debug_set import TUNNEL_GROUPS
from headend.device.situation import Situation
from headend.model.check import Check, CheckState


def role(here: Situation) -> Check | None:
    """Judge whether users land on this unit: the standby of a pair sees nobody."""
    failover = here.first("show failover")
    if not failover:
        return None
    if failover.get("failover", "").lower() == "off":
        return Check("role", CheckState.OK, "Stands alone")
    state = failover.get("this_host_state", "")
    if "standby" in state.lower():
        return Check(
            "role",
            CheckState.REFUSE,
            f"This is the standby unit ({state}): no user lands here",
            "Capture on the active unit: name both, and the standby one is left alone",
        )
    if state.lower() == "active":
        return Check("role", CheckState.OK, "Active unit of a failover pair")
    if not state:
        return None
    return Check(
        "role",
        CheckState.WARN,
        f"The failover state is {state!r}: users may land on the other unit",
        "Name both units of the pair; look at show failover",
    )


def context(here: Situation) -> Check | None:
    """Judge whether this is the context in which users log in: debug and AAA are per context."""
    mode = here.first("show mode").get("mode", "")
    if mode == "single":
        return Check("context", CheckState.OK, "Single context mode")
    if mode != "multiple":
        return None
    if any(row.get("name") for row in here.rows(TUNNEL_GROUPS)):
        return Check("context", CheckState.OK, f"In context {here.context or '(unnamed)'}")
    rows = here.rows("show context")
    others = [row["name"] for row in rows if "admin" not in row and row["name"] != here.context]
    named = f"; it has {', '.join(others)}" if others else ""
    return Check(
        "context",
        CheckState.REFUSE,
        f"We are in {here.context or 'the system space'}, which has no tunnel groups: users log in "
        f"at another context{named}, and a capture here would be empty",
        f"Name it in the inventory, data: {{context: {others[0] if others else 'NAME'}}}, or give "
        "the context's own management address",
    )


def load_balancing(here: Situation) -> Check | None:
    """Judge whether a user may land on another member of a cluster (asa-facts: 718xxx)."""
    rows = here.rows("show vpn load-balancing")
    own: dict[str, str] = next((row for row in rows if "status" in row), {})
    if not own:
        return None
    if own["status"].lower() != "enabled":
        return Check("load-balancing", CheckState.OK, "No member of a load-balancing cluster")
    _, others = members(here)
    if not others:
        return Check("load-balancing", CheckState.OK, "The only member of its cluster")
    return Check(
        "load-balancing",
        CheckState.WARN,
        f"The user may land on another member of its cluster: {', '.join(others)}",
        "Capture on all members at once: name them with -H or a filter",
    )


def members(here: Situation) -> tuple[str, tuple[str, ...]]:
    """Return this member's public address in its cluster, and those of the others."""
    rows = [row for row in here.rows("show vpn load-balancing") if "priority" in row]
    own = next((row["public_ip"] for row in rows if row.get("asked") == "*"), "")
    return own, tuple(row["public_ip"] for row in rows if row.get("asked") != "*")
