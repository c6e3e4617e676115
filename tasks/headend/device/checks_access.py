"""May we look at this headend, and for how long: privilege, session slots, time-out."""

from __future__ import annotations

from headend.device.situation import Situation
from headend.model.check import Check, CheckState

DEBUG_PRIVILEGE = 15
SESSION_QUOTA = 5  # Cisco ASA configuration guide: five SSH sessions per context by default


def privilege(here: Situation) -> Check | None:
    """Judge whether our account may debug."""
    level = here.first("show curpriv").get("privilege", "")
    if not level.isdigit():
        return None
    if int(level) < DEBUG_PRIVILEGE:
        return Check(
            "privilege",
            CheckState.REFUSE,
            f"We are at privilege {level}; debug needs {DEBUG_PRIVILEGE}",
            "Use an account of privilege 15, or allow the debug commands to this one",
        )
    return Check("privilege", CheckState.OK, f"Privilege {level}")


def ssh_sessions(here: Situation) -> Check | None:
    """Judge how many SSH sessions are left for others, ours counted."""
    used = len({row.get("sid") for row in here.rows("show ssh sessions")})
    if not used:
        return None
    limit = _quota(here)
    free = limit - used
    state = CheckState.OK if free > 0 else CheckState.WARN
    return Check(
        "ssh-sessions",
        state,
        f"{used} of {limit} SSH sessions are in use, ours among them",
        "" if free > 0 else "Nobody else can log in while the capture runs: keep it short",
    )


def _quota(here: Situation) -> int:
    for row in here.rows("show resource usage resource ssh"):
        if row.get("resource", "").startswith("SSH") and row.get("limit", "").isdigit():
            return int(row["limit"])
    return SESSION_QUOTA


def ssh_timeout(here: Situation) -> Check | None:
    """Compare the headend's idle time-out with the time that we want to listen."""
    minutes = here.first("show running-config ssh").get("timeout", "")
    if not minutes.isdigit():
        return None
    note = "; a newline keeps the session alive" if here.limits.duration > int(minutes) * 60 else ""
    return Check("ssh-timeout", CheckState.OK, f"Idle sessions end after {minutes} min{note}")


def release(here: Situation) -> Check | None:
    """Name the software release."""
    version = here.first("show version").get("version", "")
    return Check("release", CheckState.OK, f"ASA {version}") if version else None
