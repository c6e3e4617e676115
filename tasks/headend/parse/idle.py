"""Messages that say nothing of a login, known by how they begin once one like them was read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

# "%ASA-6-302013:", as most tags are written.
_TAG = 14
_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
# A headend writes many lines in one second: what stands before their tag is compared once.
_REMEMBERED = 4096
# Of so many an expression is made: each one more makes it slower.
_EXPRESSED = 128
_DIGITS = re.compile(rb"0+")
_PLAIN = re.compile(rb"[ -~]*")


class Idle:
    """What was learnt of the messages that say nothing, in one source.

    A line is one of them when its tag is one of theirs, and what stands before the first tag of
    the line stood before one already, but for the digits: no header is told from another by the
    value of a digit.
    """

    def __init__(self) -> None:
        self._tags: dict[str, None] = {}
        self._shapes: dict[bytes, None] = {}
        self._before: set[str] = set()
        self._expression: bytes | None = None

    def learn(self, before: str, tag: str) -> None:
        """Know lines that begin with ``before`` and ``tag`` (``%ASA-6-302013:``) from now on."""
        shape = shape_of(before)
        if tag in self._tags and shape in self._shapes:
            return
        if len(self._tags) + len(self._shapes) >= _REMEMBERED:
            self._tags.clear()
            self._shapes.clear()
            self._before.clear()
        self._tags[tag] = self._shapes[shape] = None
        self._expression = None

    def knows(self, text: str) -> bool:
        """Return whether ``text`` is surely a message that says nothing."""
        sign = text.find("%")
        if sign < 0:
            return False
        before = text[:sign]
        if before in self._before and text[sign : sign + _TAG] in self._tags:
            return True
        tag = text[sign : text.find(" ", sign)]
        if tag not in self._tags or shape_of(before) not in self._shapes:
            return False
        if len(self._before) >= _REMEMBERED:
            self._before.clear()
        self._before.add(before)
        return True

    @property
    def expression(self) -> bytes:
        """How such lines begin, their tag and the blank behind it included; empty if unknown."""
        if self._expression is None:
            shapes = [_DIGITS.sub(_digits, re.escape(one)) for one in _few(self._shapes)]
            tags = list(_few(map(str.encode, self._tags)))
            both = b"(?:%s)%s " % (b"|".join(shapes), _one_of(tags))
            self._expression = both if shapes and tags else b""
        return self._expression


def shape_of(text: str) -> bytes:
    """Return ``text`` with every digit a zero."""
    return text.encode("utf-8", "surrogatepass").translate(_ZEROS)


def _digits(found: re.Match[bytes]) -> bytes:
    return b"[0-9]{%d}+" % len(found[0])


def _one_of(words: Iterable[bytes]) -> bytes:
    """Return an expression of all ``words``: what several begin with is compared once."""
    rests: dict[bytes, list[bytes]] = {}
    for word in words:
        rests.setdefault(word[:1], []).append(word[1:])
    every = (re.escape(sign) + (_one_of(rest) if sign else b"") for sign, rest in rests.items())
    return b"(?:%s)" % b"|".join(every)


def _few(beginnings: Iterable[bytes]) -> Iterator[bytes]:
    return islice(filter(_PLAIN.fullmatch, beginnings), _EXPRESSED)
