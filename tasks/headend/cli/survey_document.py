"""A survey as the JSON document ``headend.survey/1``."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headend.workflow.surveying import Asked, Surveyed

_NAMES = 1_000


def document(found: Surveyed) -> dict[str, object]:
    """Return it as plain values; of the names no more than a thousand."""
    verdict, ticket = found.verdict, found.ticket
    return {
        "schema": "headend.survey/1",
        "ticket": {"cause": ticket.cause, "user": ticket.user, "tunnel_group": ticket.group},
        "verdict": {
            "kind": verdict.kind,
            "sentence": found.sentence,
            "cause": verdict.cause,
            "server": verdict.server,
            "users": verdict.users,
            "users_exact": not verdict.about,
            "names": list(verdict.names[:_NAMES]),
            "failures": verdict.failures,
            "hidden": verdict.hidden,
            "headends": list(verdict.headends),
            "first": _time(verdict.first),
            "last": _time(verdict.last),
            "over": verdict.over,
            "per_hour": asdict(verdict.rate) if verdict.rate else None,
            "accepted": sum(count for _, count in verdict.accepted),
            "accepted_by_headend": dict(verdict.accepted),
            "weighed": [asdict(one) for one in verdict.weighed],
        },
        "outages": [
            {
                "cause": one.cause,
                "server": one.server,
                "headends": list(one.headends),
                "first": _time(one.first),
                "last": _time(one.last),
                "over": one.over,
                "users": one.users,
                "users_exact": not one.about,
                "failures": one.failures,
            }
            for one in found.outages
        ],
        "attempts": found.attempts,
        "unclear": found.unclear,
        "causes": [
            {"cause": one, "failures": count, "users": users} for one, count, users in found.causes
        ],
        "headends": [_headend(each) for each in found.asked],
        "files": [{"name": name, "lines": lines} for name, lines in found.read],
        "doubts": list(found.doubts),
    }


def _headend(each: Asked) -> dict[str, object]:
    stands = each.standing
    return {
        "name": each.headend,
        "log_lines": each.lines,
        "log_bytes": each.size,
        "sessions": sum(stands.sessions.values()) if stands else 0,
        "sessions_by_group": dict(stands.sessions) if stands else {},
        "servers": [
            {
                "address": one.address,
                "state": one.state,
                "since": one.since,
                "timeouts": one.counters.get("timeouts"),
                "answers": one.answers,
            }
            for one in (stands.servers if stands else ())
        ],
        "error": str(each.error) if each.error else None,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
