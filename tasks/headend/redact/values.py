"""The secrets that we know by value, in every spelling in which a headend may print them."""

from __future__ import annotations

import base64
import contextlib
import re
from collections.abc import Collection, Iterable, Iterator
from copy import copy
from functools import lru_cache
from urllib.parse import quote_from_bytes

from ahocorasick_rs import BytesAhoCorasick

from headend.redact.span import PLACEHOLDER, Span

# A shorter value would be found in half of all lines; the structures still hide it.
SHORTEST = 4
# Of base64 only the characters that no neighbour can change are searched for.
_SHORTEST_BASE64 = 6
_HEAD_CHANGED = (0, 2, 3)
_TAIL_CHANGED = {0: 0, 1: 3, 2: 2}


class KnownValues:
    """Finds the values it was given, whole in a text or begun at its end."""

    def __init__(self) -> None:
        self._spellings: dict[bytes, bytes] = {}
        self._plain: dict[bytes, bytes] = {}
        self._begun: dict[bytes, tuple[bytes, int]] = {}
        self._begun_plain: set[bytes] = set()
        # By the last byte of a beginning its lengths: most line ends are ruled out at once.
        self._lengths: dict[int, list[int]] = {}
        self._search: BytesAhoCorasick | None = None
        self._pattern: re.Pattern[bytes] | None = None
        self._plain_pattern: re.Pattern[bytes] | None = None
        self.longest = 0
        self.longest_plain = 0

    def places(self, text: bytes) -> list[int]:
        """Return where known values stand in ``text``, quickly; of two that overlap, one."""
        if not self._spellings:
            return []
        # Compiled when it is needed, as the patterns are: a fleet has hundreds of these, most of
        # whose headends never print anything that asks for it.
        self._search = self._search or BytesAhoCorasick(self._spellings)
        return [start for _, start, _ in self._search.find_matches_as_indexes(text)]

    def add(self, value: str | bytes) -> None:
        """Look for ``value`` from now on; each line of a value of several lines counts alone."""
        texts = {value} if isinstance(value, bytes) else _encoded(value)
        unknown = {
            line
            for text in texts
            for line in text.splitlines()
            if len(line) >= SHORTEST and line not in self._plain
        }
        if not unknown:
            return
        for line in sorted(unknown):
            self._learn(line)
        self._search = self._pattern = self._plain_pattern = None
        lengths: dict[int, set[int]] = {}
        for begun in self._begun:
            lengths.setdefault(begun[-1], set()).add(len(begun))
        self._lengths = {last: sorted(each, reverse=True) for last, each in lengths.items()}

    def find(self, text: bytes) -> Iterator[Span]:
        """Yield each known value in ``text``; placeholders are never looked into."""
        if not self._spellings:
            return
        self._pattern = self._pattern or _alternatives(self._spellings)
        for match in self._pattern.finditer(text):
            if not PLACEHOLDER.fullmatch(match[0]):
                yield Span(match.start(), match.end(), self._spellings[match[0]])

    def find_plain(self, decoded: bytes) -> Iterator[Span]:
        """Yield each known value in bytes that were read from the columns of a hex dump."""
        if not self._plain or not decoded:
            return
        self._plain_pattern = self._plain_pattern or _alternatives(self._plain)
        for match in self._plain_pattern.finditer(decoded):
            if not PLACEHOLDER.fullmatch(match[0]):
                yield Span(match.start(), match.end(), match[0])

    def begun(self, text: bytes) -> bool:
        """Tell whether a known value may begin at the end of ``text``."""
        return next(self._beginnings(text), None) is not None

    def mostly_begun(self, text: bytes) -> Span | None:
        """Return an end of ``text`` that shows more than half of a known value."""
        for beginning in self._beginnings(text):
            secret, whole = self._begun[beginning]
            if len(beginning) >= max(SHORTEST, whole // 2 + 1):
                return Span(len(text) - len(beginning), len(text), secret)
        return None

    def _beginnings(self, text: bytes) -> Iterator[bytes]:
        for length in self._lengths.get(text[-1], ()) if text else ():
            if length <= len(text) and text[-length:] in self._begun:
                yield text[-length:]

    def begun_plain(self, decoded: bytes) -> bool:
        """Tell whether a known value may begin at the end of decoded bytes."""
        lengths = range(1, min(self.longest_plain, len(decoded) + 1))
        return any(decoded[len(decoded) - length :] in self._begun_plain for length in lengths)

    def _learn(self, secret: bytes) -> None:
        self._plain[secret] = secret
        self._begun_plain.update(secret[:length] for length in range(1, len(secret)))
        self.longest_plain = max(self.longest_plain, len(secret))
        for spelling in _spellings(secret):
            self._spellings.setdefault(spelling, secret)
            self.longest = max(self.longest, len(spelling))
            for length in range(1, len(spelling)):
                known = self._begun.get(spelling[:length])
                # The shortest whole decides when a beginning shows too much of it.
                if known is None or len(spelling) < known[1]:
                    self._begun[spelling[:length]] = (secret, len(spelling))


def known(values: Iterable[str | bytes]) -> KnownValues:
    """Return what finds ``values``: learnt once, for a fleet has the same for each headend."""
    found = KnownValues()
    vars(found).update(
        {name: copy(each) for name, each in vars(_learnt(frozenset(values))).items()}
    )
    return found


@lru_cache(maxsize=8)
def _learnt(values: frozenset[str | bytes]) -> KnownValues:
    found = KnownValues()
    for value in sorted(values, key=repr):
        found.add(value)
    return found


def _encoded(value: str) -> set[bytes]:
    """Return ``value`` as a headend may have stored it: UTF-8, and Latin-1 where that differs."""
    texts = {value.encode("utf-8", "surrogateescape")}
    with contextlib.suppress(UnicodeEncodeError):
        texts.add(value.encode("latin-1"))
    return texts


@lru_cache(maxsize=64)
def _spellings(secret: bytes) -> Collection[bytes]:
    result = {secret, quote_from_bytes(secret, safe="").encode()}
    for separator in ("", " ", ":"):
        dump = (secret.hex(separator) if separator else secret.hex()).encode()
        result |= {dump, dump.upper()}
    for shift, head in enumerate(_HEAD_CHANGED):
        text = base64.b64encode(bytes(shift) + secret)
        core = text[head : len(text) - _TAIL_CHANGED[(shift + len(secret)) % 3]]
        if len(core) >= _SHORTEST_BASE64:
            result |= {core, core.translate(bytes.maketrans(b"+/", b"-_"))}
    return result


def _alternatives(texts: dict[bytes, bytes]) -> re.Pattern[bytes]:
    """Return a pattern of all texts, the longest first so that none hides a longer one."""
    ordered = sorted(texts, key=lambda text: (-len(text), text))
    return re.compile(b"|".join([PLACEHOLDER.pattern, *map(re.escape, ordered)]))
