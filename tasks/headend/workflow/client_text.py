"""The bytes of a client's log as text: any usual encoding, or a Windows event log."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import chain

from headend.workflow.encoding import UTF_8, decoder_of
from headend.workflow.event_log import MAGIC, event_log_text

_HEAD = 8192
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\x0b\x0c\x1b\x08")
_BINARY_SHARE = 0.05


def text_of(portions: Iterator[bytes]) -> Iterator[str] | None:
    """Return the text that ``portions`` hold, as it comes; ``None`` where they hold none.

    Lines end with a line feed, the last one too. Raises ``MemberRefused``, now or while it is
    read, where an event log cannot be read. Only an event log is held whole.
    """
    first = b""
    while len(first) < _HEAD and (portion := next(portions, b"")):
        first += portion
    if first.startswith(MAGIC):
        return event_log_text(b"".join(chain((first,), portions)))
    head = first[:_HEAD]
    decoder = decoder_of(head)
    if decoder is None and b"\0" in head:
        return None
    if decoder is None:
        decoder = codecs.getincrementaldecoder(UTF_8)("backslashreplace")
    text = decoder.decode(first)
    start = text[:_HEAD]
    controls = sum(ord(letter) in _CONTROLS for letter in start)
    if not text or controls > _BINARY_SHARE * len(start):
        return None
    return _lines(text.removeprefix("\ufeff"), decoder, portions)


def _lines(
    text: str, decoder: codecs.IncrementalDecoder, portions: Iterator[bytes]
) -> Iterator[str]:
    """Yield whole lines: a portion may end between the two characters of a line's end."""
    for portion in chain(portions, (b"",)):
        end = text.rfind("\n") + 1
        if end:
            yield text[:end].replace("\r\n", "\n")
        text = text[end:] + decoder.decode(portion, final=not portion)
    if text:
        yield text.replace("\r\n", "\n").removesuffix("\n") + "\n"
