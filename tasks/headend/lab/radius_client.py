"""The headend's side of a RADIUS exchange: send, wait, verify, send again."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import dataclass
from typing import Any, Final

from pyrad.packet import AuthPacket, PacketError

from headend.lab.box import Box
from headend.lab.counters import ServerState
from headend.lab.debug_filter import Whose
from headend.lab.radius_server import CLASS, REPLY_MESSAGE, STATE, USER_NAME, USER_PASSWORD
from headend.lab.radius_trace import Exchange
from headend.lab.settings import Server, max_failed_attempts

TRIES: Final = 3
ACCEPT, REJECT, CHALLENGE = 2, 3, 11
_NAS: Final = "10.20.0.2"


@dataclass(frozen=True)
class Reply:
    """What a server answered; ``code`` 0 means that no usable answer came."""

    code: int = 0
    message: str = ""
    state: bytes = b""
    policy: str = ""


class _Mailbox(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.arrived: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        del addr
        self.arrived.put_nowait(data)


@dataclass(frozen=True)
class RadiusClient:
    """One headend's RADIUS client; ``port_of`` finds the local port behind an address."""

    box: Box
    wire: Any

    async def ask(
        self, server: Server, user: str, password: str, client_ip: str, state: bytes = b""
    ) -> Reply:
        """Send one Access-Request and return the verdict of the packet that came back."""
        number = self.box.next_radius()
        request = AuthPacket(
            id=number & 0xFF,
            secret=server.secret.encode(),
            authenticator=AuthPacket.CreateAuthenticator(),
        )
        request[USER_NAME] = [user.encode()]
        request[USER_PASSWORD] = [request.PwCrypt(password.encode()[:128])]
        request[4] = [socket.inet_aton(_NAS)]
        request[5] = [number.to_bytes(4, "big")]
        request[31] = [client_ip.encode()]
        if state:
            request[STATE] = [state]
        packet: bytes = request.RequestPacket()
        exchange = Exchange(number, number & 0xFF, server.address, server.port)
        counts = self.box.counters.of(server.group, "radius", server.address, server.port)
        counts.authentication_requests += 1
        counts.pending += 1
        self.box.notify()
        self.box.publish(exchange.opened(user, client_ip, packet), Whose(user, client_ip))
        loop = asyncio.get_running_loop()
        transport, mailbox = await loop.create_datagram_endpoint(
            _Mailbox, remote_addr=("127.0.0.1", self._port(server))
        )
        try:
            got = await self._exchange(request, packet, exchange, counts, (transport, mailbox))
        finally:
            transport.close()
            counts.pending -= 1
        reply = self._settle(got, server, counts)
        if got is not None:
            trace = exchange.received(user, server.secret, reply.state, packet, got.raw_packet)
            self.box.publish(trace, Whose(user, client_ip))
        self.box.publish(exchange.closed(), Whose(user, client_ip))
        return reply

    def _port(self, server: Server) -> int:
        away = server.address in self.box.unreachable
        port: int = self.wire.port("" if away else server.address, server.port)
        return port

    async def _exchange(
        self,
        request: AuthPacket,
        packet: bytes,
        exchange: Exchange,
        counts: ServerState,
        link: tuple[asyncio.DatagramTransport, _Mailbox],
    ) -> Any:
        transport, mailbox = link
        for sending in range(TRIES):
            counts.retransmissions += bool(sending)
            began = time.monotonic()
            transport.sendto(packet)
            self.box.publish(exchange.sent())
            left = self.box.spec.radius_timeout
            while left > 0:
                try:
                    data = await asyncio.wait_for(mailbox.arrived.get(), left)
                except TimeoutError:
                    break
                left = began + self.box.spec.radius_timeout - time.monotonic()
                try:
                    reply = request.CreateReply(packet=data)
                except PacketError:
                    counts.malformed += 1
                    continue
                if request.VerifyReply(reply, data):
                    counts.round_trip_ms = round((time.monotonic() - began) * 1000)
                    return reply
                # An answer that anybody could have written is no answer: go on waiting.
                counts.bad_authenticators += 1
                self.box.publish(exchange.forged())
            counts.timeouts += 1
            self.box.publish(exchange.silent())
        return None

    def _settle(self, got: Any, server: Server, counts: ServerState) -> Reply:
        if got is None:
            allowed = max_failed_attempts(self.box.configuration, server.group)
            self.box.counters.failed(counts, allowed)
            return Reply()
        self.box.counters.answered(counts)
        counts.accepts += got.code == ACCEPT
        counts.rejects += got.code == REJECT
        counts.challenges += got.code == CHALLENGE
        words = b"".join(got[REPLY_MESSAGE]) if REPLY_MESSAGE in got else b""
        state = got[STATE][0] if STATE in got else b""
        group = got[CLASS][0].decode("utf-8", "replace") if CLASS in got else ""
        policy = group.removeprefix("OU=").rstrip(";") if group.startswith("OU=") else ""
        return Reply(got.code, words.decode("utf-8", "replace"), state, policy)
