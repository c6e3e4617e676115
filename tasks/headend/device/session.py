"""One SSH session to a headend: netmiko's ASA class with its own transport and reading."""

from __future__ import annotations

import codecs
import logging
import re
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from netmiko.cisco.cisco_asa_ssh import CiscoAsaSSH

from headend.device import commands, entry
from headend.device.commands import CommandClass
from headend.device.replies import Replies
from headend.device.tape import Tape
from headend.device.transport import Line
from headend.errors import SessionLost
from headend.parse.prompt import Prompt, match_prompt

# Netmiko logs through the root logger's last resort when nobody listens; what a headend or a
# stranger sends must not reach a terminal that way.
logging.getLogger("netmiko").addHandler(logging.NullHandler())

_PAGER_OFF = "terminal pager 0"
TYPED = ("enable", _PAGER_OFF, "exit")  # at every login
READ_ONLY = frozenset({CommandClass.READ})
_REPLY_WAIT = 15.0
# Without a tape, so much (bytes) of what came is kept for one that may be given later.
_MOST_UNTAPED = 4 * 1024 * 1024


class AsaSession(CiscoAsaSSH):
    """Read, never change: each written line passes the allow-list, no received byte is dropped.

    What arrives is handed to the tape (``record_to``) before anything looks at it. Netmiko's own
    ``send_command`` still works, over the same two gates; its transport is ours (``transport``).
    One thread uses a session; only ``wake`` is for others.
    """

    def __init__(
        self,
        *,
        line: Line,
        enable: str,
        allowed: frozenset[CommandClass] = READ_ONLY,
        tape: Tape | None = None,
        **parameters: Any,
    ) -> None:
        self.began = line.began  # Unix time at which the TCP connection was begun
        # Our address on this connection, as the headend sees it where nothing translates it.
        self.local_address = line.local_address
        # The debug condition that was set through this session: no "undebug all" takes it back.
        self.condition: str | None = None
        self._line: Line | None = line
        self._enable_reference = enable
        self._allowed = allowed
        self._approved: frozenset[str] = frozenset()
        self._tape: Tape | None = None
        self._untaped: list[tuple[bytes, float]] = []
        self._untaped_size = 0
        self.record_to(tape)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._prompt = re.compile(r"(?!)")
        self._pager_off = True  # nothing to do before the privileged prompt is there
        self.prompt: Prompt
        # No config mode at login: netmiko would type "terminal width 511" there.
        super().__init__(allow_auto_change=False, **parameters)

    # --- what netmiko calls while it opens and closes the session ---

    def establish_connection(self, width: int = 511, height: int = 1000) -> None:
        """Do nothing: the line is open, and logged in."""

    def _try_session_preparation(self, force_data: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002 - netmiko's signature
        try:
            self.session_preparation()
        except BaseException:
            self.disconnect()
            raise

    def session_preparation(self) -> None:
        """Wait for the first prompt and reach ``#``; nothing else is typed."""
        self._learn(entry.first_prompt(self))
        if not self.prompt.privileged:
            self._learn(entry.enable(self, self._enable_reference, self._send))
        self._pager_off = False
        self.base_prompt = self.prompt.hostname  # netmiko's own methods look for it

    def cleanup(self, command: str = "exit") -> None:
        """Log out, so that the session's slot is free at once."""
        self._send(command + "\n")

    def paramiko_cleanup(self) -> None:
        """Close the line; netmiko calls this behind ``cleanup``."""
        line, self._line = self._line, None
        if line:
            line.close()

    def is_alive(self) -> bool:
        """Tell whether the session still stands, without writing a byte to the headend."""
        return self._line is not None and not self._line.channel.ended

    # --- bytes ---

    def record_to(self, tape: Tape | None) -> None:
        """Hand everything received from now on, and what came before, to ``tape``."""
        self._tape = tape
        if tape:
            tape.begin()
            for data, received in self._untaped:
                tape.feed(data, received)
            self._untaped.clear()

    def receive(self, wait: float) -> str:
        """Return what arrives within ``wait`` seconds.

        ``""`` when nothing does, and as soon as somebody calls ``wake`` or the tape has something
        to write down. Raises ``SessionLost`` when the headend or the network ended the session.
        """
        channel = self._open_line.channel
        if self._tape:
            wait = min(wait, self._tape.patience(time.time()))
        data = channel.receive(wait)
        if data is None:
            raise SessionLost(
                f"The session to {self.where} broke off: {channel.why}"
                if channel.why
                else f"{self.where} closed the session"
            )
        now = time.time()
        if self._tape:
            if data:
                self._tape.feed(data, now)
            else:
                self._tape.tick(now)
        elif data and self._untaped_size < _MOST_UNTAPED:
            self._untaped_size += len(data)
            self._untaped.append((data, now))
        return self._decoder.decode(data)

    def wake(self) -> None:
        """Make a ``receive`` that waits, or the next one, return at once; from any thread."""
        line = self._line
        if line:
            line.channel.wake()

    def read_channel(self) -> str:
        """Return what has arrived, for netmiko's own methods."""
        held, self._read_buffer = self._read_buffer, ""  # what its pattern search put back
        return held + self.receive(0.01).replace("\r\n", "\n")

    def write_channel(self, out_data: str) -> None:
        """Write command lines, when the allow-list has them."""
        if not self._pager_off:
            self.ask_all([])
        self._type(out_data)

    def _type(self, lines: str) -> None:
        commands.check(lines, self._allowed, self._approved)
        self._send(lines)

    def approve(self, lines: Iterable[str]) -> None:
        """Let this session type these lines to the letter: another person approved them."""
        self._approved = frozenset(lines)

    def _send(self, data: str) -> None:
        try:
            self._open_line.channel.write(data.encode())
        except OSError as error:
            raise SessionLost(f"The session to {self.where} took no more input") from error

    # --- commands ---

    @property
    def where(self) -> str:
        """The address of the headend, for messages."""
        return f"{self.host}:{self.port}"

    @property
    def _open_line(self) -> Line:
        if self._line is None:
            raise SessionLost(f"{self.where} has no open session")
        return self._line

    def ask(self, command: str, wait: float = _REPLY_WAIT) -> str:
        """Type one command and return its reply, without echo and prompt."""
        return self.ask_all([command], wait)[0]

    def ask_all(self, lines: Sequence[str], wait: float = _REPLY_WAIT) -> list[str]:
        """Type several commands in one write and return their replies in order.

        ``wait`` is how long (seconds) the headend may stay silent. Raises ``CommandRefused``
        before anything is sent, ``SessionLost`` when the session ends or falls silent.
        """
        # The first command takes the pager's end along, and saves it a round trip.
        ahead = [] if self._pager_off else [_PAGER_OFF]
        replies = self._converse([*ahead, *lines], wait, streaming=False)
        self._pager_off = True
        return replies[len(ahead) : len(ahead) + len(lines)]

    def reply_to(self, command: str, wait: float = _REPLY_WAIT) -> str:
        """Type one command into a session that may stream, and return the reply behind its echo.

        Raises ``SessionLost`` when the headend stays silent for ``wait`` seconds.
        """
        return self._converse([command], wait, streaming=True)[0]

    def _converse(self, lines: Sequence[str], wait: float, *, streaming: bool) -> list[str]:
        if not streaming:
            self.drain()
        replies = Replies(lines, self._prompt, streaming=streaming)
        self._type("".join(f"{line}\n" for line in lines))
        self._read(replies.feed, wait)
        last = match_prompt(replies.prompt)
        if last:
            self._learn(last[0])
        return replies.done

    def drain(self) -> None:
        """Take what has arrived; it goes to the tape."""
        while self._open_line.channel.waiting:
            self.receive(0)

    def read_until(self, done: Callable[[str], object], wait: float) -> str:
        """Return the text received until ``done(text)`` is true.

        Raises ``SessionLost`` when nothing arrives for ``wait`` seconds.
        """
        text = ""

        def take(arrived: str) -> object:
            nonlocal text
            text += arrived
            return done(text)

        self._read(take, wait)
        return text

    def _read(self, take: Callable[[str], object], wait: float) -> None:
        heard = time.monotonic()
        while True:
            now = time.monotonic()
            arrived = self.receive(max(heard + wait - now, 0))
            if arrived:
                heard = now
                if take(arrived):
                    return
            elif time.monotonic() - heard >= wait:
                # Not a word of what came: it has not been redacted here.
                raise SessionLost(f"{self.where} gave no answer for {wait:.0f} s")

    def answer(self, value: str) -> None:
        """Write the answer to a question that was just read: no command, so on no list."""
        self._send(f"{value}\n")

    def _learn(self, prompt: Prompt) -> None:
        # Context, priority, state and mode may change while we are here; the host name does not.
        self.prompt = prompt
        name = re.escape(prompt.hostname)
        self._prompt = re.compile(rf"^{name}(?:/[\w./-]+)?(?:\([\w-]+\))?[>#] ?", re.MULTILINE)
