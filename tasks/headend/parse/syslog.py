"""One syslog line as an event whose kind is the message id."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from headend.model.event import Event
from headend.parse.fsm import Template
from headend.parse.idle import Idle, shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headend.model.line import Line

DEBUG_TRACE = "711001"
_AAA = "113"
# An id, a blank and what comes next choose the rules for a message.
_HEAD = 12

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
# Shapes of headers that are remembered: an archive has a few for each headend.
_HEADERS = _IDS = 4096


class Wrapped(NamedTuple):
    """A line of debug that came as a syslog message, and the values of its header."""

    header: Mapping[str, str]
    debug: str


# What a message is that has nothing to say of a login.
IDLE = Wrapped({}, "")


class _Header(NamedTuple):
    """Where the values of a header stand, and where it ends."""

    fields: tuple[tuple[str, slice], ...]
    ident: slice
    end: int


class SyslogReader:
    """Reads Cisco syslog lines with any header; ids as in the Cisco syslog guide."""

    def __init__(self) -> None:
        self._template = Template("cisco_asa_syslog.textfsm")
        self._message = Template("cisco_asa_syslog_message.textfsm", head=_HEAD)
        self._headers: dict[bytes, _Header] = {}
        self._telling: dict[str, bool] = {}
        self.idle = Idle()

    def feed(self, line: Line, text: str) -> Event | Wrapped | None:
        """Return what ``text``, which is flat, says, or ``None`` where it is no syslog line."""
        sign = text.find("%")
        if sign < 0 and " AAA " not in text and not text.startswith(_SENTENCES):
            return None
        # The header ends with the first blank after the tag, or before it.
        head = text[: text.find(" ", sign) + 1] if sign >= 0 else ""
        # No header is told from another by the value of a digit.
        shape = shape_of(head)
        places = self._headers.get(shape)
        if places is not None:
            fields, tag, end = places
            header = {name: text[place] for name, place in fields}
            ident, body = text[tag], text[end:]
        else:
            rows = self._template.feed(text).rows
            if not rows:
                return None
            row = rows[0]
            header = {name: row[name] for name in ("stamp", "host") if name in row}
            ident, body = row.get("id", ""), row.get("text", "")
            end = len(text) - len(body)
            if end > len(head):
                # The first sign was none of a tag, and tells nothing of other lines.
                head = ""
            elif head:
                self._learn(shape, head, header, ident, end)
        if ident == DEBUG_TRACE:
            return Wrapped(header, body)
        if self._tells(ident):
            return self._told(line, header, ident, body)
        if head:
            self.idle.learn(head[:sign], head[sign:-1])
        return IDLE

    def _tells(self, ident: str) -> bool:
        """Return whether a message of this id may tell of a login; one without an id may."""
        known = self._telling.get(ident)
        if known is None:
            known = not ident or ident.startswith(_AAA) or self._message.names(ident)
            if len(self._telling) >= _IDS:
                self._telling.clear()
            self._telling[ident] = known
        return known

    def _learn(
        self, shape: bytes, head: str, header: Mapping[str, str], ident: str, end: int
    ) -> None:
        """Know where the values stand in every header of this shape, if here it is certain."""
        tag = len(head.rstrip(": "))
        certain = head[:tag].endswith(ident)
        if certain and all(head.count(value) == 1 for value in header.values()):
            if len(self._headers) >= _HEADERS:
                self._headers.clear()
            starts = {name: head.find(value) for name, value in header.items()}
            fields = tuple((name, slice(at, at + len(header[name]))) for name, at in starts.items())
            self._headers[shape] = _Header(fields, slice(tag - len(ident), tag), end)

    def _told(self, line: Line, header: Mapping[str, str], ident: str, body: str) -> Event | None:
        rows = self._message.take(f"{ident} {body}" if ident else body).rows
        fields = {**rows[0], **header} if rows else dict(header)
        if "name" in fields:
            # Matched up to the last " IP ", so that the closing bracket is still on it.
            fields["user"] = fields.pop("name").removesuffix(">")
        if not ident:
            ident = _UNTAGGED.get((fields.get("action", ""), fields.get("result", "")), "")
            if not ident:
                return None
        return Event("syslog", ident, line, fields)
