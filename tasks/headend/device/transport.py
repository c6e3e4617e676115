"""Open an SSH session: path, host key, login, shell."""

from __future__ import annotations

import asyncio
import logging
import time
import warnings
from typing import Any, Protocol

import asyncssh

from headend.device import failures, reactor
from headend.device.channel import Channel
from headend.device.login import CONNECT_WAIT, Login
from headend.device.peer import Peer
from headend.errors import LoginError, Unreachable

# What a headend or a stranger sends must not reach a terminal through a library's log.
logging.getLogger("asyncssh").addHandler(logging.NullHandler())
# Old headends have no other key exchange; that is said once, in the inventory (see algorithms).
warnings.filterwarnings("ignore", message="Diffie-Hellman over finite fields")

# Silence of so many seconds, three times over, is a dead session: nine seconds in all. Any byte
# counts, and every SSH server answers the question, be it with a refusal (RFC 4254, section 4).
KEEPALIVE = 3.0
_UNANSWERED = 2
_GOODBYE = 2.0


class Line:
    """An open shell: its ``channel`` of bytes, and the connection that carries it."""

    def __init__(
        self,
        connection: asyncssh.SSHClientConnection,
        channel: Channel,
        began: float,
        tunnel: Tunnel,
    ) -> None:
        self.channel = channel
        self.began = began  # Unix time at which the TCP connection was begun
        self._connection = connection
        self._tunnel = tunnel
        # Behind a jump host our address is none that the headend sees.
        name = None if tunnel.leads_on else connection.get_extra_info("sockname")
        self.local_address = str(name[0]) if name else ""

    def close(self) -> None:
        """Send what was written, then close, and wait until it is."""
        reactor.run(self._close())

    async def _close(self) -> None:
        self._connection.close()
        try:
            async with asyncio.timeout(_GOODBYE):
                await self._connection.wait_closed()
        except TimeoutError:
            self._connection.abort()
        finally:
            self._tunnel.close()


class Tunnel(Protocol):
    """The way to a server through others, or straight."""

    @property
    def leads_on(self) -> bool:
        """Whether there is a host in between."""

    async def open(self) -> asyncssh.SSHClientConnection | None:
        """Return the connection to the last host in between."""

    def close(self) -> None:
        """Give it back."""


async def shell(peer: Peer, tunnel: Tunnel) -> Line:
    """Return a shell on ``peer``; see ``connect`` for what it raises."""
    began = time.time()
    connection: asyncssh.SSHClientConnection | None = None
    try:
        connection = await connect(peer, await tunnel.open())
        channel = Channel()
        async with asyncio.timeout(CONNECT_WAIT):
            await connection.create_session(lambda: channel, request_pty=False, encoding=None)
    except BaseException as error:
        if connection:
            connection.abort()
        tunnel.close()
        if isinstance(error, (asyncssh.Error, OSError)):  # TimeoutError is one
            raise LoginError(
                f"{peer.where} took the login and gave no shell: {failures.text(error)}",
                remedy="Log in by hand and look what it says",
            ) from error
        raise
    return Line(connection, channel, began, tunnel)


async def connect(
    peer: Peer, tunnel: asyncssh.SSHClientConnection | None = None
) -> asyncssh.SSHClientConnection:
    """Return a connection to ``peer`` that is logged in.

    Raises ``Unreachable``, ``HostKeyRefused``, ``SessionQuotaFull``, ``LoginRefused``, and
    ``InputError`` when a credential cannot be had.
    """
    login = Login(peer.identity, peer.pins, peer.where)
    try:
        if peer.identity.code:
            # One code, one login: the next headend is not even called before this one is through.
            await login.my_turn()
        try:
            return await _log_in(peer, tunnel, login)
        except Unreachable:
            if not login.queued:
                raise
        # It hung up because we queued for too long; not a word of us was said yet.
        again = Login(peer.identity, peer.pins, peer.where)
        again.turn = login.turn
        await again.my_turn()
        return await _log_in(peer, tunnel, again)
    finally:
        if login.turn:
            login.turn.close()


async def _log_in(
    peer: Peer, tunnel: asyncssh.SSHClientConnection | None, login: Login
) -> asyncssh.SSHClientConnection:
    try:
        async with asyncio.timeout(CONNECT_WAIT) as login.patience:
            connection = await asyncssh.connect(
                peer.host, peer.port, tunnel=tunnel or (), **_options(peer, login)
            )
    except asyncssh.PermissionDenied as error:
        if login.turn and login.sent:
            login.turn.refused()
        raise failures.refused(peer, login) from error
    except (asyncssh.Error, OSError) as error:
        if login.turn and login.sent:
            login.turn.unclear()
        raise failures.failed(peer, login, error) from error
    if login.turn and not peer.identity.code:  # a code proves nothing about the next one
        login.turn.proven()
    return connection


async def offered_key(
    peer: Peer, tunnel: asyncssh.SSHClientConnection | None = None
) -> asyncssh.SSHKey:
    """Ask a server for its key without logging in; raises ``Unreachable``."""
    options = asyncssh.SSHClientConnectionOptions(config=None, **_negotiation(peer))
    try:
        async with asyncio.timeout(CONNECT_WAIT):
            key = await asyncssh.get_server_host_key(
                peer.host,
                peer.port,
                tunnel=tunnel or (),
                config=None,
                options=options,
                kex_algs=peer.algorithms.options()["kex_algs"],  # () would win over the options
                server_host_key_algs=peer.pins.algorithms(peer.algorithms.signatures),
            )
    except (asyncssh.Error, OSError) as error:
        raise Unreachable(
            f"{peer.where} showed no host key: {failures.text(error)}",
            remedy=failures.PATH
            if isinstance(error, OSError)
            else peer.algorithms.remedy(str(error)),
        ) from error
    if key is None:
        raise Unreachable(f"{peer.where} showed no host key")
    return key


def _negotiation(peer: Peer) -> dict[str, Any]:
    return {
        **peer.algorithms.options(),
        "compression_algs": ["none"],
        "gss_host": None,
        "x509_trusted_certs": None,
    }


def _options(peer: Peer, login: Login) -> dict[str, Any]:
    """Return the keywords of one connection; nothing is read from ``~/.ssh`` behind our back."""
    return {
        **_negotiation(peer),
        "config": None,
        "client_factory": lambda: login,
        "known_hosts": ([], [], []),  # the login looks at the key itself
        "server_host_key_algs": peer.pins.algorithms(peer.algorithms.signatures),
        "username": peer.identity.username,
        "preferred_auth": peer.identity.methods,
        "client_keys": None,
        "login_timeout": 0,
        "keepalive_interval": KEEPALIVE if peer.keepalive else 0,
        "keepalive_count_max": _UNANSWERED,
    }
