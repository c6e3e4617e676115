"""Replies to ``show`` and ``test`` commands as rows."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Any, NamedTuple

from headend.errors import InputError
from headend.parse.fsm import Template
from headend.parse.line_ends import lines
from headend.parse.once import once
from headend.parse.prompt import match_prompt
from headend.paths import PARSERS

# What the index lists besides are texts that no command asks for: debug, syslog, client logs.
_ASKED = ("sh[[ow]] ", "test ")
# Templates that nobody reads with now: a fleet has the same replies read hundreds of times.
_AT_REST: defaultdict[str, deque[Template]] = defaultdict(deque)


class Word(NamedTuple):
    """A word of a command: how much of it must be typed, and all of it."""

    least: str
    full: str


class Command(NamedTuple):
    """A command of the index with its template.

    Ours throughout: ntc-templates lacks most of them, and where it has one, the whole table is
    lost to one line that it does not know.
    """

    words: tuple[Word, ...]
    template: str

    def __str__(self) -> str:
        return " ".join(word.full for word in self.words)

    def asks_for(self, typed: list[str]) -> bool:
        """Return whether the words ``typed`` are this command, its arguments behind them."""
        return len(typed) >= len(self.words) and all(
            word.full.startswith(each) and each.startswith(word.least)
            for word, each in zip(self.words, typed, strict=False)
        )


def rows(command: str, text: str) -> list[dict[str, Any]]:
    """Return the reply ``text`` of ``command`` as rows with lower-case keys.

    ``command`` may be cut down as far as ``parsers/index`` says (``sh ver``), and arguments and a
    filter may follow it; its template names the keys. A value is text, or a list where the reply
    has several; one that the reply does not show is missing from its row. A prompt and an echo
    around the reply are skipped. ``InputError`` where the command is not known.
    """
    name = _template_of(command)
    try:
        template = _AT_REST[name].pop()
    except IndexError:
        template = Template(name)
    found: list[dict[str, Any]] = []
    for line in lines(text):
        plain = line.strip("\r")
        if match_prompt(plain) is None and plain.strip() != command.strip():
            found.extend(dict(row) for row in template.feed(plain).rows)
        if template.ended:
            template.close()
            break
    else:
        found.extend(dict(row) for row in template.close())
    _AT_REST[name].append(template)
    return found


@once
def commands() -> tuple[Command, ...]:
    """Return the commands that can be read, those with more words before their beginnings."""
    return tuple(
        Command(tuple(map(_word, asked.split())), template)
        for template, asked in _index()
        if asked.startswith(_ASKED)
    )


def _template_of(command: str) -> str:
    typed = command.partition("|")[0].lower().split()
    for known in commands():
        if known.asks_for(typed):
            return known.template
    raise InputError(
        f"No parser for the command {command!r}",
        remedy=f"Known: {', '.join(sorted({str(known) for known in commands()}))}",
    )


def _index() -> list[tuple[str, str]]:
    text = (PARSERS / "index").read_text(encoding="utf-8")
    listed = [line.split(", ") for line in text.split("\n") if line.startswith("cisco_asa_")]
    return [(template, asked) for template, _, _, asked in listed]


def _word(listed: str) -> Word:
    least, _, rest = listed.partition("[[")
    return Word(least, least + rest.removesuffix("]]"))
