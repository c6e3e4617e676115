"""The SSH server of one headend: login, session quota, idle time-out."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
import struct
from collections.abc import Callable, Sequence
from typing import Final

import asyncssh

from headend.lab.box import Box
from headend.lab.clish import Clish
from headend.lab.gates import LOGIN as AT_LOGIN
from headend.lab.server_test import Tester
from headend.lab.shell import Shell
from headend.lab.ssh_login import Guard, Question, server_options

Writer = Callable[[str], None]

_TRIES: Final = 3
# How long a departing session may still hold its place: its end and the next connection
# can reach the event loop in either order.
_GRACE: Final = 0.05


# The callbacks that follow are asyncssh's; its manual says when each of them is called.


class _Channel(asyncssh.SSHServerSession[bytes]):
    """The one interactive channel of a connection."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._shell: Shell | Clish | None = None
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._pending: list[str] = []

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def pty_requested(self, *_: object) -> bool:
        return True

    def shell_requested(self) -> bool:
        return True

    def session_started(self) -> None:
        self._shell = self._door.open_shell(self._write, self._hang_up)
        self._touch()
        self._shell.start()

    def _touch(self) -> None:
        # Only what the client types counts: debug output keeps no session alive.
        if self._idle is not None:
            self._idle.cancel()
        loop = asyncio.get_running_loop()
        timeout = self._door.box.spec.ssh_timeout
        self._idle = loop.call_later(timeout, self._hang_up, "Time-out activated")

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        del datatype
        self._touch()
        if self._shell is not None:
            self._shell.terminal.feed(data)

    def _write(self, text: str) -> None:
        # One packet a turn of the loop: echo would otherwise be one a character.
        if not self._pending:
            asyncio.get_running_loop().call_soon(self._flush)
        self._pending.append(text)

    def _flush(self) -> None:
        text = "".join(self._pending)
        self._pending.clear()
        if text and self._channel is not None and not self._channel.is_closing():
            data = text.encode("utf-8", "surrogateescape")
            box = self._door.box
            if box.spec.keep_output and self._shell is not None:
                box.sent.setdefault(self._shell.sid, bytearray()).extend(data)
            self._channel.write(data)

    def _hang_up(self, reason: str) -> None:
        self._leave(reason)
        self._flush()
        if self._channel is not None:
            self._channel.close()
        self._door.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave("" if exc is None else "Reset by client")

    def _leave(self, reason: str) -> None:
        if self._idle is not None:
            self._idle.cancel()
        shell = self._shell
        if shell is None or not shell.alive:
            return
        shell.alive = False
        shell.terminal.closed = True
        shell.debugs.clear()
        self._door.box.notify()
        how = f"disconnected by SSH server, reason: '{reason}'" if reason else "terminated normally"
        text = f"SSH session from {shell.client_ip} on interface inside for user "
        self._door.box.log.add(6, 315011, f"{text}'{shell.username}' {how}")


