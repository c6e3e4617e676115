"""The verdict of a survey in one sentence."""

from __future__ import annotations

from headend.model.outbreak import Verdict


def sentence(told: Verdict, user: str | None = None) -> str:
    """Return what comes first: who fails, where, since when, and what that comes to."""
    if told.kind == "nobody" and told.cause is None and user:
        return f"No login of {user} failed {told.span}"
    if told.kind == "nobody":
        return f"Nobody failed{f' for {told.cause}' if told.cause else ''} {told.span}"
    if told.kind == "alone":
        who = user or next(iter(told.names), "one user")
        return (
            f"Nobody else failed for this reason ({told.cause}) {told.span}: "
            f"it is {'this user' if user else who}'s alone"
        )
    users = f"{'about ' if told.about else ''}{counted(told.users, 'user')}"
    if told.hidden:
        users += f" and {counted(told.hidden, 'login')} of hidden names"
    where = counted(len(told.headends), "headend")
    at = f" at server {told.server}" if told.server else ""
    if told.kind == "outage":
        one = told.users + told.hidden == 1
        verb = "failed" if told.over else "fails" if one else "fail"
        said = (
            f"{users} on {where} {verb}{at}{_when(told)} ({told.cause}): an outage of that server"
        )
        if told.accepted:
            said += f" as seen from there; {_accepted(told)} meanwhile"
        return said
    said = f"{users} on {where} failed{at} {told.span} ({told.cause})"
    if told.accepted:
        return f"{said}; it accepted {counted(_sum(told), 'login')} meanwhile, so it is not down"
    return said


def counted(count: int, noun: str) -> str:
    """Return ``1 user``, ``1,200 users``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _when(told: Verdict) -> str:
    if told.first is None or told.last is None:
        return ""
    if told.over:
        until = "%H:%M" if told.first.date() == told.last.date() else "%Y-%m-%d %H:%M"
        return f" from {told.first:%Y-%m-%d %H:%M} to {told.last.strftime(until)}"
    return f" since {told.first:%Y-%m-%d %H:%M}"


def _accepted(told: Verdict) -> str:
    shown = ", ".join(headend for headend, _ in told.accepted[:3])
    return f"it accepted {counted(_sum(told), 'login')} on {shown}"


def _sum(told: Verdict) -> int:
    return sum(count for _, count in told.accepted)
