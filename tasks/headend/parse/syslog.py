"""One syslog line as an event whose kind is the message id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headend.model.event import Event
from headend.parse.fsm import Template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headend.model.line import Line

DEBUG_TRACE = "711001"

# The same sentence without a tag: some collectors drop the tag.
_UNTAGGED = {
    ("authentication", "Successful"): "113004",
    ("authentication", "Rejected"): "113005",
    ("authorization", "Successful"): "113004",
    ("authorization", "Rejected"): "113005",
}


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A syslog line taken apart: its header's values, and either an event or a debug line."""

    header: Mapping[str, str]
    event: Event | None = None
    debug: str | None = None


class SyslogReader:
    """Reads Cisco syslog lines with any header; ids as in the Cisco syslog guide."""

    def __init__(self) -> None:
        self._header = Template("cisco_asa_syslog.textfsm")
        self._message = Template("cisco_asa_syslog_message.textfsm")

    def feed(self, line: Line, text: str) -> Unwrapped | None:
        """Return ``text`` taken apart, or ``None`` where it is no syslog line."""
        if "%" not in text and "AAA " not in text:
            return None
        reading = self._header.feed(text)
        if not reading.rows:
            return Unwrapped({}) if reading.recognised else None
        header = dict(reading.rows[0])
        body = header.pop("text", "")
        ident = header.pop("id", "")
        if ident == DEBUG_TRACE:
            return Unwrapped(header, debug=body)
        rows = self._message.feed(f"{ident} {body}" if ident else body).rows
        fields = dict(rows[0]) if rows else {}
        if "name" in fields:
            # Matched up to the last " IP ", so that the closing bracket is still on it.
            fields["user"] = fields.pop("name").removesuffix(">")
        if not ident:
            ident = _UNTAGGED.get((fields.get("action", ""), fields.get("result", "")), "")
            if not ident:
                return None
        return Unwrapped(header, Event("syslog", ident, line, fields))
