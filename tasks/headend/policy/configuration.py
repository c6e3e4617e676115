"""Configuration text as a tree of lines, each with its number.

Of the libraries that read such text, ciscoconfparse2 brings a dozen packages for what is a stack
of indents here, and none of them types lines into the tree as a headend would (see ``typing``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from headend.model.policy import PolicyLine

# A name with blanks is printed in quotes; within them a quote cannot stand.
_WORD = re.compile(r'"([^"]*)"|(\S+)')
_COMMENT = re.compile(r"$|!|:|Cryptochecksum|ERROR:|WARNING:|INFO:")
_PROMPT = re.compile(r"[\w./-]+(?:\([\w-]+\))?[>#]")
_DEEPEST = 8


@lru_cache(maxsize=1 << 14)
def _words(text: str) -> tuple[str, ...]:
    return tuple(quoted or plain for quoted, plain in _WORD.findall(text))


def words(text: str) -> list[str]:
    """Return the words of a line; quotes around one fall."""
    return list(_words(text))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the configuration, and the lines under it in their order."""

    text: str
    number: int = 0
    children: tuple[Line, ...] = ()

    @property
    def words(self) -> list[str]:
        """The words of the line."""
        return words(self.text)

    def starts(self, *beginning: str) -> bool:
        """Return whether the line begins with these words; keywords are compared without case."""
        mine = _words(self.text)
        return len(mine) >= len(beginning) and all(
            one == other or one.lower() == other.lower()
            for one, other in zip(mine, beginning, strict=False)
        )

    def under(self, *beginning: str) -> tuple[Line, ...]:
        """Return the lines under this one that begin with these words."""
        return tuple(child for child in self.children if child.starts(*beginning))

    def cited(self, head: str = "") -> PolicyLine:
        """Return the line as it is shown, under the line ``head``."""
        return PolicyLine(self.number, self.text, head)

    def printed(self, depth: int = 0) -> Iterator[str]:
        """Yield the line and those under it, indented as headends print them."""
        yield " " * depth + self.text
        step = 2 if self.starts("ldap", "attribute-map") else 1
        for child in self.children:
            yield from child.printed(depth + step)


@dataclass(frozen=True)
class Configuration:
    """A whole configuration, or the sections of one that were read."""

    lines: tuple[Line, ...]

    @cached_property
    def _beginnings(self) -> dict[tuple[str, ...], list[Line]]:
        """Top lines by their first word and by their first two: thousands are asked often."""
        found: dict[tuple[str, ...], list[Line]] = {}
        for line in self.lines:
            begun = tuple(word.lower() for word in line.words[:2])
            for length in range(1, len(begun) + 1):
                found.setdefault(begun[:length], []).append(line)
        return found

    @classmethod
    def parse(cls, given: str) -> Configuration:
        """Read configuration text, whole or several ``show running-config`` replies in a row.

        Comments, prompts and messages are passed over. Nothing raises: what is odd is a line.
        """
        root: list[_Open] = [_Open(-1, "", 0)]
        for number, raw in enumerate(given.split("\n"), 1):
            text = raw.strip()
            depth = len(raw) - len(raw.lstrip(" "))
            if _COMMENT.match(text) or (depth == 0 and _PROMPT.match(text)):
                continue
            while root[-1].depth >= depth or len(root) > _DEEPEST:
                _close(root)
            root.append(_Open(depth, text, number))
        while len(root) > 1:
            _close(root)
        return cls(tuple(root[0].children))

    def find(self, *beginning: str) -> tuple[Line, ...]:
        """Return the top lines that begin with these words."""
        begun = tuple(word.lower() for word in beginning[:2])
        known = self._beginnings.get(begun, []) if begun else self.lines
        return tuple(line for line in known if line.starts(*beginning))

    def first(self, *beginning: str) -> Line | None:
        """Return the first top line that begins with these words."""
        return next(iter(self.find(*beginning)), None)

    def names(self, *subject: str) -> tuple[str, ...]:
        """Return the names that follow ``subject`` on top lines, each once, in order."""
        at = len(subject)
        named = (line.words[at] for line in self.find(*subject) if len(line.words) > at)
        return tuple(dict.fromkeys(named))

    def text(self) -> str:
        """Return the configuration as text."""
        return "".join(f"{printed}\n" for line in self.lines for printed in line.printed())


class _Open:
    __slots__ = ("children", "depth", "number", "text")

    def __init__(self, depth: int, text: str, number: int) -> None:
        self.depth = depth
        self.text = text
        self.number = number
        self.children: list[Line] = []


def _close(stack: list[_Open]) -> None:
    done = stack.pop()
    stack[-1].children.append(Line(done.text, done.number, tuple(done.children)))
