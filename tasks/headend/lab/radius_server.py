"""The RADIUS servers of the lab: a token server that answers over real UDP on 127.0.0.1."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import socket
from collections import deque
from dataclasses import dataclass
from typing import Any, Final, cast

from pyrad.packet import AccessAccept, AccessChallenge, AccessReject, AuthPacket

from headend.lab.accounts import Accounts
from headend.lab.directory import Person, person_named
from headend.lab.startup import RADIUS_SECRETS

USER_NAME: Final = 1
USER_PASSWORD: Final = 2
REPLY_MESSAGE: Final = 18
STATE: Final = 24
CLASS: Final = 25

ASK_PASSCODE: Final = "Enter PASSCODE:"
ASK_NEXT_CODE: Final = "Wait for token to change, then enter the new tokencode:"
ASK_NEW_PIN: Final = "Enter a new PIN having from 4 to 8 digits:"
ASK_PIN_AGAIN: Final = "Please re-enter new PIN:"
PIN_ACCEPTED: Final = (
    "PIN Accepted. Wait for the token code to change, then enter the new passcode:"
)
DENIED: Final = "Access denied"
_PIN_LENGTHS: Final = range(4, 9)
_REMEMBERED: Final = 256


@dataclass(frozen=True)
class Answer:
    """What the server decided: a RADIUS code, its words, and the step that a challenge opens."""

    code: int
    message: str = ""
    step: str = ""


_ACCEPT: Final = Answer(AccessAccept)
_REJECT: Final = Answer(AccessReject, DENIED)


def first_answer(person: Person | None, password: str) -> Answer:
    """Decide on a request without State: a right password is asked for the passcode."""
    if person is None or person.token is None:
        return _REJECT
    if hmac.compare_digest(password.encode(), person.token.code.encode()):
        return _ACCEPT  # the passcode typed as the password, as token users often do
    if password != person.password or person.state:
        return _REJECT
    return Answer(AccessChallenge, ASK_PASSCODE, "passcode")


def next_answer(person: Person | None, step: str, reply: str) -> Answer:
    """Decide on the reply to a challenge; ``step`` names which challenge it was."""
    token = person.token if person else None
    if token is None:
        return _REJECT
    first, _, pin = step.partition("/")
    if first == "passcode" and reply == token.code:
        return {
            "plain": _ACCEPT,
            "next-code": Answer(AccessChallenge, ASK_NEXT_CODE, "next"),
            "new-pin": Answer(AccessChallenge, ASK_NEW_PIN, "pin"),
        }[token.mode]
    if first == "next" and reply == token.next_code:
        return _ACCEPT
    if first == "pin" and reply.isdecimal() and len(reply) in _PIN_LENGTHS:
        return Answer(AccessChallenge, ASK_PIN_AGAIN, f"again/{reply}")
    if first == "again" and reply == pin:
        return Answer(AccessChallenge, PIN_ACCEPTED, "next")
    return _REJECT


class TokenServer(asyncio.DatagramProtocol):
    """One RADIUS server with its shared secret; it locks accounts after wrong passwords."""

    def __init__(self, secret: str, accounts: Accounts) -> None:
        self._secret = secret.encode()
        self._accounts = accounts
        self._answered: deque[bytes] = deque(maxlen=_REMEMBERED)
        self._steps: dict[bytes, tuple[str, str]] = {}
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport for the answers."""
        # The event loop's own class is no subclass of DatagramTransport on every Python.
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """Answer one Access-Request."""
        request = AuthPacket(packet=data, secret=self._secret)
        user = request[USER_NAME][0].decode("utf-8", "replace")
        # With another shared secret this is noise: the reject that follows says so to nobody.
        password = request.PwDecrypt(request[USER_PASSWORD][0])
        text = password if isinstance(password, str) else password.decode("utf-8", "replace")
        person = person_named(user)
        state = request[STATE][0] if STATE in request else None
        if state is None:
            answer = first_answer(person, text)
        else:
            # The step stays known, so that a retransmission gets the same answer.
            owner, step = self._steps.get(state, ("", ""))
            answer = next_answer(person, step, text) if owner == user else _REJECT
        if person and self._accounts.locked(person.name):
            answer = _REJECT
        elif person and request.authenticator not in self._answered:
            # Sent again it is still one try.
            self._answered.append(request.authenticator)
            self._accounts.tried(person.name, right=answer.code != AccessReject)
        reply = request.CreateReply()
        reply.code = answer.code
        if answer.message:
            reply[REPLY_MESSAGE] = [answer.message.encode()]
        if answer.step:
            fresh = b"SBR-CH " + secrets.token_hex(6).encode()
            self._steps[fresh] = (user, answer.step)
            reply[STATE] = [fresh]
        if self._transport is not None:
            self._transport.sendto(reply.ReplyPacket(), addr)


class RadiusNetwork:
    """All RADIUS servers of one lab, and the way from a configured address to a local port."""

    def __init__(self) -> None:
        self._ports: dict[tuple[str, int], int] = {}
        self._transports: list[asyncio.DatagramTransport] = []
        # Bound and never read: a request to it is lost, as on the way to a dead server.
        self.accounts = Accounts()
        self._silence = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    async def start(self) -> None:
        """Bind every server to a free port on 127.0.0.1."""
        loop = asyncio.get_running_loop()
        self._silence.bind(("127.0.0.1", 0))
        for address, secret in RADIUS_SECRETS.items():
            transport, _ = await loop.create_datagram_endpoint(
                lambda secret=secret: TokenServer(secret, self.accounts),  # type: ignore[misc]
                local_addr=("127.0.0.1", 0),
            )
            self._transports.append(transport)
            self._ports[address] = transport.get_extra_info("sockname")[1]

    def stop(self) -> None:
        """Free every port."""
        for transport in self._transports:
            transport.close()
        self._silence.close()

    def port(self, address: str, port: int) -> int:
        """Return the local port behind a configured server; one that is silent when unknown."""
        silent: int = self._silence.getsockname()[1]
        return self._ports.get((address, port), silent)
