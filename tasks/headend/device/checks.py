"""Can a capture work on this headend, and is it safe there: replies in, checks out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from headend.model.check import Check, CheckState
from headend.parse import show

# What preflight reads, in one write. Only the setting lines of "show logging": the buffer below
# them can be megabytes.
COMMANDS = (
    "show curpriv",
    "show version",
    "show mode",
    "show failover",
    "show cpu usage",
    "show ssh sessions",
    "show logging | include logging:",
    "show debug",
    "show clock",
    "show running-config aaa-server",
    "show running-config ssh",
    "show checksum",
    # No check needs it: it is the "before" of the counters, and so it is read last.
    "show aaa-server",
)
DEBUG_PRIVILEGE = 15
MAX_CPU = 60.0  # per cent; debug output is printed at high priority
SESSION_QUOTA = 5  # Cisco ASA configuration guide: five SSH sessions per context by default
MAX_OFFSET = 60.0  # seconds between the headend's clock and ours before times mislead

Replies = Mapping[str, str]


def run(replies: Replies, duration: float, now: float) -> tuple[Check, ...]:
    """Judge the replies to ``COMMANDS`` for a capture of ``duration`` seconds at Unix time ``now``.

    A reply that cannot be read makes its check ``unknown``, never ``ok``.
    """
    checks: list[tuple[str, Callable[[], Check | None]]] = [
        ("privilege", lambda: _privilege(replies)),
        ("role", lambda: _role(replies)),
        ("cpu", lambda: _cpu(replies)),
        ("ssh-sessions", lambda: _sessions(replies)),
        ("debug-trace", lambda: _debug_trace(replies)),
        ("hidden-names", lambda: _hidden_names(replies)),
        ("stray-debug", lambda: _stray_debug(replies)),
        ("ssh-timeout", lambda: _ssh_timeout(replies, duration)),
        ("clock", lambda: _clock(replies, now)),
        ("release", lambda: _release(replies)),
    ]
    return tuple(check() or _unknown(name) for name, check in checks)


def protocols(replies: Replies) -> frozenset[str]:
    """Return the protocols of the headend's AAA server groups: ``radius``, ``ldap`` ..."""
    rows = _rows(replies, "show running-config aaa-server")
    return frozenset(row["protocol"].lower() for row in rows if row.get("protocol"))


def own_session(replies: Replies, username: str, address: str) -> int | None:
    """Return the SID of our own SSH session, ``None`` where more than one could be it."""
    ours = sessions_of(replies, username)
    if len(ours) > 1:
        ours = {sid: client for sid, client in ours.items() if client == address}
    return next(iter(ours)) if len(ours) == 1 else None


def sessions_of(replies: Replies, username: str) -> dict[int, str]:
    """Return SID -> client address of the SSH sessions under this user name."""
    return {
        int(row["sid"]): row.get("client_ip", "")
        for row in _rows(replies, "show ssh sessions")
        if row.get("username") == username and row.get("sid", "").isdigit()
    }


def _rows(replies: Replies, command: str) -> list[dict[str, str]]:
    """Return the rows of a command's reply, whatever filter it was read through."""
    text = next((text for asked, text in replies.items() if asked.split(" |")[0] == command), "")
    return show.rows(command, text)


def _first(replies: Replies, command: str) -> dict[str, str]:
    return next(iter(_rows(replies, command)), {})


def _unknown(name: str) -> Check:
    return Check(name, CheckState.UNKNOWN, "The headend's answer could not be read")


def _privilege(replies: Replies) -> Check | None:
    level = _first(replies, "show curpriv").get("privilege", "")
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


def _role(replies: Replies) -> Check | None:
    mode = _first(replies, "show mode").get("mode", "")
    failover = _first(replies, "show failover")
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


def _cpu(replies: Replies) -> Check | None:
    row = _first(replies, "show cpu usage")
    try:
        busy = max(float(row["five_seconds"].strip("%")), float(row["one_minute"].strip("%")))
    except (KeyError, ValueError):
        return None
    if busy > MAX_CPU:
        return Check(
            "cpu",
            CheckState.REFUSE,
            f"The CPU is at {busy:.0f} %, over the limit of {MAX_CPU:.0f} %",
            "Wait for a quieter time, or diagnose its syslog instead",
        )
    return Check("cpu", CheckState.OK, f"The CPU is at {busy:.0f} %")


def _sessions(replies: Replies) -> Check | None:
    used = len({row.get("sid") for row in _rows(replies, "show ssh sessions")})
    if not used:
        return None
    free = SESSION_QUOTA - used
    state = CheckState.OK if free > 0 else CheckState.WARN
    return Check(
        "ssh-sessions",
        state,
        f"{used} of {SESSION_QUOTA} SSH sessions are in use, ours among them",
        "" if free > 0 else "Nobody else can log in while the capture runs: keep it short",
    )


def _debug_trace(replies: Replies) -> Check | None:
    setting = _first(replies, "show logging").get("debug_trace", "").lower()
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


def _hidden_names(replies: Replies) -> Check | None:
    setting = _first(replies, "show logging").get("hide_username", "").lower()
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


def _stray_debug(replies: Replies) -> Check | None:
    if "show debug" not in replies:  # an empty reply is an answer
        return None
    stray = [row["debug"] for row in _rows(replies, "show debug") if row.get("debug")]
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


def _ssh_timeout(replies: Replies, duration: float) -> Check | None:
    minutes = _first(replies, "show running-config ssh").get("timeout", "")
    if not minutes.isdigit():
        return None
    note = "; a newline keeps the session alive" if duration > int(minutes) * 60 else ""
    return Check("ssh-timeout", CheckState.OK, f"Idle sessions end after {minutes} min{note}")


def _clock(replies: Replies, now: float) -> Check | None:
    row = _first(replies, "show clock")
    try:
        stamp = datetime.strptime(
            f"{row['time'][:8]} {row['month']} {row['day']} {row['year']} +0000",
            "%H:%M:%S %b %d %Y %z",
        )
    except (KeyError, ValueError):
        return None
    if row.get("timezone", "") not in {"UTC", "GMT"}:
        # Zone names are the site's own and ambiguous: compare minutes and seconds only.
        offset = (stamp.timestamp() - now + 450) % 900 - 450
    else:
        offset = stamp.timestamp() - now
    if abs(offset) > MAX_OFFSET:
        return Check(
            "clock",
            CheckState.WARN,
            f"Its clock is {offset:+.0f} s from ours",
            "Time-based tokens and certificates may fail for that alone: check NTP",
        )
    return Check("clock", CheckState.OK, f"Its clock is {offset:+.0f} s from ours")


def _release(replies: Replies) -> Check | None:
    version = _first(replies, "show version").get("version", "")
    return Check("release", CheckState.OK, f"ASA {version}") if version else None
