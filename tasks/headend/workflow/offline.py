"""The same diagnosis on files: any mix of pasted debug, syslog and show output."""

from __future__ import annotations

import codecs
import gc
import gzip
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from headend.diagnosis import Diagnoser
from headend.diagnosis.server_words import BUILT_IN
from headend.diagnosis.words import Words
from headend.errors import InputError
from headend.model.diagnosis import Diagnosis, Report
from headend.model.line import Line
from headend.redact import Redactor
from headend.workflow import bundle
from headend.workflow.encoding import decoder_of, encoding_of

if TYPE_CHECKING:
    from io import BufferedReader

STDIN = "-"
_CHUNK = 1 << 20
_ALLOCATIONS = 1_000_000
# Of a line without an end no more is kept: no headend prints one, and no reader looks so far.
_LONGEST = 1 << 16
_HEAD = 8192
_GROWTH = 4
# A text file has a stray control character at most; a compressed or binary one has many.
_BINARY_SHARE = 0.05
# Log archives are packed as they are put away.
_GZIP = b"\x1f\x8b"


class _Bytes(Protocol):
    """What a file is read through."""

    def read(self, size: int, /) -> bytes: ...


def diagnose_files(
    names: Iterable[str],
    secrets: Iterable[str] = (),
    on_final: Callable[[Diagnosis], object] | None = None,
    words: Words = BUILT_IN,
) -> Report:
    """Diagnose the named files together (``-``: standard input), redacted as they are read.

    What gzip packed is unpacked on the way.

    With ``on_final`` each diagnosis is handed over as soon as no line can change it, and the
    report holds none: memory stays the same however long the files are. Raises ``InputError`` for
    a file that is missing, unreadable, empty or binary, before any other is looked at.
    """
    chosen = [one for name in names for one in bundle.members(name)]
    for name in chosen:
        # What a pipe gives is gone once it was looked at.
        if name != STDIN and not Path(name).is_fifo():
            with _opened(name) as file:
                _head(file, name)
    known = tuple(secrets)
    diagnoser = Diagnoser(on_final=on_final, words=words)
    with _few_collections():
        for name in chosen:
            _diagnose_file(diagnoser, name, known)
        return diagnoser.finish()


def _diagnose_file(diagnoser: Diagnoser, name: str, secrets: tuple[str, ...]) -> None:
    source = _source(name)
    sieve = diagnoser.sieve(source)
    # A known secret may go on from any line in the next one: then none is taken out.
    sieved, numbers = (bytes, count(1)) if secrets else (sieve.kept, sieve.numbers())
    for lines in _texts(name, secrets, sieved):
        diagnoser.read(source, lines, numbers)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Look for garbage in cycles seldom: reading makes none, and looking takes a fifth of it."""
    before = gc.get_threshold()
    gc.set_threshold(_ALLOCATIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def lines_of(name: str, secrets: tuple[str, ...] = ()) -> Iterator[Line]:
    """Yield the lines of a file (``-``: standard input), redacted, as the diagnosis reads them."""
    source = _source(name)
    texts = chain.from_iterable(_texts(name, secrets))
    for number, text in enumerate(texts, 1):
        yield Line(source, number, text)


def _source(name: str) -> str:
    return "stdin" if name == STDIN else name


def _texts(
    name: str, secrets: tuple[str, ...], sieved: Callable[[bytes], bytes] = bytes
) -> Iterator[list[str]]:
    """Yield the redacted lines of what ``sieved`` leaves of a file, many at a time."""
    decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
    rest = ""
    with _opened(name) as file:
        for data in _redacted(map(sieved, _blocks(file, name)), secrets):
            text = rest + decoder.decode(data)
            *complete, rest = text.split("\n")
            rest = rest[:_LONGEST]
            if "\r" in text:
                complete = [line.rstrip("\r") for line in complete]
            yield complete
    rest += decoder.decode(b"", final=True)
    if rest:
        yield [rest.rstrip("\r")]


def _redacted(blocks: Iterable[bytes], secrets: tuple[str, ...]) -> Iterator[bytes]:
    redactor = Redactor(secrets)
    yield from map(redactor.feed, blocks)
    yield redactor.flush()


def _blocks(file: _Bytes, name: str) -> Iterator[bytes]:
    """Yield the bytes of a file as UTF-8, few at first: from them is learnt what is idle."""
    data = _head(file, name)
    decoder = decoder_of(data)
    size = _HEAD
    while data:
        yield decoder.decode(data).encode() if decoder else data
        size = min(_GROWTH * size, _CHUNK)
        data = _read(file, size, name)


def _read(file: _Bytes, size: int, name: str) -> bytes:
    try:
        return file.read(size)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"{_source(name)} is damaged: {error}",
            remedy="Give what gzip -dc can unpack of it",
        ) from error
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}") from error


def _head(file: _Bytes, name: str) -> bytes:
    head = _read(file, _HEAD, name)
    if not head.strip():
        raise InputError(
            f"{'Standard input' if name == '-' else name} is empty",
            remedy="Paste the debug or syslog lines of one login attempt",
        )
    controls = sum(byte < 32 and byte not in b"\t\n\r\x0b\x0c\x1b\x08" for byte in head)  # noqa: PLR2004 - ASCII's control characters
    wide = encoding_of(head).startswith("utf-16")
    if not wide and b"\0" in head and controls > _BINARY_SHARE * len(head):
        raise InputError(
            f"{name} is not text",
            remedy="Give the text itself: unpack an archive, save a capture or event log as text",
        )
    return head


@contextmanager
def _opened(name: str) -> Iterator[_Bytes]:
    """Open a file, unpacked if gzip packed it."""
    with ExitStack() as stack:
        try:
            file = cast("BufferedReader", sys.stdin.buffer)
            if name != STDIN:
                file = stack.enter_context(bundle.opened(name))
            # A look takes nothing from a pipe.
            packed = file.peek(len(_GZIP)).startswith(_GZIP)
        except IsADirectoryError as error:
            raise InputError(f"{name} is a folder", remedy=f"Name its files: {name}/*") from error
        except OSError as error:
            raise InputError(f"{name} cannot be read: {error.strerror or error}") from error
        yield gzip.GzipFile(fileobj=file) if packed else file
