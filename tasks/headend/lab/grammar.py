"""The command words that a headend knows, their abbreviations and where a line goes wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

_WORD: Final = "<word>"
_LINE: Final = "<line>"
# Where two words begin alike, a headend takes the older one for its usual short form.
_USUAL: Final = {"sh": "show", "sho": "show"}


@dataclass
class Node:
    """One place in the grammar: the words that may follow, and the command that ends here."""

    words: dict[str, Node] = field(default_factory=dict)
    command: str = ""


@dataclass(frozen=True)
class Command:
    """A recognised command: its pattern and the words that filled the pattern's placeholders."""

    pattern: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Misfit:
    """A line that is no command; ``at`` is the offset of the first wrong character."""

    message: str
    at: int | None = None


INCOMPLETE: Final = Misfit("ERROR: % Incomplete command")


class Grammar:
    """Patterns such as ``show aaa-server <word>``; words may be cut to a unique beginning."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._root = Node()
        for pattern in patterns:
            node = self._root
            for word in pattern.split():
                node = node.words.setdefault(word, Node())
            node.command = pattern

    def read(self, line: str) -> Command | Misfit:
        """Recognise one line.

        ``sh ver`` gives ``Command("show version")``; an unknown word gives a ``Misfit``.
        """
        node, at = self._root, 0
        arguments: list[str] = []
        for word in line.split():
            at = line.index(word, at)
            found = self._follow(node, word)
            if isinstance(found, Misfit):
                return Misfit(found.message, at)
            if found == _LINE:
                return Command(node.words[_LINE].command, (*arguments, line[at:].strip()))
            if found == _WORD:
                arguments.append(word)
            node = node.words[found]
            at += len(word)
        return Command(node.command, tuple(arguments)) if node.command else INCOMPLETE

    @staticmethod
    def _follow(node: Node, word: str) -> str | Misfit:
        lower = _USUAL.get(word.lower(), word.lower())
        fixed = [known for known in node.words if not known.startswith("<")]
        if lower in fixed:
            return lower
        begun = [known for known in fixed if known.startswith(lower)]
        if len(begun) == 1:
            return begun[0]
        if len(begun) > 1:
            return Misfit(f'ERROR: % Ambiguous command:  "{word}"')
        for free in (_WORD, _LINE):
            if free in node.words:
                return free
        return Misfit("ERROR: % Invalid input detected at '^' marker.")

    def choices(self, line: str) -> list[str]:
        """Return what ``?`` offers after this much of a line."""
        words = line.split()
        last = "" if line.endswith(" ") or not words else words.pop()
        node = self._root
        for word in words:
            found = self._follow(node, word)
            if isinstance(found, Misfit) or found == _LINE:
                return []
            node = node.words[found]
        offered = sorted(known for known in node.words if known.startswith(last.lower()))
        return [*offered, *(["<cr>"] if node.command and not last else [])]
