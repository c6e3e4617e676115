"""How a headend stands now: how many sessions live, and in what state its servers are."""

from __future__ import annotations

from headend.diagnosis.server_groups import servers_of
from headend.parse import show

SERVERS, SESSIONS = "show aaa-server", "show vpn-sessiondb anyconnect"


def sessions(reply: str) -> int:
    """Return how many sessions live."""
    return len(show.rows(SESSIONS, reply))


def servers(reply: str) -> tuple[tuple[str, str], ...]:
    """Return each server's address and state."""
    groups = {row.get("group", "") for row in show.rows(SERVERS, reply)}
    found = [one for group in groups for one in servers_of(group, reply).values()]
    return tuple(sorted({(one.address, one.state or "") for one in found}))
