"""Open an SSH session: path, host key, login, shell; every error of it becomes ours here."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
import warnings
from dataclasses import dataclass, field
from typing import Any, Protocol

import asyncssh

from headend.device import reactor
from headend.device.algorithms import Algorithms
from headend.device.channel import Channel
from headend.device.hostkeys import Pins
from headend.device.login import AUTH_WAIT, Identity, Login
from headend.errors import (
    HeadendError,
    LoginError,
    LoginRefused,
    SessionQuotaFull,
    Unreachable,
)

# What a headend or a stranger sends must not reach a terminal through a library's log; asyncssh
# also builds the text of a log line for each packet unless it is told that nobody reads them.
logging.getLogger("asyncssh").addHandler(logging.NullHandler())
# Old headends have no other key exchange; that is said once, in the inventory (see algorithms).
warnings.filterwarnings("ignore", message="Diffie-Hellman over finite fields")

CONNECT_WAIT = 10.0
# Silence of so many seconds, three times over, is a dead session: nine seconds in all. Any byte
# counts, and every SSH server answers the question, be it with a refusal (RFC 4254, section 4).
KEEPALIVE = 3.0
_UNANSWERED = 2
_GOODBYE = 2.0
_PATH = "Check the address, the port and the path from here to its management interface"


@dataclass(frozen=True, slots=True)
class Peer:
    """One SSH server and how it is spoken to."""

    host: str
    port: int
    identity: Identity
    pins: Pins
    algorithms: Algorithms = field(default_factory=Algorithms)
    keepalive: bool = True
    is_jump: bool = False

    @property
    def where(self) -> str:
        """The address, for messages."""
        return f"{'jump host ' if self.is_jump else ''}{self.host}:{self.port}"


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
                f"{peer.where} took the login and gave no shell: {_text(error)}",
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
        raise _refused(peer, login) from error
    except (asyncssh.Error, OSError) as error:
        if login.turn and login.sent:
            login.turn.unclear()
        raise _failed(peer, login, error) from error
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
            f"{peer.where} showed no host key: {_text(error)}",
            remedy=_PATH if isinstance(error, OSError) else peer.algorithms.remedy(str(error)),
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


def _refused(peer: Peer, login: Login) -> LoginRefused:
    username = peer.identity.username
    if login.unanswered:
        return LoginRefused(
            f"{peer.where} asks {username!r} for {login.unanswered!r}, and no credential answers",
            remedy="Give a passcode credential: otp:prompt or otp:command:LINE",
        )
    if not login.sent:
        return LoginRefused(
            f"{peer.where} takes neither password nor key from {username!r} in any way that we "
            "have a credential for",
            remedy="Log in by hand and look what it asks for",
        )
    return LoginRefused(
        f"{peer.where} refused the login of {username!r}",
        remedy="It was tried once and is not tried again; correct the password and start again",
    )


def _failed(peer: Peer, login: Login, error: Exception) -> HeadendError:
    """Return our error for a connection that did not come about."""
    late = isinstance(error, TimeoutError)
    lost = isinstance(error, (asyncssh.ConnectionLost, OSError))
    if login.connection is None:
        reason = f"no answer within {CONNECT_WAIT:.0f} s" if late else _text(error)
        return Unreachable(
            f"{peer.where} cannot be reached: {reason}",
            remedy=_PATH,
        )
    if not login.connection.get_extra_info("server_version"):
        if late:
            return Unreachable(
                f"{peer.where} takes the connection and sends no SSH greeting",
                remedy="Check that this is the management address, and what stands in between",
            )
        if lost:
            return SessionQuotaFull(
                f"{peer.where} accepted the connection and closed it before the SSH greeting: its "
                "management sessions (five as a rule) are most likely all taken",
                remedy="Have one closed (show ssh sessions), then try again; it was not tried "
                "twice",
            )
    if isinstance(error, asyncssh.HostKeyNotVerifiable) and login.offered:
        return peer.pins.refusal(login.offered)
    if not login.begun:
        reason = f"nothing came for {CONNECT_WAIT:.0f} s" if late else _text(error)
        return Unreachable(
            f"{peer.where} answers, but no SSH session came about: {reason}",
            remedy=peer.algorithms.remedy(str(error)),
        )
    return Unreachable(
        f"{peer.where} did not say whether it takes the login of {peer.identity.username!r}: "
        + (f"no answer within {AUTH_WAIT:.0f} s" if late else _text(error)),
        remedy="Look whether its AAA servers answer; the login was not tried twice",
    )


def _text(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return str(error.strerror)
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return " ".join(str(error).split()) or type(error).__name__
