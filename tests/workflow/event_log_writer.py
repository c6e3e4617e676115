"""Writes small Windows event logs (.evtx), which no library does: one chunk, no templates."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

_CHUNK, _HEADER, _RECORDS = 65536, 4096, 512
_EPOCH = 11644473600


class Record(NamedTuple):
    """One record: when (UTC), by which program, and what it says."""

    at: datetime
    provider: str
    text: str


def event_log(records: Iterable[Record]) -> bytes:
    """Return the bytes of an event log (MS-EVEN6 2.2.12-2.2.17)."""
    body = bytearray(_RECORDS)
    number = last = 0
    for number, record in enumerate(records, 1):
        last = len(body)
        body += _record(record, number, last)
    free = len(body)
    body += bytes(_CHUNK - free)
    struct.pack_into("<8sQQQQIIII", body, 0, b"ElfChnk\0", 1, number, 1, number, 128, last, free,
                     zlib.crc32(body[_RECORDS:free]))  # fmt: skip
    struct.pack_into("<I", body, 124, zlib.crc32(body[:120] + body[128:_RECORDS]))
    head = bytearray(_HEADER)
    struct.pack_into("<8sQQQIHHHH", head, 0, b"ElfFile\0", 0, 0, number + 1, 128, 1, 3, _HEADER, 1)
    struct.pack_into("<I", head, 124, zlib.crc32(head[:120]))
    return bytes(head + body)


def _record(record: Record, number: int, place: int) -> bytes:
    ticks = int((record.at.timestamp() + _EPOCH) * 10_000_000)
    xml = _Fragment(place + 24)
    xml.data += b"\x0f\x01\x01\x00"
    with_event = xml.begin("Event")
    system = xml.begin("System")
    provider = xml.begin("Provider", ("Name", record.provider))
    xml.end(provider)
    event_id = xml.begin("EventID")
    xml.text("2")
    xml.end(event_id)
    xml.end(system)
    data = xml.begin("EventData")
    inner = xml.begin("Data")
    xml.text(record.text)
    xml.end(inner)
    xml.end(data)
    xml.end(with_event)
    xml.data += b"\x00"
    xml.data += bytes(-len(xml.data) % 8)
    size = 24 + len(xml.data) + 4
    head = struct.pack("<IIQQ", 0x00002A2A, size, number, ticks)
    return head + bytes(xml.data) + struct.pack("<I", size)


class _Fragment:
    """Binary XML that begins at ``place`` of its chunk: names are told by their offset in it."""

    def __init__(self, place: int) -> None:
        self.place = place
        self.data = bytearray()

    def begin(self, name: str, attribute: tuple[str, str] | None = None) -> int:
        # Only an element of a template has a dependency id here.
        self.data.append(0x41 if attribute else 0x01)
        size = len(self.data)
        self.data += bytes(4)
        self._name(name)
        if attribute:
            listed = len(self.data)
            self.data += bytes(4)
            self.data += b"\x06"
            self._name(attribute[0])
            self.text(attribute[1])
            struct.pack_into("<I", self.data, listed, len(self.data) - listed - 4)
        self.data += b"\x02"
        return size

    def end(self, size: int) -> None:
        self.data += b"\x04"
        struct.pack_into("<I", self.data, size, len(self.data) - size - 4)

    def text(self, value: str) -> None:
        wide = value.encode("utf-16-le")
        self.data += struct.pack("<BBH", 0x05, 0x01, len(wide) // 2) + wide

    def _name(self, name: str) -> None:
        self.data += struct.pack("<I", self.place + len(self.data) + 4)
        wide = name.encode("utf-16-le")
        code = 0
        for letter in name:
            code = (code * 65599 + ord(letter)) & 0xFFFFFFFF
        self.data += struct.pack("<IHH", 0, code & 0xFFFF, len(name)) + wide + b"\0\0"
