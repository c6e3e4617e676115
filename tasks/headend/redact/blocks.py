"""Secrets that stand below a heading: hex dumps of a RADIUS packet, and private keys."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto

from headend.redact.rules import PROMPT
from headend.redact.span import is_masked

# The same lines come bare on a terminal and behind a syslog header with `logging debug-trace`.
_HEAD = rb"(?:.{0,200}?%ASA-\d-711001: )?\s{0,80}" + PROMPT
_HEX = b"0123456789abcdefABCDEF "
# The last byte may be half there: an unfinished line is looked at as well.
DUMP = re.compile(
    rb"(?P<head>" + _HEAD + rb")(?P<hex>[0-9A-Fa-f]{1,2}(?: {1,2}[0-9A-Fa-f]{1,2}){0,63})"
    rb"(?P<text> {0,80}(?:\|.*)?)"
)
# The same in a whole text whose lines each stand behind a line feed; half a byte makes none.
_DUMPS = re.compile(
    rb"\n[ \t\x0b\x0c]{0,80}" + PROMPT + rb"([0-9A-Fa-f]{2}(?: {1,2}[0-9A-Fa-f]{2}){0,63})"
    rb" {0,80}(?:\|[^\n]*)?(?=\r?\n)"
)
_TAG = b"-711001: "
_ATTRIBUTE = re.compile(rb"Radius: Type = (\d{1,3}) \(0x[0-9A-Fa-f]{1,4}\) ?(\S{0,64})")
_VENDOR = re.compile(rb"Radius: Vendor ID = (\d{1,9})")
_VALUE = re.compile(rb"Radius: Value \(\w{1,32}\) = ?(?=\S)")
_PACKET = re.compile(rb"Raw packet data \(length = \d{1,6}\)")
_REQUEST_AUTHENTICATOR = re.compile(rb": reqauth:\s{0,8}")
_KEY = re.compile(rb"-----BEGIN (?:[A-Z0-9 ]{0,40}PRIVATE KEY|PKCS12)-----\s{0,8}$")
_KEY_LINE = re.compile(rb"\s{0,80}(?:[A-Za-z0-9+/=]+|(?:Proc-Type|DEK-Info): .{1,100})\s{0,80}")
_KEY_LINES = 400

_SECRET_NAME = re.compile(rb"(?i)password|passcode|secret|ms-?chap|mppe|eap-message")
# User-Password, CHAP-Password, Tunnel-Password; the name beside it may be cut by a wrap.
_SECRET_TYPES = frozenset({2, 3, 69})
_MICROSOFT = 311
_WIDTH = 80

# A line without any of these (in lower case) opens no block: a leading zero is none's, but may be.
WORDS = (
    b"radius: type = 2 ", b"radius: type = 3 ", b"radius: type = 69 ", b"radius: type = 0",
    b"radius: vendor id = 311", b"radius: vendor id = 0", b"password", b"passcode", b"secret",
    b"chap", b"mppe", b"eap-message", b"raw packet data (", b": reqauth:", b"-----begin ",
)  # fmt: skip


class _Kind(Enum):
    NONE = auto()
    ATTRIBUTE = auto()
    PACKET = auto()
    AUTHENTICATOR = auto()
    KEY = auto()


@dataclass(frozen=True, slots=True)
class Block:
    """Below which heading we are; ``name`` is what the whole block is numbered by."""

    kind: _Kind = _Kind.NONE
    name: bytes = b""
    lines: int = 0
    microsoft: bool = False
    wrapped: bool = False

    @property
    def at_rest(self) -> bool:
        """Whether no block is open, nor a vendor named whose attributes may be secrets."""
        return self.kind is _Kind.NONE and not self.microsoft


_NO_BLOCK = Block()


def advance(block: Block, line: bytes, *, may_open: bool = True) -> tuple[Block, int | None]:
    """Return the block after ``line``, and where in the line its secret begins, if it has one.

    Without ``may_open`` the line is known to hold none of ``WORDS``.
    """
    if may_open or b"Radius: " in line:
        opened = _opened(block, line)
        if opened is not None:
            return opened
    if block.kind is _Kind.NONE:
        return block, None
    if block.kind is _Kind.KEY:
        return _key_line(block, line)
    return _dump_line(block, line)


def decoded(line: bytes) -> bytes | None:
    """Return the bytes that a line of a hex dump shows, or None where it is none."""
    match = _dump(line)
    if match is None or any(len(pair) != len("00") for pair in match["hex"].split()):
        return None
    return bytes.fromhex(match["hex"].decode("ascii"))


def _dump(line: bytes) -> re.Match[bytes] | None:
    # Most lines are no dump, and end otherwise than one does.
    if b"|" not in line and line[-1:] not in _HEX:
        return None
    return DUMP.fullmatch(line)


def all_decoded(text: bytes) -> bytes:
    """Return what ``decoded`` returns for each line of ``text``, all in one."""
    if _TAG in text:
        lines = text.replace(b"\r\n", b"\n").split(b"\n")
        return b"".join(filter(None, map(decoded, lines)))
    return bytes.fromhex(b" ".join(_DUMPS.findall(b"\n" + text)).decode("ascii"))


def _opened(block: Block, line: bytes) -> tuple[Block, int | None] | None:
    if b"Radius: " in line:
        return _radius_line(block, line)
    if _PACKET.search(line):
        return Block(_Kind.PACKET), None
    match = _REQUEST_AUTHENTICATOR.search(line)
    if match:
        opened = Block(_Kind.AUTHENTICATOR)
        return _masked(opened, line, match.end()) if line[match.end() :] else (opened, None)
    if _KEY.search(line):
        return Block(_Kind.KEY), None
    return None


def _radius_line(block: Block, line: bytes) -> tuple[Block, int | None]:
    vendor = _VENDOR.search(line)
    if vendor:
        return replace(block, microsoft=int(vendor[1]) == _MICROSOFT), None
    attribute = _ATTRIBUTE.search(line)
    if attribute:
        number, name = int(attribute[1]), attribute[2]
        # MS-CHAP-Error holds the server's reason, and no secret.
        hidden = b"Error" not in name and bool(
            _SECRET_NAME.search(name)
            or number in _SECRET_TYPES
            or (block.microsoft and name in {b"", b"Unknown"})
        )
        return Block(_Kind.ATTRIBUTE if hidden else _Kind.NONE, microsoft=block.microsoft), None
    if block.kind is _Kind.ATTRIBUTE:
        value = _VALUE.search(line)
        return _masked(block, line, value.end()) if value else (block, None)
    return _NO_BLOCK, None


def _dump_line(block: Block, line: bytes) -> tuple[Block, int | None]:
    if block.wrapped and line and b"%ASA-" not in line:
        return _masked(block, line, 0)
    match = _dump(line)
    if match:
        return _masked(block, line, match.start("hex"))
    # Foreign lines may land between any two lines of a dump: only its own end closes it.
    if block.kind is _Kind.PACKET:
        over = b"Parsed packet data" in line
    else:
        over = block.kind is _Kind.AUTHENTICATOR and b"%ASA-" not in line and bool(line.strip())
    return (_NO_BLOCK if over else block), None


def _key_line(block: Block, line: bytes) -> tuple[Block, int | None]:
    if _KEY_LINE.fullmatch(line) and block.lines < _KEY_LINES:
        return _masked(replace(block, lines=block.lines + 1), line, 0)
    goes_on = (not line.strip() or b"%ASA-" in line) and block.lines < _KEY_LINES
    return (block if goes_on else _NO_BLOCK), None


def _masked(block: Block, line: bytes, start: int) -> tuple[Block, int | None]:
    start += len(line[start:]) - len(line[start:].lstrip())
    secret = line[start:].rstrip()
    if not secret or is_masked(secret):
        return block, None
    # A dump fills no terminal by itself: a line as wide as one was wrapped, and goes on.
    wrapped = len(line) % _WIDTH == 0
    if not block.name or block.wrapped != wrapped:
        block = replace(block, name=block.name or secret, wrapped=wrapped)
    return block, start
