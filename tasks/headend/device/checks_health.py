"""Can this headend bear a capture, and is its time right: CPU, memory, clock, NTP."""

from __future__ import annotations

from datetime import datetime

from headend.device.situation import Situation
from headend.device.witnesses import instead
from headend.model.check import Check, CheckState

MIN_MEMORY = 10  # per cent that must be free
MAX_OFFSET = 60.0  # seconds between the headend's clock and ours before times mislead


def cpu(here: Situation) -> Check | None:
    """Judge the CPU by its last five seconds and its last minute."""
    row = here.first("show cpu usage")
    try:
        busy = max(float(row["five_seconds"].strip("%")), float(row["one_minute"].strip("%")))
    except (KeyError, ValueError):
        return None
    if busy > here.limits.max_cpu:
        return Check(
            "cpu",
            CheckState.REFUSE,
            f"The CPU is at {busy:.0f} %, over the limit of {here.limits.max_cpu:.0f} %",
            f"Wait for a quieter time, or raise --max-cpu. Without debug: {instead(here)}",
        )
    return Check("cpu", CheckState.OK, f"The CPU is at {busy:.0f} %")


def memory(here: Situation) -> Check | None:
    """Judge the free memory: debug that is not read fast enough is held there."""
    row = here.first("show memory")
    try:
        free = int(
            row.get("free_percent") or 100 * int(row["free_bytes"]) // int(row["total_bytes"])
        )
    except (KeyError, ValueError, ZeroDivisionError):
        return None
    if free < MIN_MEMORY:
        return Check(
            "memory",
            CheckState.REFUSE,
            f"Only {free} % of the memory is free, under the limit of {MIN_MEMORY} %",
            f"Look after the memory first: logins fail for it too. Without debug: {instead(here)}",
        )
    return Check("memory", CheckState.OK, f"{free} % of the memory is free")


def clock(here: Situation) -> Check | None:
    """Judge the headend's clock by ours."""
    row = here.first("show clock")
    try:
        stamp = datetime.strptime(
            f"{row['time'][:8]} {row['month']} {row['day']} {row['year']} +0000",
            "%H:%M:%S %b %d %Y %z",
        )
    except (KeyError, ValueError):
        return None
    if row.get("timezone", "") not in {"UTC", "GMT"}:
        # Zone names are the site's own and ambiguous: compare minutes and seconds only.
        offset = (stamp.timestamp() - here.now + 450) % 900 - 450
    else:
        offset = stamp.timestamp() - here.now
    words = f"Its clock is {round(offset):+d} s from ours"  # a float would say -0
    if abs(offset) > MAX_OFFSET:
        return Check(
            "clock",
            CheckState.WARN,
            words,
            "Time-based tokens and certificates may fail for that alone: check NTP",
        )
    return Check("clock", CheckState.OK, words)


def ntp(here: Situation) -> Check | None:
    """Judge whether the clock follows a server: an offset of today grows."""
    reply = here.asked("show ntp status")
    if reply is None:
        return None
    state = here.first("show ntp status").get("state", "")
    if state == "synchronized":
        return Check("ntp", CheckState.OK, "Its clock follows a time server")
    if state == "unsynchronized" or "not enabled" in reply or "not configured" in reply:
        return Check(
            "ntp",
            CheckState.WARN,
            "Its clock follows no time server",
            "Kerberos, one-time codes and certificates depend on it: check ntp server",
        )
    return None
