"""The verdict of a survey in one sentence."""

from __future__ import annotations

from headend.model.outbreak import Verdict

# So much more than before, and so many, is no chance.
_OFTEN = 3
_MANY = 5
_DIGITS = 2


def sentence(told: Verdict, user: str | None = None) -> str:
    """Return what comes first: who fails, where, since when, and what that comes to."""
    if told.kind == "nobody" and told.cause is None and user:
        return f"No failed login names {user} {told.span}"
    if told.kind == "nobody":
        return f"Nobody failed{f' for {told.cause}' if told.cause else ''} {told.span}"
    if told.kind == "alone":
        who = user or next(iter(told.names), "one user")
        return (
            f"Nobody else failed for this reason ({told.cause}) {told.span}: "
            f"it is {'this user' if user else who}'s alone"
        )
    users = about(told.users, exact=not told.about) + (" user" if told.users == 1 else " users")
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
    return said + _compared(told)


def _compared(told: Verdict) -> str:
    """Tell an outbreak from what is so every day."""
    rate = told.rate
    if rate is None or not rate.before:
        return ""
    times = rate.now / rate.before
    if times >= _OFTEN and rate.now >= _MANY:
        return f"; in the last hour {times:,.0f} times as often as before"
    return "; in the last hour not more often than before"


def about(count: int, *, exact: bool) -> str:
    """Return a number, or no more of its digits than are certain: ``about 840,000``."""
    if exact:
        return f"{count:,}"
    size = 10 ** max(len(str(count)) - _DIGITS, 0)
    return f"about {round(count / size) * size:,}"


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
