"""Jump hosts: the way to a headend, and one connection to each of them that all sessions share."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import cast

import asyncssh

from headend.device import hostkeys, identity, transport
from headend.device.access import Access, Hop
from headend.device.peer import Peer
from headend.errors import InputError

_SSH_PORT = 22
_MOST_HOPS = 8


def way(host: str, port: int | None, access: Access) -> tuple[Hop, tuple[Hop, ...], Access]:
    """Return where the headend is, the hosts before it, and the access with its key filled in.

    An ``ssh_config`` gives HostName, Port, User, ProxyJump and IdentityFile where the inventory
    gives none. Raises ``InputError`` when it cannot be read, or leads in a circle.
    """
    if access.ssh_config is None:
        hops = [dataclasses.replace(hop, port=hop.port or _SSH_PORT) for hop in access.jump]
        return Hop(host, port or _SSH_PORT), tuple(hops), access
    target, configured, key = _look_up(access, Hop(host, port or 0))
    if key and not access.credentials.key:
        credentials = dataclasses.replace(access.credentials, key=key)
        access = dataclasses.replace(access, credentials=credentials)
    hops = []
    ahead = list(access.jump or configured)
    while ahead:
        hop, before, _ = _look_up(access, ahead.pop())
        hops.insert(0, hop)
        if not ahead:
            ahead = list(before)
        if len(hops) > _MOST_HOPS:
            raise InputError(
                f"The way to {host} has more than {_MOST_HOPS} jump hosts",
                remedy=f"Look for a circle of ProxyJump in {access.ssh_config}",
            )
    return target, tuple(hops), access


def _look_up(access: Access, hop: Hop) -> tuple[Hop, tuple[Hop, ...], str]:
    """Return what the ssh_config makes of a host: address, hosts before it, key file."""
    path = access.ssh_config
    try:
        options = asyncssh.SSHClientConnectionOptions(
            config=[str(path)], host=hop.host, port=hop.port or (), client_keys=None, gss_host=None
        )
    except (OSError, ValueError, asyncssh.Error) as error:
        raise InputError(f"The ssh_config {path} cannot be used: {error}") from error
    before = str(options.config.get("ProxyJump") or "none")
    user = hop.username or cast("str | None", options.config.get("User"))
    files = cast("list[str]", options.config.get("IdentityFile") or [""])
    hops = () if before == "none" else tuple(map(Hop.from_text, before.split(",")))
    return Hop(str(options.host), int(options.port), user), hops, files[0]


def peers(hops: tuple[Hop, ...], access: Access) -> tuple[Peer, ...]:
    """Return the jump hosts as servers to log in to. Raises what ``identity.resolve`` does."""
    if not hops:
        return ()
    credentials = access.credentials_of_jumps()
    return tuple(
        Peer(
            hop.host,
            hop.port,
            identity.resolve(credentials, f"{hop.host}:{hop.port}", username=hop.username),
            hostkeys.pins(access.keys, hop.host, hop.port),
            access.algorithms,
            is_jump=True,
        )
        for hop in hops
    )


class _Shared:
    def __init__(self, opening: asyncio.Task[asyncssh.SSHClientConnection]) -> None:
        self.opening = opening
        self.users = 0

    @property
    def usable(self) -> bool:
        if not self.opening.done():
            return True
        failed = self.opening.cancelled() or self.opening.exception()
        return not failed and not self.opening.result().is_closed()


_OPEN: dict[tuple[Peer, ...], _Shared] = {}


class Tunnel:
    """A claim on the connection to the last of some jump hosts; used on the event loop only."""

    def __init__(self, hosts: tuple[Peer, ...]) -> None:
        self._hosts = hosts
        self._shared: _Shared | None = None

    @property
    def leads_on(self) -> bool:
        """Whether there is a host in between."""
        return bool(self._hosts)

    async def open(self) -> asyncssh.SSHClientConnection | None:
        """Log in, or share the login that there is; ``None`` for no jump host at all.

        Raises what ``transport.connect`` does.
        """
        if not self._hosts:
            return None
        shared = _OPEN.get(self._hosts)
        if shared is None or not shared.usable:
            shared = _Shared(asyncio.ensure_future(_log_in(self._hosts)))
            _OPEN[self._hosts] = shared
        self._shared = shared
        shared.users += 1
        # Shielded: one headend's time limit must not cancel what others wait for.
        return await asyncio.shield(shared.opening)

    def close(self) -> None:
        """Give the claim back; the last one closes the connection."""
        shared, self._shared = self._shared, None
        if shared is None:
            return
        shared.users -= 1
        if not shared.users:
            if _OPEN.get(self._hosts) is shared:
                del _OPEN[self._hosts]
            if not shared.opening.done():
                shared.opening.cancel()
            elif shared.usable:
                shared.opening.result().close()


async def _log_in(hosts: tuple[Peer, ...]) -> asyncssh.SSHClientConnection:
    before = Tunnel(hosts[:-1])
    try:
        connection = await transport.connect(hosts[-1], await before.open())
    except BaseException:
        before.close()
        raise
    watch = asyncio.ensure_future(connection.wait_closed())
    watch.add_done_callback(lambda _: before.close())
    return connection
