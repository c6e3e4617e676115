"""Open a session: credentials, socket, host key, login; every foreign error becomes ours here."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paramiko
from netmiko.exceptions import NetmikoAuthenticationException, NetmikoTimeoutException

from headend.config import Settings
from headend.device import hostkeys
from headend.device.commands import CommandClass
from headend.device.credentials import GATE, VAULT, Credentials
from headend.device.session import READ_ONLY, AsaSession
from headend.errors import (
    HeadendError,
    InputError,
    LoginError,
    LoginRefused,
    SessionQuotaFull,
    Unreachable,
)

CONNECT_WAIT = 10.0
_SSH_PORT = 22


class HeadendConnection:
    """The Nornir connection plugin ``headend``: ``task.host.get_connection("headend", ...)``.

    Inventory ``connection_options.headend.extras`` may hold ``credentials`` (references by role)
    and ``known_hosts`` (a path).
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
        extras = extras or {}
        self.connection = open_session(
            hostname,
            port or _SSH_PORT,
            Credentials.from_data(extras.get("credentials")),
            username=username,
            password=password,
            known_hosts=extras.get("known_hosts"),
            allowed=self.allowed,
        )

    def close(self) -> None:
        """Log out."""
        self.connection.disconnect()


def open_session(  # noqa: PLR0913 - each is one fact of the inventory
    host: str,
    port: int,
    credentials: Credentials,
    *,
    username: str | None = None,
    password: str | None = None,
    known_hosts: str | Path | None = None,
    allowed: frozenset[CommandClass] = READ_ONLY,
) -> AsaSession:
    """Return a session at ``#``, pager off.

    A user name or password that a Nornir inventory carries wins over the references. Raises
    ``InputError`` (no credential), ``Unreachable``, ``HostKeyRefused``, ``SessionQuotaFull``,
    ``LoginRefused``, ``CaptureRefused`` (a device that is no ASA).
    """
    where = f"{host}:{port}"
    username = username or VAULT.resolve(credentials.username, "username", where)
    password = password or VAULT.resolve(credentials.password, "password", where)
    if not username or not password:
        missing = "user name" if not username else "password"
        raise InputError(
            f"There is no {missing} for {where}",
            remedy="Set HEADEND_USERNAME and HEADEND_PASSWORD, or credentials in the inventory",
        )
    enable = VAULT.resolve(credentials.enable, "enable password", where)
    keys = Path(known_hosts) if known_hosts else Settings.resolve().known_hosts
    hostkeys.load(keys)  # a damaged file is named here, not blamed on the network
    # Outside the gate: a headend that does not answer must not hold up the others' logins.
    began = time.time()
    connection = _connect(host, port)
    with _closed_on_error(connection), GATE.attempt(username, password, where):
        try:
            return AsaSession(
                host=host,
                port=port,
                username=username,
                password=password,
                secret=enable or "",
                sock=connection,
                known_hosts=keys,
                began=began,
                allowed=allowed,
                conn_timeout=CONNECT_WAIT,
                auth_timeout=30.0,
                banner_timeout=CONNECT_WAIT,
            )
        except HeadendError:
            raise
        except Exception as error:
            raise _translated(error, where, username, keys) from error


@contextmanager
def _closed_on_error(connection: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _connect(host: str, port: int) -> socket.socket:
    try:
        connection = socket.create_connection((host, port), timeout=CONNECT_WAIT)
    except OSError as error:
        raise Unreachable(
            f"{host}:{port} cannot be reached: {error.strerror or error}",
            remedy="Check the address, the port and the path from here to its management interface",
        ) from error
    try:
        # Peeked at, and left for paramiko: only a server that greets us gets to the login.
        greeted = connection.recv(1, socket.MSG_PEEK)
    except ConnectionResetError:
        greeted = b""
    except OSError as error:
        connection.close()
        raise Unreachable(
            f"{host}:{port} takes the connection and sends no SSH greeting",
            remedy="Check that this is the management address, and what stands in between",
        ) from error
    if not greeted:
        connection.close()
        raise SessionQuotaFull(
            f"{host}:{port} accepted the connection and closed it before the SSH greeting: its "
            "management sessions (five as a rule) are most likely all taken",
            remedy="Have one closed (show ssh sessions), then try again; it was not tried twice",
        )
    # A half-open link must show within seconds, not after the kernel's two hours.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_KEEPIDLE", 3),
        ("TCP_KEEPINTVL", 2),
        ("TCP_KEEPCNT", 3),
        ("TCP_USER_TIMEOUT", 9_000),
    ):
        if hasattr(socket, option):  # not every platform has each of them
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _translated(error: Exception, where: str, username: str, keys: Path) -> Exception:
    """Return our error for one of netmiko's or paramiko's."""
    # Netmiko folds paramiko's exceptions into its own texts; the original is the context.
    origin = error.__context__ or error
    if isinstance(origin, paramiko.BadHostKeyException):
        return hostkeys.changed(origin.hostname, keys, origin.key, origin.expected_key)
    if isinstance(error, NetmikoAuthenticationException):
        return LoginRefused(
            f"{where} refused the login of {username!r}",
            remedy="It was tried once and is not tried again; correct the password and start again",
        )
    if isinstance(error, (NetmikoTimeoutException, paramiko.SSHException, OSError, EOFError)):
        return Unreachable(
            f"{where} answers, but no SSH session came about: "
            f"{' '.join(str(origin).split()) or type(origin).__name__}",
            remedy="Compare the SSH versions and algorithms of both sides",
        )
    return LoginError(f"{where}: {type(error).__name__}: {error}")
