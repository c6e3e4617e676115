"""One SSH session to a headend: netmiko's ASA class with its own preparation and reading."""

from __future__ import annotations

import codecs
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import paramiko
from netmiko.cisco.cisco_asa_ssh import CiscoAsaSSH

from headend.device import commands
from headend.device.commands import CommandClass
from headend.device.hostkeys import PinnedKeys
from headend.device.tape import Tape
from headend.errors import CaptureRefused, LoginError, LoginRefused, SessionLost
from headend.parse.prompt import Prompt, match_prompt

# Both libraries log through the root logger's last resort when nobody listens; what a headend
# or a stranger sends must not reach a terminal that way.
for _name in ("netmiko", "paramiko"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

TYPED = ("enable", "terminal pager 0", "exit")  # at every login
READ_ONLY = frozenset({CommandClass.READ})
_PAGER = re.compile(r"<--- More --->\s*$")
_BLOCK = re.MULTILINE | re.DOTALL
_LOGIN_WAIT = 20.0  # a headend that asks a slow AAA server for its administrators
_REPLY_WAIT = 15.0
_CHUNK = 65536
_SLICE = 0.05


class AsaSession(CiscoAsaSSH):
    """Read, never change: each written line passes the allow-list, no received byte is dropped.

    What arrives is handed to the tape (``record_to``) before anything looks at it; until a tape is
    given it is kept for it. Netmiko's own ``send_command`` still works, over the same two gates.
    """

    def __init__(
        self,
        *,
        known_hosts: Path,
        began: float,
        allowed: frozenset[CommandClass] = READ_ONLY,
        **parameters: Any,
    ) -> None:
        self.began = began  # Unix time at which the TCP connection was begun
        # The debug condition that was set through this session: no "undebug all" takes it back.
        self.condition: str | None = None
        self._known_hosts = known_hosts
        self._allowed = allowed
        self._tape: Tape | None = None
        self._untaped: list[tuple[bytes, float]] = []
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._prompt = re.compile(r"(?!)")
        self._woken = threading.Event()
        self.prompt: Prompt
        # No config mode at login: netmiko would type "terminal width 511" there.
        super().__init__(allow_auto_change=False, **parameters)

    # --- what netmiko calls while it opens and closes the session ---

    def _build_ssh_client(self) -> paramiko.SSHClient:
        client: paramiko.SSHClient = self._get_ssh_client_instance()
        if self._known_hosts.is_file():
            client.load_host_keys(str(self._known_hosts))
        client.set_missing_host_key_policy(PinnedKeys(self._known_hosts))
        return client

    def _try_session_preparation(self, force_data: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002 - netmiko's signature
        try:
            self.session_preparation()
        except BaseException:
            self.disconnect()
            raise

    def session_preparation(self) -> None:
        """Wait for the first prompt, reach ``#``, turn the pager off; nothing else is typed."""
        first = self._first_prompt()
        self._learn(first)
        if not first.privileged:
            self._enable()
        self.ask("terminal pager 0")
        self.base_prompt = self.prompt.hostname  # netmiko's own methods look for it

    def cleanup(self, command: str = "exit") -> None:
        """Log out, so that the session's slot is free at once."""
        self._send(command + "\n")

    def is_alive(self) -> bool:
        """Tell whether the transport still stands, without writing a byte to the headend."""
        channel = self.remote_conn
        return (
            isinstance(channel, paramiko.Channel)
            and not channel.closed
            and channel.get_transport().is_active()
        )

    # --- bytes ---

    def record_to(self, tape: Tape | None) -> None:
        """Hand everything received from now on, and what came before, to ``tape``."""
        self._tape = tape
        if tape:
            for data, received in self._untaped:
                tape.feed(data, received)
            self._untaped.clear()

    def receive(self, wait: float) -> str:
        """Return what arrives within ``wait`` seconds, ``""`` when nothing does.

        Raises ``SessionLost`` when the headend or the network ended the session.
        """
        channel = self._open_channel
        until = time.monotonic() + wait
        try:
            while True:
                channel.settimeout(max(min(_SLICE, until - time.monotonic()), 0))
                try:
                    data = channel.recv(_CHUNK)
                    break
                except TimeoutError:
                    if self._woken.is_set() or time.monotonic() >= until:
                        raise
        except TimeoutError:
            self._woken.clear()
            data = b""
            if not self.is_alive():
                raise SessionLost(f"The session to {self.where} broke off") from None
        else:
            if not data:
                raise SessionLost(f"{self.where} closed the session")
        now = time.time()
        if data:
            if self._tape:
                self._tape.feed(data, now)
            else:
                self._untaped.append((data, now))
        elif self._tape:
            self._tape.tick(now)
        return self._decoder.decode(data)

    def wake(self) -> None:
        """Make a ``receive`` that waits, or the next one, return at once; from any thread."""
        self._woken.set()

    def read_channel(self) -> str:
        """Return what has arrived, for netmiko's own methods."""
        held, self._read_buffer = self._read_buffer, ""  # what its pattern search put back
        return held + self.receive(0.01).replace("\r\n", "\n")

    def write_channel(self, out_data: str) -> None:
        """Write command lines; the single write point where the allow-list is enforced."""
        commands.check(out_data, self._allowed)
        self._send(out_data)

    def _send(self, data: str) -> None:
        try:
            self._open_channel.sendall(data.encode())
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise SessionLost(f"The session to {self.where} took no more input") from error

    # --- commands ---

    @property
    def where(self) -> str:
        """The address of the headend, for messages."""
        return f"{self.host}:{self.port}"

    @property
    def local_address(self) -> str:
        """Our address on this connection, as the headend sees it where nothing translates it."""
        connection = self._open_channel.get_transport().sock
        # A channel of another connection (a jump host) has no address of its own here.
        return str(connection.getsockname()[0]) if isinstance(connection, socket.socket) else ""

    @property
    def _open_channel(self) -> paramiko.Channel:
        if not isinstance(self.remote_conn, paramiko.Channel):
            raise SessionLost(f"{self.where} has no open session")
        return self.remote_conn

    def ask(self, command: str, wait: float = _REPLY_WAIT) -> str:
        """Type one command and return its reply, without echo and prompt."""
        return self.ask_all([command], wait)[0]

    def ask_all(self, lines: Sequence[str], wait: float = _REPLY_WAIT) -> list[str]:
        """Type several commands in one write and return their replies in order.

        ``wait`` is how long (seconds) the headend may stay silent. Raises ``CommandRefused``
        before anything is sent, ``SessionLost`` when the session ends or falls silent.
        """
        self.drain()
        self.write_channel("".join(f"{line}\n" for line in lines))
        text = self.read_until(lambda text: len(self._replies(text)) >= len(lines), wait)
        replies = self._replies(text)
        last = match_prompt(text.rsplit("\n", 1)[-1].strip("\r "))
        if last:
            self._learn(last[0])
        return [reply.partition("\n")[2].strip("\n") for reply in replies[: len(lines)]]

    def drain(self) -> None:
        """Take what has arrived; it goes to the tape."""
        while self._open_channel.recv_ready():
            self.receive(0)

    def read_until(self, done: Callable[[str], object], wait: float) -> str:
        """Return the text received until ``done(text)`` is true.

        Raises ``SessionLost`` when nothing arrives for ``wait`` seconds.
        """
        text = ""
        heard = time.monotonic()
        while not done(text):
            arrived = self.receive(min(wait, 0.2))
            if arrived:
                text += arrived
                heard = time.monotonic()
            elif time.monotonic() - heard > wait:
                # Not a word of what came: it has not been redacted here.
                raise SessionLost(f"{self.where} gave no answer for {wait:.0f} s")
        return text

    def reply_to(self, command: str, wait: float = _REPLY_WAIT) -> str:
        """Type one command into a session that may stream, and return the reply behind its echo.

        Raises ``SessionLost`` when the headend stays silent for ``wait`` seconds.
        """
        echoed = re.compile(rf"^.*{re.escape(command)} *\n(.*?){self._prompt.pattern}", _BLOCK)
        self.write_channel(f"{command}\n")
        text = self.read_until(lambda text: echoed.search(_plain(text)), wait)
        found = echoed.search(_plain(text))
        return found[1] if found else ""

    def _replies(self, text: str) -> list[str]:
        """Return what stands before each prompt."""
        text = _plain(text)
        # A stream may go on behind the last prompt: that a prompt came is what counts.
        return self._prompt.split(text)[:-1]

    def _learn(self, prompt: Prompt) -> None:
        # Context, priority, state and mode may change while we are here; the host name does not.
        self.prompt = prompt
        name = re.escape(prompt.hostname)
        self._prompt = re.compile(rf"^{name}(?:/[\w./-]+)?(?:\([\w-]+\))?[>#] ?", re.MULTILINE)

    # --- login ---

    def _first_prompt(self) -> Prompt:
        answered = 0

        def at_prompt(text: str) -> bool:
            nonlocal answered
            if _PAGER.search(text, answered):  # a long banner stops at the pager
                answered = len(text)
                self.write_channel(" ")
            return _last_line(text) == ">" or match_prompt(_last_line(text)) is not None

        try:
            text = self.read_until(at_prompt, _LOGIN_WAIT)
        except SessionLost as error:
            raise LoginError(
                f"{self.where} showed no prompt after login: {error.message}",
                remedy="Log in by hand and look what it says",
            ) from error
        found = match_prompt(_last_line(text))
        if found is None or "Threat Defense" in text:
            raise CaptureRefused(
                f"{self.where} is a Firepower Threat Defense device (its prompt is '>')",
                remedy="FTD is not supported yet; diagnose its syslog: headend diagnose FILE",
            )
        return found[0]

    def _enable(self) -> None:
        if self.secret is None or self.secret == "":
            raise LoginRefused(
                f"{self.where} lets {self.username!r} in at '>' and debug needs '#'",
                remedy="Give the enable password: HEADEND_ENABLE, or an enable credential",
            )
        self.write_channel("enable\n")
        self.read_until(lambda text: text.rstrip(" ").lower().endswith("password:"), _LOGIN_WAIT)
        self._send(self.secret + "\n")
        answer = self.read_until(
            lambda text: self._replies(text) or text.rstrip(" ").lower().endswith("password:"),
            _LOGIN_WAIT,
        )
        found = match_prompt(_last_line(answer))
        if found is None or not found[0].privileged:
            raise LoginRefused(
                f"{self.where} refused the enable password of {self.username!r}",
                remedy="It was tried once and is not tried again; correct it and start again",
            )
        self._learn(found[0])


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _last_line(text: str) -> str:
    return re.split(r"[\r\n]", text)[-1].rstrip(" ")
