"""The same diagnosis on files: any mix of pasted debug, syslog and show output."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from headend.diagnosis import report
from headend.errors import InputError
from headend.model.diagnosis import Report
from headend.model.line import Line
from headend.redact import Redactor

STDIN = "-"
_CHUNK = 1 << 20
_HEAD = 8192
# A text file has a stray control character at most; a compressed or binary one has many.
_BINARY_SHARE = 0.05
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def diagnose_files(names: Iterable[str], secrets: Iterable[str] = ()) -> Report:
    """Diagnose the named files together (``-``: standard input), redacted as they are read.

    Raises ``InputError`` for a file that is missing, unreadable, empty or binary, before any
    other is looked at.
    """
    chosen = list(names)
    for name in chosen:
        if name != STDIN:
            with _opened(name) as file:
                _head(file, name)
    known = tuple(secrets)
    return report(line for name in chosen for line in _lines(name, known))


def _lines(name: str, secrets: tuple[str, ...]) -> Iterator[Line]:
    source = "stdin" if name == STDIN else name
    number = 0
    partial = b""
    with _opened(name) as file:
        for data in _redacted(file, name, secrets):
            *complete, partial = (partial + data).split(b"\n")
            for raw in complete:
                number += 1
                yield _line(source, number, raw)
    if partial:
        yield _line(source, number + 1, partial)


def _line(source: str, number: int, raw: bytes) -> Line:
    return Line(source, number, raw.rstrip(b"\r").decode("utf-8", "backslashreplace"))


def _redacted(file: BinaryIO, name: str, secrets: tuple[str, ...]) -> Iterator[bytes]:
    redactor = Redactor(secrets)
    data = _head(file, name)
    decoder = codecs.getincrementaldecoder("utf-16")("replace") if data[:2] in _UTF16 else None
    data = data.removeprefix(codecs.BOM_UTF8)
    while data:
        yield redactor.feed(decoder.decode(data).encode() if decoder else data)
        data = file.read(_CHUNK)
    yield redactor.flush()


def _head(file: BinaryIO, name: str) -> bytes:
    try:
        head = file.read(_HEAD)
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}") from error
    if not head.strip():
        raise InputError(
            f"{name} is empty", remedy="Paste the debug or syslog lines of one login attempt"
        )
    controls = sum(byte < 32 and byte not in b"\t\n\r\x0b\x0c\x1b\x08" for byte in head)  # noqa: PLR2004 - ASCII's control characters
    if head[:2] not in _UTF16 and b"\0" in head and controls > _BINARY_SHARE * len(head):
        raise InputError(
            f"{name} is not text",
            remedy="Give the text itself: unpack an archive, save a capture or event log as text",
        )
    return head


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == STDIN:
        yield sys.stdin.buffer
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(Path(name).open("rb"))
        except OSError as error:
            raise InputError(f"{name} cannot be read: {error.strerror or error}") from error
        yield file
