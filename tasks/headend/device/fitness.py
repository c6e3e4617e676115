"""May this headend be configured by us now: the active unit, our privilege, a way back in."""

from __future__ import annotations

import time
from dataclasses import replace

from headend.device import checks_access, checks_place
from headend.device.session import AsaSession
from headend.device.situation import Limits, Situation
from headend.model.check import Check, CheckState

COMMANDS = (
    "show curpriv",
    "show mode",
    "show failover",
    "show ssh sessions",
    "show resource usage resource ssh",
)


def fitness(session: AsaSession) -> tuple[Check, ...]:
    """Return what speaks for and against configuring this headend; read-only."""
    replies = dict(zip(COMMANDS, session.ask_all(COMMANDS), strict=True))
    here = Situation(replies, Limits(0), time.time())
    return (
        checks_access.privilege(here) or _unreadable("privilege"),
        _role(here),
        _rescue(here),
        _others(here, session.username),
    )


def _role(here: Situation) -> Check:
    found = checks_place.role(here)
    if found is None:
        return _unreadable("role")
    if found.state is CheckState.REFUSE:
        return replace(found, remedy="Plan it for the active unit: it replicates to this one")
    return found


def _others(here: Situation, username: str) -> Check:
    """Tell who else is logged in: the headend does not tell who of them is configuring it."""
    users = {row.get("sid"): row.get("username", "") for row in here.rows("show ssh sessions")}
    theirs = list(users.values())
    if username in theirs:
        theirs.remove(username)  # ours; a second one of the same account is somebody else's
    if not theirs:
        return Check("other-sessions", CheckState.OK, "Nobody else is logged in by SSH")
    return Check(
        "other-sessions",
        CheckState.WARN,
        f"Logged in by SSH as well: {', '.join(sorted(theirs))}; whether somebody is in "
        "configuration mode the headend does not tell",
        "Ask them to wait",
    )


def _rescue(here: Situation) -> Check:
    """Judge whether a second session could still log in if this one breaks off."""
    found = checks_access.ssh_sessions(here)
    if found is None:
        return _unreadable("rescue-session")
    if found.state is CheckState.OK:
        return Check("rescue-session", CheckState.OK, found.reason)
    return Check(
        "rescue-session",
        CheckState.REFUSE,
        f"{found.reason}: if this session breaks off, nobody gets in to undo the change",
        "Have a management session closed first: show ssh sessions",
    )


def _unreadable(name: str) -> Check:
    # A change is no look: what cannot be read is no permission.
    return Check(
        name,
        CheckState.REFUSE,
        f"The headend's answer about its {name} could not be read",
        "Look yourself, and apply the change by hand if all is well",
    )
