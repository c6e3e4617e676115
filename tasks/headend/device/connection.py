"""Open a session: the inventory's word on the way there, then transport and login."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import asyncssh

from headend.device import hostkeys, identity, jump, reactor, transport
from headend.device.access import Access
from headend.device.commands import CommandClass
from headend.device.credentials import VAULT, one_time
from headend.device.hostkeys import OfferedKey
from headend.device.login import Identity
from headend.device.peer import Peer
from headend.device.session import READ_ONLY, AsaSession
from headend.device.tape import Tape
from headend.errors import InputError


class HeadendConnection:
    """The Nornir connection plugin ``headend``: ``task.host.get_connection("headend", ...)``.

    Inventory ``connection_options.headend.extras`` may hold what ``Access`` reads; whoever opens
    it from Python may add the ``tape`` that records it from its first byte.
    """

    allowed = READ_ONLY
    connection: AsaSession

    def open(  # noqa: PLR0913, PLR0917 - Nornir's signature
        self,
        hostname: str | None,
        username: str | None,
        password: str | None,
        port: int | None,
        platform: str | None,
        extras: dict[str, Any] | None = None,
        configuration: dict[str, Any] | None = None,  # noqa: ARG002 - Nornir's signature
    ) -> None:
        """Log in; see ``open_session`` for what it raises."""
        if platform not in {None, "cisco_asa"}:
            raise InputError(
                f"{hostname} has platform {platform!r} in the inventory",
                remedy="A headend has platform: cisco_asa",
            )
        if not hostname:
            raise InputError("The inventory gives no hostname for this headend")
        given = dict(extras or {})
        tape = given.pop("tape") if isinstance(given.get("tape"), Tape) else None
        self.connection = open_session(
            hostname,
            port,
            Access.from_data(given),
            username=username,
            password=password,
            tape=tape,
            allowed=self.allowed,
        )

    def close(self) -> None:
        """Log out."""
        self.connection.disconnect()


def open_session(  # noqa: PLR0913 - each is one fact of the inventory
    host: str,
    port: int | None,
    access: Access,
    *,
    username: str | None = None,
    password: str | None = None,
    allowed: frozenset[CommandClass] = READ_ONLY,
    tape: Tape | None = None,
) -> AsaSession:
    """Return a session at ``#``; the pager goes off with the first command.

    A user name or password that a Nornir inventory carries wins over the references. Raises
    ``InputError`` (no credential), ``Unreachable``, ``HostKeyRefused``, ``SessionQuotaFull``,
    ``LoginRefused``, ``CaptureRefused`` (a device that is no ASA).
    """
    target, hops, access = jump.way(host, port, access)
    where = f"{target.host}:{target.port}"
    who = identity.resolve(
        access.credentials, where, username=username or target.username, password=password
    )
    peer = Peer(
        target.host,
        target.port,
        who,
        hostkeys.pins(access.keys, target.host, target.port),
        access.algorithms,
        access.keepalive,
    )
    enable = access.credentials.enable
    if not one_time(enable):
        VAULT.resolve(enable, "enable password", where)
    tunnel = jump.Tunnel(jump.peers(hops, access))
    line = reactor.run(transport.shell(peer, tunnel))
    return AsaSession(
        host=host,
        port=target.port,
        line=line,
        username=who.username,
        enable=enable,
        allowed=allowed,
        tape=tape,
    )


def offered_keys(host: str, port: int | None, access: Access) -> Iterator[OfferedKey]:
    """Ask a headend, and each jump host before it, for its key; the nearest first.

    A jump host is logged in to when the next key is asked for: record its key before. Raises
    ``Unreachable``, and what logging in to a jump host does.
    """
    target, hops, access = jump.way(host, port, access)
    for number, hop in enumerate((*hops, target)):
        pins = hostkeys.pins(access.keys, hop.host, hop.port)
        peer = Peer(hop.host, hop.port, Identity(""), pins, access.algorithms)
        tunnel = jump.Tunnel(jump.peers(hops[:number], access))
        key = reactor.run(_offered_key(peer, tunnel))
        yield hostkeys.offered(hop.host, hop.port, access.keys, key)


async def _offered_key(peer: Peer, tunnel: jump.Tunnel) -> asyncssh.SSHKey:
    try:
        return await transport.offered_key(peer, await tunnel.open())
    finally:
        tunnel.close()
