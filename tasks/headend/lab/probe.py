"""``test aaa-server``: a headend's own login attempt against one of its servers."""

from __future__ import annotations

from typing import Final

from headend.lab.box import Box
from headend.lab.ldap import Lookup
from headend.lab.radius_client import ACCEPT, CHALLENGE, REJECT, RadiusClient
from headend.lab.radius_server import RadiusNetwork
from headend.lab.server_test import Tester
from headend.lab.settings import Server

_SILENT: Final = "ERROR: Authentication Server not responding: AAA Server has been removed"
_ANSWERS: Final = {
    1: "INFO: Authentication Successful",
    -1: "ERROR: Authentication Rejected: AAA failure",
    2: "ERROR: Authentication Challenged: No error",
}


def probe(box: Box, network: RadiusNetwork) -> Tester:
    """Return the function that carries out ``test aaa-server`` on this headend."""

    async def test(server: Server, user: str, password: str) -> list[str]:
        # Two seconds more than configured: that is how headends announce it.
        timeout = int(server.setting("timeout", "10")) + 2
        first = (
            "INFO: Attempting Authentication test to IP address "
            f"<{server.address}> (timeout: {timeout} seconds)"
        )
        if server.protocol == "ldap":
            status = await _ask_directory(box, server, user, password)
        else:
            reply = await RadiusClient(box, network).ask(server, user, password, "0.0.0.0")  # noqa: S104
            status = {ACCEPT: 1, REJECT: -1, CHALLENGE: 2}.get(reply.code, -3)
        return [first, _ANSWERS.get(status, _SILENT)]

    return test


async def _ask_directory(box: Box, server: Server, user: str, password: str) -> int:
    state = box.counters.of(server.group, "ldap", server.address, server.port)
    if state.stale and server.address not in box.unreachable:
        # The first test after a repair still fails (practitioners' notes): it finds the old
        # connection dead, and nobody is asked.
        state.stale = False
        state.authentication_requests += 1
        state.timeouts += 1
        return -3
    return (await Lookup(box, server, user, password).run()).status
