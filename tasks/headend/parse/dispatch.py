"""The few rules that a line could match, found by how the line begins."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Generic, TypeVar

from headend.parse.leads import DIGITS, ID, Lead, leads

Rule = TypeVar("Rule")

# The first two runs of ASCII letters.
_WORDS = re.compile("[^A-Za-z]*([A-Za-z]*)[^A-Za-z]*([A-Za-z]*)")
# Stands for every character beyond ASCII, of which a lead says nothing.
_FOREIGN = "\x80"
# Beginnings that are remembered: what the rules tell apart, times the syslog ids seen.
_KEPT = 20_000

Key = tuple[str, str, str, str]


class Dispatch(Generic[Rule]):
    """Rules in their order, and for each line those that could match it, in the same order."""

    def __init__(self, rules: Iterable[tuple[re.Pattern[str], Rule]]) -> None:
        self._rules = [(leads(expression), rule) for expression, rule in rules]
        told = [lead for every, _ in self._rules for lead in every]
        # Words that no rule asks for are all the same to us, and so are the characters behind.
        self._words: dict[str, frozenset[str]] = {
            lead.words[0]: frozenset(
                one.words[1] for one in told if len(one.words) > 1 and one.words[0] == lead.words[0]
            )
            for lead in told
            if lead.words
        }
        self._numbered = any(lead.number for lead in told)
        self._found: dict[Key, tuple[Rule, ...]] = {}
        self._named: dict[str, bool] = {}

    def candidates(self, line: str) -> tuple[Rule, ...]:
        """Return the rules that could match ``line``: a superset of those that do."""
        first = line[:1]
        one, two = _WORDS.match(line).groups()  # type: ignore[union-attr]  # it matches anything
        second = self._words.get(one)
        if second is None:
            one = two = ""
        elif two not in second:
            two = ""
        number = line[:ID] if self._numbered and first.isdigit() else ""
        key = (first if first.isascii() else _FOREIGN, one, two, number)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= _KEPT:
                self._found.clear()
            found = self._found[key] = tuple(
                rule for every, rule in self._rules if any(_possible(lead, key) for lead in every)
            )
        return found

    def names(self, number: str) -> bool:
        """Return whether a rule asks for this syslog id, or for some that it is one of."""
        known = self._named.get(number)
        if known is None:
            if len(self._named) >= _KEPT:
                self._named.clear()
            known = self._named[number] = any(
                lead.number and min(map(len, lead.number)) < len(DIGITS) and _numbered(lead, number)
                for every, _ in self._rules
                for lead in every
            )
        return known


def _possible(lead: Lead, key: Key) -> bool:
    first, one, two, number = key
    if lead.first is not None and first not in lead.first and first != _FOREIGN:
        return False
    if lead.words and (one, two)[: len(lead.words)] != lead.words:
        return False
    return not lead.number or _numbered(lead, number)


def _numbered(lead: Lead, number: str) -> bool:
    return len(number) == ID and all(
        sign in allowed or not sign.isascii()
        for sign, allowed in zip(number, lead.number, strict=True)
    )
