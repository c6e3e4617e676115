"""How a headend stands now: who is connected, and in what state its servers are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from headend.diagnosis.server_groups import servers_of
from headend.model.servers import AaaServer
from headend.parse import show

SERVERS, SESSIONS = "show aaa-server", "show vpn-sessiondb anyconnect"


@dataclass(frozen=True, slots=True)
class Standing:
    """The servers of a headend, and how many sessions live there by tunnel group."""

    headend: str
    servers: tuple[AaaServer, ...] = ()
    sessions: Mapping[str, int] = field(default_factory=dict)

    def server(self, address: str) -> AaaServer | None:
        """Return the server of that address or name; the worst, where several groups have it."""
        mine = [one for one in self.servers if address in {one.address, one.hostname}]
        return min(mine, key=lambda one: one.active, default=None)


def standing(headend: str, servers: str, sessions: str) -> Standing:
    """Return what the replies to ``SERVERS`` and ``SESSIONS`` tell."""
    groups = dict.fromkeys(row.get("group", "") for row in show.rows(SERVERS, servers))
    found = tuple(one for group in groups for one in servers_of(group, servers).values())
    rows = show.rows(SESSIONS, sessions)
    # A detailed table has a row more for each tunnel of a session.
    groups_of = {row.get("index", ""): row.get("tunnel_group", "") for row in rows}
    return Standing(headend, found, Counter(groups_of.values()))
