"""Replies about AAA servers, as server groups with their servers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from headend.diagnosis.server_uses import uses_of
from headend.model.servers import LOCAL, AaaServer, ServerGroup, Use
from headend.parse import show

Row = Mapping[str, Any]

# How a headend says that it will not tell (corpus, Ansible's list of ASA errors).
_REFUSED = re.compile(r"\s*(?:ERROR: |% |Command authorization failed)")
_MOST_DIGITS = 15
_STAMP = "%H:%M:%S %a %b %d %Y"
_COUNTERS = {
    "authentication_requests": "authentication requests",
    "authorization_requests": "authorization requests",
    "accounting_requests": "accounting requests",
    "retransmissions": "retransmissions",
    "accepts": "accepts",
    "rejects": "rejects",
    "challenges": "challenges",
    "malformed_responses": "malformed responses",
    "bad_authenticators": "bad authenticators",
    "timeouts": "timeouts",
    "unrecognized_responses": "unrecognized responses",
}


class Replies(NamedTuple):
    """What a headend replied to the ``show`` commands of a survey."""

    servers: str
    settings: str
    tunnel_groups: str
    administration: str
    clock: str
    failover: str

    @property
    def refused(self) -> frozenset[str]:
        """The commands that the headend did not answer."""
        asked = zip(COMMANDS, self, strict=True)
        return frozenset(command for command, reply in asked if _REFUSED.match(reply))


COMMANDS = Replies(
    "show aaa-server",
    "show running-config aaa-server",
    "show running-config tunnel-group",
    "show running-config aaa",
    "show clock",
    "show failover",
)


def server_groups(replies: Replies) -> tuple[ServerGroup, ...]:
    """Return the groups in the order in which the headend names them.

    ``LOCAL`` comes with them where a tunnel group uses it, without servers.
    """
    settings = show.rows(COMMANDS.settings, replies.settings)
    shown = show.rows(COMMANDS.servers, replies.servers)
    now = _clock(show.rows(COMMANDS.clock, replies.clock))
    names = dict.fromkeys(row["group"] for row in (*settings, *shown) if row.get("group"))
    uses = _uses(replies, names)
    found = []
    for name in dict.fromkeys([*names, *([LOCAL] if uses and LOCAL in uses else [])]):
        configured = [row for row in settings if row.get("group") == name]
        states = [row for row in shown if row.get("group") == name]
        first: Row = next(iter((*configured, *states)), {})
        found.append(
            ServerGroup(
                name,
                str(first.get("protocol", "local users" if name == LOCAL else "")),
                tuple(_servers(states, [row for row in configured if row.get("host")], now)),
                None if uses is None else tuple(uses.get(name, ())),
                _number(first, "max_failed_attempts"),
                first.get("reactivation_mode"),
            )
        )
    return tuple(found)


def servers_of(group: str, reply: str) -> dict[str, AaaServer]:
    """Return the servers of a ``show aaa-server GROUP`` reply by address."""
    rows = [row for row in show.rows(COMMANDS.servers, reply) if row.get("group") == group]
    return {server.address: server for server in _servers(rows, (), None)}


def standby(replies: Replies) -> bool:
    """Say whether this is the standby unit of a pair, which no VPN login reaches."""
    rows = show.rows(COMMANDS.failover, replies.failover)
    return any(row.get("this_host_state", "").startswith("Standby") for row in rows)


def missing(groups: Sequence[ServerGroup], replies: Replies) -> dict[str, list[Use]]:
    """Return the server groups that tunnel groups name and the headend does not have."""
    known = {group.name for group in groups}
    if replies.refused >= {COMMANDS.servers, COMMANDS.settings}:
        return {}
    uses = _uses(replies, known) or {}
    return {name: some for name, some in uses.items() if name not in known}


def _uses(replies: Replies, names: Iterable[str]) -> dict[str, list[Use]] | None:
    if COMMANDS.tunnel_groups in replies.refused:
        return None
    administration = show.rows(COMMANDS.administration, replies.administration)
    return uses_of(
        show.rows(COMMANDS.tunnel_groups, replies.tunnel_groups),
        [row.get("section", "") for row in administration],
        names,
    )


def _servers(
    shown: Sequence[Row], configured: Sequence[Row], now: tuple[datetime, str] | None
) -> Iterable[AaaServer]:
    for at, row in enumerate(shown):
        names = {row.get("address"), row.get("hostname")}
        setting = next((each for each in configured if each["host"] in names), None)
        if setting is None and len(shown) == len(configured):
            setting = configured[at]  # configured by a name that "show aaa-server" does not print
        yield AaaServer(
            address=row["address"],
            hostname=row.get("hostname"),
            port=_number(row, "port") or None,
            state=row.get("status"),
            since=row.get("status_time"),
            age=_age(row.get("status_time", ""), now),
            pending=_number(row, "pending_requests"),
            round_trip=_number(row, "round_trip_ms"),
            timeout=_number(setting or {}, "timeout"),
            counters={
                name: count
                for column, name in _COUNTERS.items()
                if (count := _number(row, column)) is not None
            },
        )
    if not shown:
        for row in configured:
            yield AaaServer(row["host"], timeout=_number(row, "timeout"))


def _number(row: Row, column: str) -> int | None:
    value = str(row.get(column, ""))
    return int(value) if value.isdecimal() and len(value) <= _MOST_DIGITS else None


def _clock(rows: Sequence[Row]) -> tuple[datetime, str] | None:
    for row in rows:
        time = str(row["time"]).partition(".")[0]
        date = " ".join(str(row.get(part)) for part in ("weekday", "month", "day", "year"))
        return _moment(f"{time} {row.get('timezone')} {date}")
    return None


def _moment(text: str) -> tuple[datetime, str] | None:
    time, _, rest = text.partition(" ")
    zone, _, date = rest.partition(" ")
    try:
        return datetime.strptime(f"{time} {date}", _STAMP), zone  # noqa: DTZ007 - the zone is a name
    except ValueError:
        return None


def _age(since: str, now: tuple[datetime, str] | None) -> float | None:
    """Return how long ago it was by the headend's own clock, if both name one time zone."""
    then = _moment(since)
    if then is None or now is None or then[1] != now[1]:
        return None
    return max((now[0] - then[0]).total_seconds(), 0.0)
