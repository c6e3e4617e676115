"""One syslog line as an event whose kind is the message id."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from headend.model.event import Event
from headend.parse.fsm import Template
from headend.parse.idle import Idle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headend.model.line import Line

DEBUG_TRACE = "711001"
_AAA = "113"
_DIGITS = 6

# The same sentence without a tag: some collectors drop the tag.
_UNTAGGED = {
    ("authentication", "Successful"): "113004",
    ("authentication", "Rejected"): "113005",
    ("authorization", "Successful"): "113004",
    ("authorization", "Rejected"): "113005",
    ("authentication", "not accessible"): "113014",
    ("", "ACCEPT"): "113008",
    ("", "REJECT"): "113008",
}
_SENTENCES = ("AAA user ", "AAA transaction ", "AAA authentication server ")
# A headend writes many lines in one second: their headers are read once.
_HEADERS = 4096


class Unwrapped(NamedTuple):
    """A syslog line taken apart: its header's values, and either an event or a debug line.

    Neither is there where the message has nothing to say of a login.
    """

    header: Mapping[str, str]
    event: Event | None = None
    debug: str | None = None


class _Header(NamedTuple):
    fields: Mapping[str, str]
    ident: str
    end: int


class SyslogReader:
    """Reads Cisco syslog lines with any header; ids as in the Cisco syslog guide."""

    def __init__(self) -> None:
        self._template = Template("cisco_asa_syslog.textfsm")
        self._message = Template("cisco_asa_syslog_message.textfsm", head=_DIGITS)
        self._headers: dict[str, _Header] = {}
        self.idle = Idle()

    def feed(self, line: Line, text: str) -> Unwrapped | None:
        """Return ``text``, which is flat, taken apart, or ``None`` where it is no syslog line."""
        sign = text.find("%")
        if sign < 0 and " AAA " not in text and not text.startswith(_SENTENCES):
            return None
        # The header ends with the first blank after the tag, or before it.
        head = text[: text.find(" ", sign) + 1] if sign >= 0 else ""
        header = self._headers.get(head)
        if header is None:
            header = self._header(text)
            if header is None:
                return None
            if head and header.end <= len(head):
                self._learn(head, header)
        if header.ident == DEBUG_TRACE:
            return Unwrapped(header.fields, debug=text[header.end :])
        if self._tells(header.ident):
            return self._told(line, header, text[header.end :])
        return Unwrapped(header.fields)

    def _tells(self, ident: str) -> bool:
        """Return whether a message of this id may tell of a login; one without an id may."""
        return not ident or ident.startswith(_AAA) or self._message.names(ident)

    def _learn(self, head: str, header: _Header) -> None:
        if len(self._headers) >= _HEADERS:
            self._headers.clear()
        self._headers[head] = header
        if header.ident != DEBUG_TRACE and not self._tells(header.ident):
            before, sign, tag = head[:-1].partition("%")
            self.idle.learn(before, sign + tag)

    def _told(self, line: Line, header: _Header, body: str) -> Unwrapped | None:
        ident = header.ident
        rows = self._message.feed(f"{ident} {body}" if ident else body).rows
        fields = dict(rows[0]) if rows else {}
        if "name" in fields:
            # Matched up to the last " IP ", so that the closing bracket is still on it.
            fields["user"] = fields.pop("name").removesuffix(">")
        if not ident:
            ident = _UNTAGGED.get((fields.get("action", ""), fields.get("result", "")), "")
            if not ident:
                return None
        fields.update(header.fields)
        return Unwrapped(header.fields, Event("syslog", ident, line, fields))

    def _header(self, text: str) -> _Header | None:
        rows = self._template.feed(text).rows
        if not rows:
            return None
        row = rows[0]
        fields = {name: row[name] for name in ("stamp", "host") if name in row}
        return _Header(fields, row.get("id", ""), len(text) - len(row.get("text", "")))
