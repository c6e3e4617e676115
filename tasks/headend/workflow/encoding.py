"""In which encoding a text file is written, told by its first bytes.

Headends write ASCII or UTF-8; Windows writes event logs and editors' files as UTF-16, with and
without a mark, or in its own code page.
"""

from __future__ import annotations

import codecs
import re

UTF_8 = "utf-8"
_MARKS = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
# In UTF-16 every other byte of Western text is zero; a binary file has no such order.
_OFTEN, _SELDOM = 0.6, 0.05
# Letters and signs of the Western code page that UTF-8 gives two bytes or more.
_WESTERN = re.compile(rb"[\x80-\x8f\x91-\x9c\x9e-\xff]")


def encoding_of(head: bytes) -> str:
    """Return the codec of a text that begins with ``head``: UTF-8 unless something else is plain.

    Bytes that are no UTF-8 are read as Windows-1252 only where the text holds none that can be
    nothing else than UTF-8: a headend prints the bytes of a name as they came.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    half = len(head) // 2
    if half:
        first, second = head[::2].count(0) / half, head[1::2].count(0) / half
        if second > _OFTEN and first < _SELDOM:
            return "utf-16-le"
        if first > _OFTEN and second < _SELDOM:
            return "utf-16-be"
    try:
        codecs.getincrementaldecoder(UTF_8)().decode(head)
    except UnicodeDecodeError:
        western = _WESTERN.findall(head)
        apart = len(head.decode(UTF_8, "ignore").encode()) == len(head) - len(western)
        return "cp1252" if western and apart and b"\0" not in head else UTF_8
    return UTF_8


def decoder_of(head: bytes) -> codecs.IncrementalDecoder | None:
    """Return what makes text of the bytes of a file, ``None`` where they are UTF-8 already."""
    name = encoding_of(head)
    if name == UTF_8:
        return None
    errors = "backslashreplace" if name in {"cp1252", "utf-8-sig"} else "replace"
    return codecs.getincrementaldecoder(name)(errors)
