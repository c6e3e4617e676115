"""What ``debug radius`` says, with the bytes of each attribute put together and decoded."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headend.model.event import Event
from headend.parse.facility import Facility, FacilityReader

if TYPE_CHECKING:
    from headend.model.line import Line
    from headend.parse.fsm import Row

RADIUS = Facility(
    "radius",
    "cisco_asa_debug_radius.textfsm",
    (
        ("make", "mkreq"),
        ("new-request", "new_request"),
        ("add", "add_request"),
        ("remove", "remove_request"),
        ("got-user", "got_user_label"),
        ("source-ip", "source_ip"),
        ("decode", "decode"),
        ("raw", "raw"),
        ("parsed", "parsed"),
        ("code", "code"),
        ("identifier", "identifier"),
        ("type", "type"),
        ("length", "length"),
        ("vendor", "vendor"),
        ("value", "value_kind"),
        ("bytes", "bytes"),
        ("send", "send_to"),
        ("verified", "verified"),
        ("bad-authenticator", "bad_auth"),
        ("rip", "rip"),
        ("reply-session", "reply_session"),
        ("reply-user", "reply_user"),
        ("answer", "response_label"),
        ("reply-server", "sip"),
        ("verdict", "verdict"),
        ("normal", "normal"),
        ("timeout", "timeout"),
        ("delete", "delete"),
    ),
)

# Packing of a packet, of no meaning to a login.
_INNER = frozenset({"raw", "parsed", "type", "length", "vendor", "value", "bytes", "normal"})
_PASSWORDS = frozenset({2, 3, 60, 69, 79})
_VENDOR_SPECIFIC = 26
_HEADER = 2


@dataclass(slots=True)
class _Attribute:
    """An attribute of a packet while its lines come in."""

    number: int
    name: str
    vendor: int = 0
    length: int = 0
    hexed: bool = False
    data: bytearray = field(default_factory=bytearray)

    @property
    def complete(self) -> bool:
        return self.length > 0 and len(self.data) >= self.length - _HEADER


class RadiusReader(FacilityReader):
    """Reads ``debug radius``; an ``attribute`` event comes when its last byte is there."""

    def __init__(self) -> None:
        super().__init__(RADIUS)
        self._attribute: _Attribute | None = None
        self._last: Line | None = None

    def take(self, line: Line, kind: str, row: Row) -> tuple[Event, ...]:
        """Return what a row of RADIUS debug completed."""
        if kind in _INNER:
            return tuple(self._inner(kind, row, line))
        event = Event("radius", kind, line, row)
        return (event,) if self._attribute is None else (*self._flush(), event)

    def _inner(  # noqa: C901 - one branch a kind of line
        self, kind: str, row: Row, line: Line
    ) -> list[Event]:
        done: list[Event] = []
        held = self._attribute
        if kind == "type":
            number = int(row["type"])
            inner = held is not None and held.number == _VENDOR_SPECIFIC and not held.hexed
            if inner and held is not None and held.vendor:
                # The type inside a vendor attribute: the vendor's own numbering.
                self._attribute = _Attribute(number, row.get("type_name", ""), held.vendor)
            else:
                done = self._flush()
                self._attribute = _Attribute(number, row.get("type_name", ""))
        elif kind in {"raw", "parsed"}:
            done = self._flush()
        elif held is not None:
            self._last = line
            if kind == "length":
                held.length = int(row["length"])
            elif kind == "vendor":
                held.vendor = int(row["vendor"])
            elif kind == "value" and row.get("value"):
                done = self._finish(held, row["value"], line)
            elif kind == "value":
                held.hexed = True
                if held.length == _HEADER:
                    done = self._finish(held, "", line)
            elif kind == "bytes" and held.hexed:
                held.data += bytes.fromhex(row["bytes"])
                if held.complete:
                    done = self._flush()
        return done

    def _flush(self) -> list[Event]:
        held, self._attribute, line = self._attribute, None, self._last
        if held is None or not held.data or line is None:
            return []
        text = bytes(held.data).decode("utf-8", errors="backslashreplace").rstrip("\x00")
        return self._event(held, text, line)

    def _finish(self, held: _Attribute, value: str, line: Line) -> list[Event]:
        self._attribute = None
        return self._event(held, value, line)

    @staticmethod
    def _event(held: _Attribute, value: str, line: Line) -> list[Event]:
        fields = {"type": str(held.number), "name": held.name, "length": str(held.length)}
        if held.vendor:
            fields["vendor"] = str(held.vendor)
        elif held.number in _PASSWORDS:
            return [Event("radius", "attribute", line, fields)]
        fields["value"] = value
        return [Event("radius", "attribute", line, {k: v for k, v in fields.items() if v})]


def address(text: str) -> str | None:
    """Return ``text`` where it is an IP address, as Calling-Station-Id often is."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
