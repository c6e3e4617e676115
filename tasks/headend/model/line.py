"""One line of text from a headend or a file, with where and when it came."""

from __future__ import annotations

import re
from typing import NamedTuple

# C0 and C1 controls, DEL, bytes that are no text (lone surrogates), and the
# Unicode marks that reorder or hide text on a terminal.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


class Line(NamedTuple):
    """``source`` line ``number`` (from 1) reads ``text``, without its line end.

    ``headend`` is the device it came from where that is known; ``received`` is the Unix time in
    seconds at which a live line arrived. (A named tuple, as events are: a frozen dataclass takes
    four times as long to make, and a gigabyte of syslog has ten million lines.)
    """

    source: str
    number: int
    text: str
    headend: str | None = None
    received: float | None = None


def visible(text: str) -> str:
    r"""Return ``text`` with each control or invisible character written out (``\x1b``).

    User names and server messages are chosen by whoever knocks: nothing received reaches a
    terminal or a report without passing here. A tab stays a tab.
    """
    return _INVISIBLE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)
