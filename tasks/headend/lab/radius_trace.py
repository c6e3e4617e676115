"""Debug lines of a RADIUS exchange, written from the bytes that were sent and received."""

from __future__ import annotations

from typing import Final

from headend.lab.trace import DECODE, RADIUS, Line, lines

_NAMES: Final = {
    1: "User-Name",
    2: "User-Password",
    4: "NAS-IP-Address",
    5: "NAS-Port",
    18: "Reply-Message",
    24: "State",
    25: "Class",
    26: "Vendor-Specific",
    31: "Calling-Station-Id",
    61: "NAS-Port-Type",
}
_ADDRESS: Final = 4
_NUMBERS: Final = (5, 61)
_VERDICTS: Final = {2: "ACCEPT", 3: "REJECT", 11: "CHALLENGE"}
_HEADER: Final = 20


def hexdump(data: bytes) -> list[str]:
    """Return the bytes sixteen a line, in hex and ASCII."""
    rows = [data[start : start + 16] for start in range(0, len(data), 16)]
    return [
        f"{' '.join(f'{byte:02x}' for byte in row)}    |  "
        + "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)  # noqa: PLR2004 - ASCII
        for row in rows
    ]


def attributes(packet: bytes) -> list[tuple[int, bytes]]:
    """Return a packet's attributes in the order of the wire."""
    found, at = [], _HEADER
    while at + 2 <= len(packet):
        length = max(packet[at + 1], 2)
        found.append((packet[at], packet[at + 2 : at + length]))
        at += length
    return found


def decoded(title: str, packet: bytes) -> list[Line]:
    """Print one packet as ``debug radius decode`` does."""
    size = int.from_bytes(packet[2:4], "big")
    out = [
        "",
        f"RADIUS packet decode ({title})",
        "",
        "--------------------------------------",
        f"Raw packet data (length = {len(packet)}).....",
        *hexdump(packet),
        "",
        "Parsed packet data.....",
        f"Radius: Code = {packet[0]} (0x{packet[0]:02X})",
        f"Radius: Identifier = {packet[1]} (0x{packet[1]:02X})",
        f"Radius: Length = {size} (0x{size:04X})",
        f"Radius: Vector: {packet[4:20].hex().upper()}",
    ]
    for number, value in attributes(packet):
        length = len(value) + 2
        out.append(f"Radius: Type = {number} (0x{number:02X}) {_NAMES.get(number, 'Unknown')}")
        out.append(f"Radius: Length = {length} (0x{length:02X})")
        if number == _ADDRESS:
            dotted = ".".join(str(byte) for byte in value)
            out.append(f"Radius: Value (IP Address) = {dotted} (0x{value.hex().upper()})")
        elif number in _NUMBERS:
            out.append(f"Radius: Value (Hex) = 0x{value.hex().upper()}")
        else:
            out.extend(["Radius: Value (String) = ", *hexdump(value)])
    return lines(DECODE, *out)


class Exchange:
    """The names by which one request is known in the debug: session, packet id, pointer."""

    def __init__(self, session: int, packet_id: int, server: str, port: int) -> None:
        self.session = f"0x{session:x}"
        self.packet_id = packet_id
        self.pointer = f"0xd8a5{session * 0x40 & 0xFFFF:04x}"
        self.server = server
        self.port = port

    def opened(self, user: str, client_ip: str, packet: bytes) -> list[Line]:
        """Print the making of a request."""
        return [
            *lines(
                RADIUS,
                f"radius mkreq: {self.session}",
                f"alloc_rip {self.pointer}",
                f"    new request {self.session} --> {self.packet_id} ({self.pointer})",
                f"got user '{user}'",
                "got password",
                f"add_req {self.pointer} session {self.session} id {self.packet_id}",
                "RADIUS_REQUEST",
                "radius.c: rad_mkpkt",
                f"rad_mkpkt: ip:source-ip={client_ip}",
            ),
            *decoded("authentication request", packet),
        ]

    def sent(self) -> list[Line]:
        """Print one transmission."""
        return lines(RADIUS, f"send pkt {self.server}/{self.port}")

    @staticmethod
    def silent() -> list[Line]:
        """Print that a transmission got no usable answer in time."""
        return lines(RADIUS, "RADIUS_SENT:server response timeout")

    def forged(self) -> list[Line]:
        """Print that a response's authenticator does not fit our shared secret."""
        return lines(
            RADIUS,
            f"rip {self.pointer} state 7 id {self.packet_id}",
            "rad_vrfy() : bad req auth",
        )

    def received(self, user: str, secret: str, state: bytes, sent: bytes, got: bytes) -> list[Line]:
        """Print a verified response; real headends print the shared secret here in clear."""
        return [
            *lines(
                RADIUS,
                f"rip {self.pointer} state 7 id {self.packet_id}",
                "rad_vrfy() : response message verified",
                f"rip {self.pointer}",
                f" : chall_state '{state.decode('ascii', 'replace')}'",
                " : state 0x7",
                " : reqauth:",
                f"     {sent[4:20].hex(' ')}",
                f" : info {self.pointer[:-2]}f0",
                f"     session_id {self.session}",
                f"     request_id 0x{self.packet_id:x}",
                f"     user '{user}'",
                "     response '***'",
                "     app 0",
                "     reason 0",
                f"     skey '{secret}'",
                f"     sip {self.server}",
                "     type 1",
            ),
            *decoded("response", got),
            *lines(RADIUS, f"rad_procpkt: {_VERDICTS.get(got[0], got[0])}"),
            *(lines(RADIUS, "RADIUS_ACCESS_ACCEPT: normal termination") if got[0] == 2 else []),  # noqa: PLR2004
        ]

    def closed(self) -> list[Line]:
        """Print the end of the request."""
        return lines(
            RADIUS,
            "RADIUS_DELETE",
            f"remove_req {self.pointer} session {self.session} id {self.packet_id}",
            f"free_rip {self.pointer}",
            "radius: send queue empty",
        )
