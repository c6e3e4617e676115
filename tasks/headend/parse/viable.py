"""Whether an expression can match a line of which only the beginning is known.

A template is fast when a line meets only the few expressions that it could match at all. The parsed
expression is walked with the places of the beginning that it may have reached; what the walk does
not understand may be anything, so that no match is ever missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]  # no public way to a parsed expression
from re import _parser as parser  # type: ignore[attr-defined]  # likewise
from typing import Any

# Within a beginning: a run of no, one or many characters that are no blanks; and of blanks.
WORD = "\ue000"
BLANKS = "\ue001"
_RUNS = frozenset({WORD, BLANKS})
# The last blank of Unicode is the ideographic one; to look through all of it takes a while.
_BLANK = tuple(filter(str.isspace, map(chr, range(0x3001))))

_CLASSES = {
    op.CATEGORY_DIGIT: re.compile(r"\d"),
    op.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    op.CATEGORY_SPACE: re.compile(r"\s"),
    op.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    op.CATEGORY_WORD: re.compile(r"\w"),
    op.CATEGORY_NOT_WORD: re.compile(r"\W"),
}
_REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}
_STARTS = {op.AT_BEGINNING, op.AT_BEGINNING_STRING}
_ENDS = {op.AT_END, op.AT_END_STRING}

Places = set[int]


class Expression:
    """A compiled expression, and what its parsed form tells beforehand."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self._parsed = parser.parse(pattern.pattern, pattern.flags)
        self._blind = bool(pattern.flags & (re.IGNORECASE | re.ASCII))

    def can_begin(self, head: str) -> bool:
        """Return whether a line that begins with ``head`` could match; ``True`` if in doubt.

        A line that is just ``head`` is such a line too. It holds no line feed.
        """
        return self._blind or bool(_walk(self._parsed, head, {0}))


def _walk(items: Iterable[Any], head: str, places: Places) -> Places:
    """Return places of ``head`` behind ``items``: all of them, or the end among them.

    The end stands for all that may follow: no step goes back from it, and no other place matters.
    """
    for kind, value in items:
        if not places or len(head) in places:
            break
        places = _step(kind, value, head, _past_runs(head, places))
    return places


def _past_runs(head: str, places: Places) -> Places:
    """Return the places, and those that are reached where a run ends."""
    for place in sorted(places):
        here = place
        while here < len(head) and head[here] in _RUNS:
            here += 1
            places = places | {here}
    return places


def _step(  # noqa: PLR0911 - one answer a kind of step
    kind: Any, value: Any, head: str, places: Places
) -> Places:
    end = {len(head)}
    if kind in {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}:
        return (places & end) | {
            place if sign in _RUNS else place + 1
            for place in places - end
            if _takes(kind, tuple(value) if kind is op.IN else value, sign := head[place])
        }
    if kind is op.AT:
        if value in _STARTS:
            return places & ({0} | end)
        return places & end if value in _ENDS else places
    if kind in {op.ASSERT, op.ASSERT_NOT}:
        return places
    if kind is op.BRANCH:
        return {place for choice in value[1] for place in _walk(choice, head, places)}
    if kind in _REPEATS:
        return _repeated(value, head, places)
    if kind is op.SUBPATTERN and not value[1] and not value[2]:
        return _walk(value[3], head, places)
    return end


def _repeated(value: Any, head: str, places: Places) -> Places:
    least, most, inner = value
    found = set(places) if least == 0 else set()
    for times in range(1, min(most, least + len(head)) + 1):
        before, places = places, _walk(inner, head, places)
        if times >= least:
            found |= places
        if not places or places == before:
            return found | places
    return found


# The classes of our templates, times the characters that text begins with.
@lru_cache(1 << 15)
def _takes(kind: Any, value: Any, sign: str) -> bool:
    """Return whether a one-character step takes ``sign``, or some character of such a run."""
    if sign == WORD:
        members = value if kind is op.IN else ((kind, value),)
        return not all(_is_blank(what, which) for what, which in members)
    if sign == BLANKS:
        return any(_takes(kind, value, blank) for blank in _BLANK)
    if kind is op.LITERAL:
        return bool(ord(sign) == value)
    if kind is op.NOT_LITERAL:
        return bool(ord(sign) != value)
    if kind is op.ANY:
        return True
    (first, _), *_ = value
    return any(_member(what, which, sign) for what, which in value) != (first is op.NEGATE)


def _is_blank(what: Any, which: Any) -> bool:
    if what is op.LITERAL:
        return chr(which).isspace()
    return what is op.CATEGORY and which is op.CATEGORY_SPACE


def _member(what: Any, which: Any, sign: str) -> bool:
    if what is op.LITERAL:
        return bool(ord(sign) == which)
    if what is op.RANGE:
        return bool(which[0] <= ord(sign) <= which[1])
    return what is op.CATEGORY and _CLASSES[which].match(sign) is not None
