"""The contenders: each reads a file into rows or events, line by line or in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

from textfsm import TextFSM

from headend.model.event import Event
from headend.model.line import Line
from headend.parse.debug import Debug
from headend.parse.facilities import READERS
from headend.parse.fsm import Template, flat
from headend.parse.read import Reader
from headend.parse.sieve import Sieve
from headend.parse.syslog import SyslogReader
from headend.paths import PARSERS

HEADER = "cisco_asa_syslog.textfsm"
MESSAGE = "cisco_asa_syslog_message.textfsm"
DEBUG = tuple(reader().template for reader in READERS)

Rows = list[Mapping[str, Any]]
# Reads a file, and returns the numbers of the lines that gave a row.
Contender = Callable[[Path], list[int]]

# As files are read: from the first lines is learnt what the others are sieved by.
_FIRST, _BLOCK = 1 << 13, 1 << 20


class _Stock(TextFSM):  # type: ignore[misc]  # textfsm ships no types
    """The stock engine fed a line at a time; it says whether a rule matched."""

    matched = False
    _result: list[list[str]]

    def _CheckRule(self, rule: Any, line: str) -> Any:  # noqa: N802 - textfsm's name
        match = rule.regex_obj.match(line)
        if match is not None:
            self.matched = True
        return match

    def take(self, line: str) -> list[list[str]]:
        self.matched = False
        self._CheckLine(line)
        rows, self._result = self._result, []
        return rows

    def rows(self, line: str) -> Rows:
        names = [name.lower() for name in self.header]
        return [
            {name: value for name, value in zip(names, row, strict=True) if value}
            for row in self.take(line)
        ]


def stock(name: str) -> _Stock:
    return _Stock(StringIO((PARSERS / name).read_text(encoding="utf-8")))


def stock_debug(file: Path) -> list[int]:
    """Ask the templates in the order in which headend does; the first that knows a line has it."""
    engines = [stock(name) for name in DEBUG]
    told = []
    with file.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            text = line[:-1]
            for engine in engines:
                rows = engine.take(text)
                if engine.matched:
                    if rows:
                        told.append(number)
                    break
    return told


def stock_syslog(file: Path) -> list[int]:
    """Read the header, then the message behind its id."""
    header, message = stock(HEADER), stock(MESSAGE)
    ident, text = header.header.index("ID"), header.header.index("TEXT")
    told = []
    with file.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            rows = header.take(line[:-1])
            if rows and message.take(f"{rows[0][ident]} {rows[0][text]}"):
                told.append(number)
    return told


def compiled_debug(file: Path) -> list[int]:
    """Know by heart what was said before, as headend does; find the rule of what was not."""
    debug, line = Debug(), Line("bench", 1, "")
    by_heart, feed = debug.by_heart.get, debug.feed
    told = []
    with file.open(encoding="utf-8", newline="\n") as lines:
        for number, text in enumerate(lines.read().split("\n"), 1):
            saying = by_heart(text)
            if saying is None:
                if feed(line, flat(text), text)[1]:
                    told.append(number)
            elif saying[2]:
                told.append(number)
    return told


def compiled_syslog(file: Path) -> list[int]:
    """Take out of each block what says nothing; take the other lines apart."""
    syslog, line = SyslogReader(), Line("bench", 1, "")
    sieve = Sieve(lambda: syslog.idle.expression)
    numbers, rest, told = sieve.numbers(), "", []
    with file.open("rb") as opened:
        size = _FIRST
        while block := opened.read(size):
            size = _BLOCK
            *complete, rest = (rest + sieve.kept(block).decode()).split("\n")
            for text, number in zip(complete, numbers, strict=False):
                found = syslog.feed(line, flat(text))
                if isinstance(found, Event):
                    told.append(number)
    return told


def whole_reader(file: Path) -> list[int]:
    lines = file.read_text(encoding="utf-8").split("\n")
    told = Reader().read("bench", zip(lines, count(1), strict=False))
    return [event.line.number for _, events in told for event in events]


STOCK: dict[str, Contender] = {"debug": stock_debug, "syslog": stock_syslog}
COMPILED: dict[str, Contender] = {"debug": compiled_debug, "syslog": compiled_syslog}
TEMPLATES = {"debug": DEBUG, "syslog": (HEADER, MESSAGE)}


def differences(kind: str, file: Path) -> int:
    """Return for how many lines of ``file`` a template's rows are not those of the stock engine.

    Of syslog, where the compiled engine passes over most lines, so are those that only one of
    both found a row in.
    """
    found = 0
    for name in TEMPLATES[kind]:
        ours, theirs = Template(name), stock(name)
        for line in file.read_text(encoding="utf-8").split("\n"):
            one = flat(line)
            found += list(ours.feed(one).rows) != theirs.rows(one)
    if kind == "syslog":
        found += len(set(compiled_syslog(file)) ^ set(stock_syslog(file)))
    return found
