"""Addresses of the same length in place of the real ones, part by part, so that networks stay.

Two addresses of one /8, /16, /24 (or of one /16 ... /64) are so again; private ones stay private.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from headend.errors import Refused

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
FOUR = re.compile(rf"(?<![\d.])(?:{_OCTET}\.){{3}}{_OCTET}(?!\d|\.\d)")
SIX = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:)[0-9A-Fa-f:]{3,39}(?![\w:])")
MAC = re.compile(
    r"(?<![\w.:-])(?:[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4})(?![\w:-])"
)
_CLASSES = ((0, 10), (10, 100), (100, 256))
_TRIES = 200


def found_in(text: str) -> Iterator[tuple[int, int, IPv4Address | IPv6Address]]:
    """Yield start, end and value of each address that identifies something."""
    for pattern in (FOUR, SIX):
        for match in pattern.finditer(text):
            value = _value(match[0])
            if value is not None:
                yield match.start(), match.end(), value


def _value(text: str) -> IPv4Address | IPv6Address | None:
    try:
        value = ip_address(text)
    except ValueError:
        return None
    if value.version == 6:  # noqa: PLR2004 - the version's number
        return None if value.is_loopback or value.is_unspecified else value
    mask = int(value) ^ 0xFFFFFFFF
    is_mask = value.packed[0] in {0, 255} or (mask & (mask + 1) == 0 and value.packed[0] > 223)  # noqa: PLR2004 - no host's
    return None if value.is_loopback or is_mask else value


class Addresses:
    """Pseudonyms of the addresses in ``known``; none of them is one of ``known``."""

    def __init__(self, known: Collection[IPv4Address | IPv6Address], key: bytes) -> None:
        self.known = frozenset(known)
        for turn in range(_TRIES):
            self._key = hmac.digest(key, b"addresses %d" % turn, hashlib.sha256)
            self.table = {one: self._packed(one) for one in self.known}
            if not self.known & {ip_address(one) for one in self.table.values()}:
                break
        else:
            raise Refused("The incident's addresses leave no room for others in their networks")
        self.raw = {one.packed: other for one, other in self.table.items()}

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Return start, end and replacement of each address and hardware address."""
        edits = [
            (start, end, self._spelt(text[start:end], self._packed(value)))
            for start, end, value in found_in(text)
        ]
        edits += [(one.start(), one.end(), self._mac(one[0])) for one in MAC.finditer(text)]
        return edits

    def mac(self, text: str) -> str:
        """Return the pseudonym of a hardware address in its own spelling."""
        return self._mac(text)

    def _packed(self, value: IPv4Address | IPv6Address) -> bytes:
        return self._four(value.packed) if value.version == 4 else self._six(value.packed)  # noqa: PLR2004 - likewise

    def _four(self, packed: bytes) -> bytes:
        kept = _kept(packed)
        parts = list(packed[:kept])
        for at in range(kept, 4):
            low, high = next(each for each in _CLASSES if packed[at] < each[1])
            parts.append(self._permuted(packed[:at], packed[at], low, high))
        return bytes(parts)

    def _six(self, packed: bytes) -> bytes:
        parts = packed[:2]
        for at in range(2, 16, 2):
            value = int.from_bytes(packed[at : at + 2])
            digits = len(f"{value:x}")
            low = 16 ** (digits - 1) if value else 0
            high = 16**digits if value else 1
            parts += self._permuted(packed[:at], value, low, high).to_bytes(2)
        return parts

    def _permuted(self, prefix: bytes, value: int, low: int, high: int) -> int:
        # An affine map of the class: one to one, and by the key and the network before it.
        size = high - low
        if size == 1:
            return value
        seed = int.from_bytes(hmac.digest(self._key, prefix + bytes([size & 255]), hashlib.sha256))
        return low + (value - low + 1 + seed % (size - 1)) % size

    def _mac(self, text: str) -> str:
        digits = re.sub(r"[^0-9A-Fa-f]", "", text).lower()
        other = iter(hmac.digest(self._key, b"mac" + digits.encode(), hashlib.sha256).hex())
        spelt = "".join(next(other) if one.isalnum() else one for one in text)
        return spelt.upper() if text.upper() == text else spelt

    @staticmethod
    def _spelt(text: str, packed: bytes) -> str:
        if ":" not in text:
            return ".".join(map(str, packed))
        groups = iter(int.from_bytes(packed[at : at + 2]) for at in range(0, 16, 2))
        head, _, tail = text.partition("::")
        before, after = head.split(":"), [one for one in tail.split(":") if one]
        values = list(groups)
        ends = [*values[: len(before)], *values[8 - len(after) :]] if "::" in text else values
        spelt = iter(ends)
        parts = re.split(r"([0-9A-Fa-f]+)", text)
        if text.startswith("::"):
            spelt = iter(values[8 - len(after) :])
        other = "".join(
            format(next(spelt), f"0{len(one)}x") if at % 2 else one for at, one in enumerate(parts)
        )
        return other.upper() if text.upper() == text else other


def _kept(packed: bytes) -> int:
    first, second = packed[0], packed[1]
    if first == 10:  # noqa: PLR2004 - RFC 1918
        return 1
    private = (first == 172 and 16 <= second < 32) or (first == 192 and second == 168)  # noqa: PLR2004 - RFC 1918
    return 2 if private or (first == 169 and second == 254) else 0  # noqa: PLR2004 - link-local