class Door(asyncssh.SSHServer):
    """One SSH connection: who it is, and what it may open."""

    def __init__(self, listener: Listener) -> None:
        self.box = listener.box
        self._listener = listener
        self._connection: asyncssh.SSHServerConnection | None = None
        self._guard = Guard(self.box)
        self._failures = 0
        self._username = ""

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Count the connection."""
        self._connection = conn
        self._listener.coming -= 1
        self._listener.doors.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        del exc
        self._listener.doors.discard(self)

    def begin_auth(self, username: str) -> bool:
        """Show the banner before the login."""
        self._username = username
        if self._connection is not None and self.box.spec.banner:
            self._connection.send_auth_banner(self.box.spec.banner)
        return True

    def password_auth_supported(self) -> bool:
        """Offer passwords where the headend does."""
        return self._guard.offers("password")

    def public_key_auth_supported(self) -> bool:
        """Offer keys where the headend does."""
        return self._guard.offers("publickey")

    def kbdint_auth_supported(self) -> bool:
        """Offer questions where the headend does."""
        return self._guard.offers("keyboard-interactive")

    async def validate_password(self, username: str, password: str) -> bool:
        """Check one password; the third wrong one ends the connection."""
        opened = self.box.gates.reached(AT_LOGIN)
        if opened is not None:
            await opened
        return self._judged(username, right=self._guard.password(username, password))

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Check a key; asyncssh asks once before and once with the signature."""
        return self._guard.key(username, key)

    def auth_completed(self) -> None:
        """Count the login."""
        self.box.logins += 1
        self.box.log.add(6, 605005, self._permit("permitted", self._username))

    def get_kbdint_challenge(
        self,
        username: str,  # noqa: ARG002 - asyncssh's signature
        lang: str,  # noqa: ARG002 - likewise
        submethods: str,  # noqa: ARG002 - likewise
    ) -> Question:
        """Ask the first question."""
        return self._guard.question()

    def validate_kbdint_response(self, username: str, responses: Sequence[str]) -> bool | Question:
        """Judge an answer."""
        verdict = self._guard.answer(username, responses)
        return self._judged(username, right=verdict) if isinstance(verdict, bool) else verdict

    def _judged(self, username: str, *, right: bool) -> bool:
        self._username = username
        if right:
            return True
        self._failures += 1
        self.box.failed_logins += 1
        hidden = self.box.log.hidden(username)
        self.box.log.add(
            6, 611102, f"User authentication failed: IP address: {self._peer}, Uname: {hidden}"
        )
        if self._failures >= _TRIES:
            self.box.log.add(6, 605004, self._permit("denied", hidden))
            asyncio.get_running_loop().call_soon(self.close)
        return False

    def _permit(self, what: str, user: str) -> str:
        return f"Login {what} from {self._peer}/50022 to inside:10.20.0.2/ssh for user '{user}'"

    @property
    def _peer(self) -> str:
        peer = self._connection.get_extra_info("peername") if self._connection else None
        return str(peer[0]) if peer else "0.0.0.0"  # noqa: S104 - printed text

    def session_requested(self) -> _Channel:
        """Open the one channel that a headend offers."""
        return _Channel(self)

    def open_shell(self, write: Writer, hang_up: Writer) -> Shell | Clish:
        """Start the command line of this connection."""
        identity = (next(self._listener.sids), self._username, self._peer)
        shell: Shell | Clish
        if self.box.spec.ftd:
            shell = Clish(self.box, identity, write, hang_up)
        else:
            shell = Shell(self.box, identity, write, hang_up, self._listener.tester)
        shell.abort = self.abort
        self.box.terminals.append(shell)
        self.box.notify()
        return shell

    def close(self) -> None:
        """End the connection after what was written is sent."""
        if self._connection is not None:
            self._connection.disconnect(asyncssh.DISC_BY_APPLICATION, "Connection closed")

    def abort(self) -> None:
        """Cut the connection: the client gets a reset and not a word."""
        if self._connection is None:
            return
        sock = self._connection.get_extra_info("socket")
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._connection.abort()


class Listener:
    """A headend's SSH port on 127.0.0.1."""

    def __init__(self, box: Box, key: asyncssh.SSHKey, tester: Tester) -> None:
        self.box = box
        self.key = key
        self.tester = tester
        self.doors: set[Door] = set()
        self.coming = 0  # accepted, and not yet a connection of their own
        self.port = 0
        self.sids = itertools.count(1)  # of the sessions
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._callers: set[socket.socket] = set()  # nobody else closes them yet
        self._tasks: set[asyncio.Task[None]] = set()
        self._options = server_options(box, key, lambda: Door(self))

    async def start(self, port: int) -> None:
        """Listen on a port; 0 takes a free one."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self._socket.listen(32)
        self._socket.setblocking(False)  # noqa: FBT003 - the socket module's own signature
        self.port = self._socket.getsockname()[1]
        asyncio.get_running_loop().add_reader(self._socket, self._accept)

    def _accept(self) -> None:
        # A task's awaited accept would lose the connection that comes while it is cancelled.
        try:
            connection, _ = self._socket.accept()
        except OSError:  # gone again
            return
        connection.setblocking(False)  # noqa: FBT003 - the socket module's own signature
        self._callers.add(connection)
        task = asyncio.get_running_loop().create_task(self._serve(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, connection: socket.socket) -> None:
        if self._full():
            await asyncio.sleep(_GRACE)
        if self._full():
            connection.close()  # a full headend hangs up before the SSH banner
        else:
            self.coming += 1
            with contextlib.suppress(asyncssh.Error, OSError):
                await asyncssh.run_server(connection, options=self._options)
        self._callers.remove(connection)

    def _full(self) -> bool:
        others = sum(one.client_ip == "10.20.9.9" for one in self.box.living)
        return self.coming + len(self.doors) + others >= self.box.spec.quota

    async def stop(self) -> None:
        """Close the port and every connection."""
        asyncio.get_running_loop().remove_reader(self._socket)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for one in (self._socket, *self._callers):
            one.close()
        for door in list(self.doors):
            door.abort()
