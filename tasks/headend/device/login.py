"""One SSH login, as the client's side answers it: is this the key, who are we, what is asked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import asyncssh

from headend.device.credentials import VAULT
from headend.device.gate import GATE, Turn
from headend.device.hostkeys import Pins
from headend.model.line import visible

CONNECT_WAIT = 10.0
AUTH_WAIT = 30.0  # a headend that asks a slow AAA server for its administrators
_QUESTION = 80  # of a server's question, as many characters are shown
# A dead path must show within seconds, not after the kernel's two hours.
_TCP_OPTIONS = (
    ("TCP_KEEPIDLE", 3),
    ("TCP_KEEPINTVL", 2),
    ("TCP_KEEPCNT", 3),
    ("TCP_USER_TIMEOUT", 9_000),
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who logs in, and by what; ``password`` is a value, ``code`` and ``passcode`` references.

    ``code`` is a one-time password in place of ``password``. ``publics`` tell the keys apart.
    """

    username: str
    password: str | None = field(default=None, repr=False)
    code: str = ""
    passcode: str = ""
    keys: tuple[asyncssh.SSHKeyPair, ...] = field(default=(), compare=False)
    publics: tuple[bytes, ...] = ()

    @property
    def key(self) -> Hashable:
        """What tells this credential from another at the gate."""
        return (self.username, self.password, self.code, self.publics)

    @property
    def methods(self) -> list[str]:
        """The authentication methods to try, in their order."""
        # A one-time password waits for a question; a password needs none, and saves the trip.
        asked = ["keyboard-interactive", "password"] if self.code else []
        typed = ["password", "keyboard-interactive"] if self.password else []
        beyond = ["keyboard-interactive"] if self.passcode else []
        return ["publickey"] * bool(self.keys) + (asked or typed or beyond)


class Login(asyncssh.SSHClient):
    """Answer one server; each secret is sent at most once."""

    def __init__(self, identity: Identity, pins: Pins, where: str) -> None:
        self.patience: asyncio.Timeout | None = None
        self.turn: Turn | None = None
        self.queued = False  # waits for its turn
        self.begun = False
        self.offered: asyncssh.SSHKey | None = None
        self.sent = False  # a secret is in the server's hands
        self.unanswered = ""  # what it asked that nobody could answer
        self.connection: asyncssh.SSHClientConnection | None = None
        self._identity = identity
        self._pins = pins
        self._where = where
        self._keys = list(identity.keys)
        self._typed = False  # the password went as a password
        self._answered = False  # the password went as an answer
        self._in_vain = False
        self._asked = False

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        """Take the connection, and make a dead one show."""
        self.connection = conn
        sock = conn.get_extra_info("socket")
        if sock is not None:
            for option, value in _TCP_OPTIONS:
                if hasattr(socket, option):  # not every platform has each of them
                    sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)

    def validate_host_public_key(
        self,
        host: str,  # noqa: ARG002 - asyncssh's signature
        addr: str,  # noqa: ARG002
        port: int,  # noqa: ARG002
        key: asyncssh.SSHKey,
    ) -> bool:
        """Take a recorded key and no other."""
        self.offered = key
        return key in self._pins.keys and key not in self._pins.revoked

    def begin_auth(self, username: str) -> None:  # noqa: ARG002 - asyncssh's signature
        """Begin with what we have.

        asyncssh would first ask for the methods with an empty login, which costs a round trip; the
        server names them anyway when it does not take ours.
        """
        self.begun = True
        methods = [method.encode() for method in self._identity.methods]
        self.connection._auth_methods = methods  # type: ignore[union-attr]  # noqa: SLF001 - no public way

    async def public_key_auth_requested(self) -> list[asyncssh.SSHKeyPair] | None:
        """Offer the next key."""
        await self.my_turn()
        if not self._keys:
            return None
        self.sent = True
        return [self._keys.pop(0)]

    async def password_auth_requested(self) -> str | None:
        """Give the password, the first time."""
        await self.my_turn()
        if self._typed or self._answered:
            self._in_vain = True  # the server asks again: it did not like it
            return None
        self._typed = True
        return await self._password("password")

    async def kbdint_auth_requested(self) -> str | None:
        """Let the server ask, once, and not when it has refused the password."""
        await self.my_turn()
        if self._asked or self._in_vain:
            return None
        self._asked = True
        return ""

    async def kbdint_challenge_received(
        self,
        name: str,  # noqa: ARG002 - asyncssh's signature
        instructions: str,  # noqa: ARG002 - likewise
        lang: str,  # noqa: ARG002 - likewise
        prompts: Sequence[tuple[str, bool]],
    ) -> Sequence[str] | None:
        """Answer each question: the first with the password, what comes behind with a passcode."""
        answers: list[str] = []
        for prompt, _echoed in prompts:
            answer = await self._answer(visible(" ".join(prompt.split()))[:_QUESTION])
            if answer is None:
                self.unanswered = prompt
                return None
            answers.append(answer)
        return answers

    async def _answer(self, question: str) -> str | None:
        beyond = self._answered or (self._typed and "password" not in question.lower())
        if not beyond:
            self._answered = True
            return await self._password(question)
        return await self._resolve(self._identity.passcode, question)

    async def _password(self, question: str) -> str | None:
        if self._identity.code:
            return await self._resolve(self._identity.code, question)
        self.sent = self.sent or self._identity.password is not None
        return self._identity.password

    async def _resolve(self, reference: str, question: str) -> str | None:
        if not reference:
            return None
        self._be_patient(None)  # somebody looks at a token
        # In a thread: a question at the terminal must not hold up the other sessions.
        role = f"one-time password ({question.rstrip(': ')})"
        value = await asyncio.to_thread(VAULT.resolve, reference, role, self._where)
        self._be_patient(AUTH_WAIT)
        self.sent = self.sent or value is not None
        return value

    async def my_turn(self) -> None:
        """Wait until this credential may be tried.

        Not before it is needed: a server that never gets so far must not hold up the others.
        """
        if self.turn is None:
            self.turn = GATE.turn(self._identity.key, self._where)
        if not self.turn.come.done():
            self.queued = True
            self._be_patient(None)
            await asyncio.wrap_future(self.turn.come)
            self.queued = False
        self.turn.check(self._identity.username)
        self._be_patient(AUTH_WAIT)

    def _be_patient(self, wait: float | None) -> None:
        if self.patience:
            now = asyncio.get_running_loop().time()
            self.patience.reschedule(None if wait is None else now + wait)
