"""Look for what must not leave in what is about to leave, in every view of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple
from urllib.parse import unquote

from headend.redact import redact_bytes
from headend.share.addresses import found_in
from headend.share.pseudonyms import Spellings
from headend.share.views import coded, dumps, stretches


class Leak(NamedTuple):
    """What kind of thing is left in which line (from 1)."""

    line: int
    kind: str


def leaks(
    text: str,
    names: Spellings,
    addresses: Collection[IPv4Address | IPv6Address],
    secrets: Iterable[str],
) -> Iterator[Leak]:
    """Yield what is left of names, addresses and secrets in a text."""
    raw = {address.packed for address in addresses}
    lines = [line.rstrip("\r") for line in text.split("\n")]
    yield from _secrets(text, secrets)
    for first, run in dumps(lines):
        yield from _kinds(first, b"".join(run), names, addresses, raw)
    for stretch in stretches(lines):
        views = [*enumerate(stretch.lines, stretch.first), (stretch.first, "".join(stretch.lines))]
        for number, line in views:
            yield from _plain(number, line, names, addresses)
            for _, _, packed, _ in coded(line):
                yield from _kinds(number, packed, names, addresses, raw)


def _secrets(text: str, secrets: Iterable[str]) -> Iterator[Leak]:
    data = text.encode("utf-8", "surrogateescape")
    again = redact_bytes(data, secrets)
    both = zip(data.split(b"\n"), again.split(b"\n"), strict=True)
    yield from (Leak(at, "a secret") for at, (one, other) in enumerate(both, 1) if one != other)


def _plain(
    number: int,
    line: str,
    names: Spellings,
    addresses: Collection[IPv4Address | IPv6Address],
) -> Iterator[Leak]:
    for shown in {line, unquote(line), line.replace("\0", "")}:
        if any(value in addresses for _, _, value in found_in(shown)):
            yield Leak(number + 1, "an address")
        if names.find(shown):
            yield Leak(number + 1, "a name")


def _kinds(
    number: int,
    data: bytes,
    names: Spellings,
    addresses: Collection[IPv4Address | IPv6Address],
    raw: set[bytes],
) -> Iterator[Leak]:
    text = data.decode("utf-8", "surrogateescape")
    if names.find(text, packed=True):
        yield Leak(number + 1, "a name in coded bytes")
    if any(one in data for one in raw) or any(one[2] in addresses for one in found_in(text)):
        yield Leak(number + 1, "an address in coded bytes")
