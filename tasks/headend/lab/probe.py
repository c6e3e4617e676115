"""``test aaa-server``: a headend's own login attempt against one of its servers."""

from __future__ import annotations

from headend.lab.box import Box
from headend.lab.ldap import Lookup
from headend.lab.radius_client import ACCEPT, CHALLENGE, REJECT, RadiusClient
from headend.lab.radius_server import RadiusNetwork
from headend.lab.settings import servers
from headend.lab.shell import Tester


def probe(box: Box, network: RadiusNetwork) -> Tester:
    """Return the function that carries out ``test aaa-server`` on this headend."""

    async def test(arguments: tuple[str, ...]) -> list[str]:
        group, address, user, password = arguments
        server = next(
            (one for one in servers(box.configuration, group) if one.address == address), None
        )
        if server is None:
            return [f"ERROR: aaa-server group {group} has no host {address}"]
        # Two seconds more than configured: that is how headends announce it.
        timeout = int(server.setting("timeout", "10")) + 2
        first = (
            "INFO: Attempting Authentication test to IP address "
            f"<{address}> (timeout: {timeout} seconds)"
        )
        if server.protocol == "ldap":
            verdict = await Lookup(box, server, user, password).run()
            status = verdict.status
        else:
            reply = await RadiusClient(box, network).ask(server, user, password, "0.0.0.0")  # noqa: S104
            status = {ACCEPT: 1, REJECT: -1, CHALLENGE: 2}.get(reply.code, -3)
        answer = {
            1: "INFO: Authentication Successful",
            -1: "ERROR: Authentication Rejected: AAA failure",
            2: "ERROR: Authentication Rejected: Unspecified",
        }
        silent = "ERROR: Authentication Server not responding: AAA Server has been removed"
        return [first, answer.get(status, silent)]

    return test
