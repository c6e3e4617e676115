"""May we look at this headend, and for how long: privilege, session slots, time-out."""

from __future__ import annotations

import re

from headend.device.situation import Situation
from headend.device.witnesses import instead
from headend.model.check import Check, CheckState

DEBUG_PRIVILEGE = 15
LONG_TIMEOUT = 15  # minutes
OWN_DEBUG = (8, 4)  # the first release whose debug is each session's own (Cisco, document 200365)
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
            "Use an account of privilege 15, or one that may type what headend preflight "
            f"--print-privileges lists. Without debug: {instead(here)}",
        )
    return Check("privilege", CheckState.OK, f"Privilege {level}")


def ssh_sessions(here: Situation) -> Check | None:
    """Judge how many SSH sessions are left for others, ours counted."""
    used = len({row.get("sid") for row in here.rows("show ssh sessions")})
    if not used:
        return None
    limit = _quota(here)
    if limit is None:
        return Check(
            "ssh-sessions", CheckState.OK, f"{used} SSH sessions are in use, without limit"
        )
    said = f"{used} of {limit} SSH sessions are in use, ours among them"
    if used < limit:
        return Check("ssh-sessions", CheckState.OK, said)
    return Check(
        "ssh-sessions",
        CheckState.WARN,
        f"{said}: nobody else can log in while the capture runs, nor we again if it breaks off",
        "Have one closed first (show ssh sessions), or keep it short: --for 60",
    )


def _quota(here: Situation) -> int | None:
    for row in here.rows("show resource usage resource ssh"):
        limit = row.get("limit", "")
        if row.get("resource", "").startswith("SSH") and limit[:1].isdigit():
            return int(limit.partition("(")[0])
        if row.get("resource", "").startswith("SSH"):
            return None
    return SESSION_QUOTA


def ssh_timeout(here: Situation) -> Check | None:
    """Compare the headend's idle time-out with the time that we want to listen.

    Ours is kept alive; the longer the time-out, the longer a session that broke off keeps its
    debug on.
    """
    minutes = here.first("show running-config ssh").get("timeout", "")
    if not minutes.isdigit():
        return None
    said = f"Idle sessions end after {minutes} min"
    if int(minutes) > LONG_TIMEOUT:
        return Check(
            "ssh-timeout",
            CheckState.WARN,
            f"{said}: a session of ours that breaks off would stay as long, its debug on",
            "Should that happen, headend sweep ends it by its number",
        )
    if here.limits.duration > int(minutes) * 60:
        said += f", before the {here.limits.duration:.0f} s of --for: a newline keeps ours alive"
    return Check("ssh-timeout", CheckState.OK, said)


def release(here: Situation) -> Check | None:
    """Name the software release, and the one that shows debug to every session."""
    version = here.first("show version").get("version", "")
    number = re.match(r"(\d+)\.(\d+)", version)
    if number is None:
        return None
    if (int(number[1]), int(number[2])) < OWN_DEBUG:
        return Check(
            "release",
            CheckState.WARN,
            f"ASA {version} is older than 8.4: what others debug may show in our session too",
            "Tell the others who are logged in; undebug all may end their debug too",
        )
    return Check("release", CheckState.OK, f"ASA {version}")
