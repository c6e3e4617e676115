"""Would a capture on this headend show the login: role, debug-trace, names, conditions, shuns."""

from __future__ import annotations

from headend.device.debugs import conditions_in
from headend.device.situation import Situation
from headend.model.check import Check, CheckState

_CONDITIONS = ("show webvpn debug-condition", "show crypto debug-condition")


def role(here: Situation) -> Check | None:
    """Judge whether users land on this unit: the standby of a pair sees nobody."""
    mode = here.first("show mode").get("mode", "")
    failover = here.first("show failover")
    if not failover:
        return None
    context = " (multiple context mode)" if mode == "multiple" else ""
    if failover.get("failover", "").lower() != "on":
        return Check("role", CheckState.OK, f"Stands alone{context}")
    state = failover.get("this_host_state", "")
    if "standby" in state.lower():
        return Check(
            "role",
            CheckState.REFUSE,
            f"This is the standby unit ({state}): no user lands here",
            "Capture on the active unit",
        )
    if "active" in state.lower():
        return Check("role", CheckState.OK, f"Active unit of a failover pair{context}")
    return Check("role", CheckState.WARN, f"The failover state is {state!r}")


def load_balancing(here: Situation) -> Check | None:
    """Judge whether a user may land on another member of a cluster (asa-facts: 718xxx)."""
    if here.asked("show vpn load-balancing") is None:
        return None
    rows = here.rows("show vpn load-balancing")
    own: dict[str, str] = next((row for row in rows if "status" in row), {})
    if own.get("status", "Disabled").lower() != "enabled":
        return Check("load-balancing", CheckState.OK, "No member of a load-balancing cluster")
    others = [
        row["public_ip"]
        for row in rows
        if "priority" in row and row.get("asked") != "*" and "public_ip" in row
    ]
    if not others:
        return Check("load-balancing", CheckState.OK, "The only member of its cluster")
    return Check(
        "load-balancing",
        CheckState.WARN,
        f"The user may land on another member of its cluster: {', '.join(others)}",
        "Capture on all members at once: name them with -H or a filter",
    )


def debug_trace(here: Situation) -> Check | None:
    """Judge whether debug comes to the session at all."""
    setting = here.first("show logging").get("debug_trace", "").lower()
    if setting.startswith("enabled"):
        return Check(
            "debug-trace",
            CheckState.REFUSE,
            "Debug goes to syslog ('Debug-trace logging: enabled'): a capture here would be empty",
            "Take the %ASA-7-711001 lines from its syslog: headend diagnose FILE",
        )
    if setting.startswith("disabled"):
        return Check("debug-trace", CheckState.OK, "Debug goes to the session that armed it")
    return None


def hidden_names(here: Situation) -> Check | None:
    """Judge whether syslog can be matched by user name."""
    setting = here.first("show logging").get("hide_username", "").lower()
    if setting.startswith("enabled"):
        return Check(
            "hidden-names",
            CheckState.WARN,
            "Syslog prints ***** for a user who failed",
            "Match syslog by client address (--client-ip); leave the setting as it is",
        )
    if setting.startswith("disabled"):
        return Check("hidden-names", CheckState.OK, "Syslog prints user names")
    return None


def stray_debug(here: Situation) -> Check | None:
    """Judge whether this session was given debugs by somebody before us."""
    if "show debug" not in here.replies:  # an empty reply is an answer
        return None
    stray = [row["debug"] for row in here.rows("show debug") if row.get("debug")]
    if stray:
        return Check(
            "stray-debug",
            CheckState.WARN,
            f"This session already has debug on: {', '.join(stray)}",
            "It goes off with ours when the capture ends",
        )
    return Check(
        "stray-debug",
        CheckState.OK,
        "No debug in this session; other sessions' is unseen from here",
    )


def conditions(here: Situation) -> Check | None:
    """Judge whether a debug condition that somebody left would hide this user's lines."""
    replies = [here.asked(command) for command in _CONDITIONS]
    if None in replies:
        return None
    left = [each for reply in replies for each in conditions_in(reply or "")]
    if not left:
        return Check("conditions", CheckState.OK, "No debug condition is set")
    return Check(
        "conditions",
        CheckState.WARN,
        f"A debug condition is set: {'; '.join(left)[:200]}. It hides the lines of all others",
        "Ask who set it: debug webvpn condition reset, debug crypto condition reset",
    )


def shun(here: Situation) -> Check | None:
    """Judge whether the headend drops the client's packets before any debug could see them."""
    if here.asked("show shun") is None:
        return None
    shunned = {row["source"] for row in here.rows("show shun") if row.get("source")}
    client = here.client_ip
    if client in shunned:
        return Check(
            "shun",
            CheckState.REFUSE,
            f"It shuns {client}: every packet of this client is dropped, a capture would be empty",
            f"Find out why (threat detection, 733201), then: no shun {client}",
        )
    if shunned and client is None:
        return Check(
            "shun",
            CheckState.WARN,
            f"It shuns {len(shunned)} addresses; whether the client's is one of them is unseen",
            "Name the client: --client-ip",
        )
    return Check("shun", CheckState.OK, "It does not shun this client" if client else "No shuns")
