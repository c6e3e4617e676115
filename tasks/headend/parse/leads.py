"""How the lines that an expression matches must begin: the expression's own words tell.

A template is fast when a line is only compared with the few expressions that it could match at
all. What can be said of that beforehand is read off the parsed expression; what cannot be said
is "anything", so that no match is ever missed.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from itertools import islice
from re import _constants as op  # type: ignore[attr-defined]  # no public way to a parsed expression
from re import _parser as parser  # type: ignore[attr-defined]  # likewise
from typing import Any, NamedTuple

ASCII = frozenset(map(chr, range(128)))
LETTERS = frozenset(string.ascii_letters)
DIGITS = frozenset(string.digits)
# A syslog id: the one number that tells lines apart as words do.
ID = 6
_PATHS = 64
_ATOMS = 48
_CLASSES = {
    op.CATEGORY_DIGIT: re.compile(r"\d"),
    op.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    op.CATEGORY_SPACE: re.compile(r"\s"),
    op.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    op.CATEGORY_WORD: re.compile(r"\w"),
    op.CATEGORY_NOT_WORD: re.compile(r"\W"),
}


class Lead(NamedTuple):
    """One way in which a matching line begins; ``None`` and what is missing mean anything.

    ``first`` holds the ASCII characters that it can begin with, ``words`` its first words (at most
    two runs of ASCII letters), ``number`` the characters that its first six places can hold where
    these are digits.
    """

    first: frozenset[str] | None = None
    words: tuple[str, ...] = ()
    number: tuple[frozenset[str], ...] = ()


class _Atom(NamedTuple):
    """A step of an expression: the characters it takes (``None``: anything may follow here)."""

    characters: frozenset[str] | None
    optional: bool = False
    repeated: bool = False


_ANYTHING = _Atom(None)
_END = _Atom(frozenset())


def leads(expression: re.Pattern[str]) -> tuple[Lead, ...]:
    """Return every way in which a line that ``expression`` matches can begin."""
    if expression.flags & re.IGNORECASE:
        return (Lead(),)
    parsed = list(parser.parse(expression.pattern, expression.flags))
    paths = list(islice(_paths(parsed, sure=False), _PATHS))
    if len(paths) == _PATHS:
        return (Lead(),)
    return tuple(dict.fromkeys(Lead(_first(path), _words(path), _number(path)) for path in paths))


def _first(path: list[_Atom]) -> frozenset[str] | None:
    found: frozenset[str] = frozenset()
    for atom in path:
        if atom.characters is None or atom is _END:
            return None
        found |= atom.characters
        if not atom.optional:
            return found
    return None


def _number(path: list[_Atom]) -> tuple[frozenset[str], ...]:
    head = path[:ID]
    fixed = all(
        atom.characters is not None
        and atom.characters
        and atom.characters <= DIGITS
        and not atom.optional
        and not atom.repeated
        for atom in head
    )
    whole = len(head) == ID and fixed
    return tuple(atom.characters or DIGITS for atom in head) if whole else ()


def _words(path: list[_Atom]) -> tuple[str, ...]:
    words: list[str] = []
    word = ""
    gap = False
    for atom in path:
        if atom is _END or (
            atom.characters is not None
            and not atom.characters & LETTERS
            and not atom.optional
            and word
        ):
            # The word is certainly over.
            if word:
                words.append(word)
            word, gap = "", False
            if atom is _END or len(words) == 2:  # noqa: PLR2004 - the first two tell enough
                break
        elif atom.characters is None:
            break
        elif not atom.characters & LETTERS:
            gap = bool(word)
        elif len(atom.characters) == 1 and not atom.optional and not atom.repeated and not gap:
            word += next(iter(atom.characters))
        else:
            break
    return tuple(words)


def _paths(items: list[Any], *, sure: bool) -> Iterator[list[_Atom]]:
    """Yield the sequences of steps through parsed ``items``, one for each choice on the way.

    ``sure`` tells that a step before took a character for certain, so that the first is known.
    """
    if not items:
        # match() is content here: anything may stand behind.
        yield [_ANYTHING]
        return
    (kind, value), rest = items[0], items[1:]
    if kind is op.AT:
        if value in {op.AT_END, op.AT_END_STRING}:
            yield [_END]
            return
        yield from _paths(rest, sure=sure)
    elif kind in {op.ASSERT, op.ASSERT_NOT}:
        yield from _paths(rest, sure=sure)
    elif kind is op.SUBPATTERN:
        _, added, removed, inner = value
        if added or removed:
            yield [_ANYTHING]
        else:
            yield from _paths([*inner, *rest], sure=sure)
    elif kind is op.BRANCH:
        for choice in value[1]:
            yield from _paths([*choice, *rest], sure=sure)
    elif kind in {op.MAX_REPEAT, op.MIN_REPEAT}:
        least, most, inner = value
        yield from _repeated(least, most, inner, rest, sure=sure)
    else:
        characters = _characters(kind, value)
        yield from _after(_Atom(characters), rest, sure=sure)


def _repeated(
    least: int, most: Any, inner: Any, rest: list[Any], *, sure: bool
) -> Iterator[list[_Atom]]:
    only = [_characters(kind, value) for kind, value in inner]
    if len(only) == 1 and only[0] is not None:
        if least == most and least <= _ATOMS:
            yield from _paths([*list(inner) * least, *rest], sure=sure)
        else:
            atom = _Atom(only[0], optional=least == 0, repeated=True)
            yield from _after(atom, rest, sure=sure)
        return
    if least == 0:
        yield from _paths(rest, sure=sure)
    # Once round, and then this or that: only (...)? is known to the end.
    after = rest if most == 1 else [(op.ANY_ALL, None)]
    yield from _paths([*inner, *after], sure=sure)


def _after(atom: _Atom, rest: list[Any], *, sure: bool) -> Iterator[list[_Atom]]:
    """Yield the paths that begin with ``atom``; they end where neither word nor first is told."""
    sure = sure or not atom.optional
    letters = atom.characters is None or atom.characters & LETTERS
    told = not letters or (len(atom.characters or ()) == 1 and not atom.repeated)
    if atom.characters is None or (sure and not told):
        yield [atom, _ANYTHING]
    else:
        yield from ([atom, *path] for path in _paths(rest, sure=sure))


def _characters(kind: Any, value: Any) -> frozenset[str] | None:
    """Return the ASCII characters that a one-character step takes; ``None`` if it is no such."""
    if kind is op.LITERAL:
        return frozenset(chr(value)) & ASCII
    if kind is op.NOT_LITERAL:
        return ASCII - {chr(value)}
    if kind is op.ANY:
        return ASCII - {"\n"}
    if kind is not op.IN:
        return None
    taken: set[str] = set()
    negated = False
    for member, what in value:
        if member is op.NEGATE:
            negated = True
        elif member is op.LITERAL:
            taken.add(chr(what))
        elif member is op.RANGE:
            taken.update(map(chr, range(what[0], min(what[1], 127) + 1)))
        elif member is op.CATEGORY and what in _CLASSES:
            taken.update(one for one in ASCII if _CLASSES[what].match(one))
        else:
            return None
    return ASCII - taken if negated else ASCII & taken
