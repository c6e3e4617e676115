"""The few rules that a line could match, found by how the line begins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Generic, TypeVar

from headend.parse.viable import BLANKS, WORD, Expression

Rule = TypeVar("Rule")

# How many characters of a line's beginning choose its rules, and as many behind its first blanks.
# Three tell words apart, and ids and bytes in hex have few beginnings of three.
HEAD = 3
_TAIL = re.compile(r"\S*\s*(\S{0,3})")
# So few rules are tried sooner than told apart.
_FEW = 4
# To learn a beginning costs as much as to try its rules on so many lines.
_OFTEN = 16
# Beginnings that are remembered; whoever makes up more meets every rule with the same first sign.
_KEPT = 4096
# An id that no rule asks for.
_NO_ID = "000000 "

Rules = tuple[tuple[Expression, Rule], ...]


class _Bucket(Generic[Rule]):
    """The rules for one beginning, told apart by what stands behind the first blanks."""

    __slots__ = ("all", "few", "seen", "tails", "told")

    def __init__(self, told: Rules[Rule]) -> None:
        self.told = told
        self.all = tuple(rule for _, rule in told)
        self.few = len(told) <= _FEW
        self.tails: dict[str, tuple[Rule, ...]] = {}
        self.seen: Counter[str] = Counter()

    def learn(self, tail: str) -> tuple[Rule, ...]:
        if not _worth(tail, self.seen):
            return self.all
        found = tuple(rule for _, rule in _possible(self.told, WORD + BLANKS + tail))
        self.tails[tail] = found
        return found


class Dispatch(Generic[Rule]):
    """Rules in their order, and for each line those that could match it, in the same order.

    ``head`` is how many characters a line's beginning is long.
    """

    def __init__(self, rules: Iterable[tuple[Expression, Rule]], head: int = HEAD) -> None:
        self._rules = tuple(rules)
        self._head = head
        self._firsts: dict[str, _Bucket[Rule]] = {}
        self._heads: dict[str, _Bucket[Rule]] = {}
        self._seen: Counter[str] = Counter()
        self._buckets: dict[tuple[Rule, ...], _Bucket[Rule]] = {}
        self._named: dict[str, bool] = {}

    def candidates(self, line: str) -> tuple[Rule, ...]:
        """Return the rules that could match ``line``: a superset of those that do."""
        bucket = self._heads.get(line[: self._head])
        if bucket is None:
            bucket = self._learn(line[: self._head])
        if bucket.few:
            return bucket.all
        tail = _TAIL.match(line)[1]  # type: ignore[index]  # it matches anything
        found = bucket.tails.get(tail)
        return bucket.learn(tail) if found is None else found

    def _learn(self, head: str) -> _Bucket[Rule]:
        first = head[:1] if head[:1].isascii() else ""
        bucket = self._firsts.get(first)
        if bucket is None:
            bucket = self._firsts[first] = self._bucket(_possible(self._rules, first))
        if _worth(head, self._seen):
            possible = _possible(bucket.told, head)
            if len(head) < self._head:
                # The whole line is known.
                possible = tuple(one for one in possible if one[0].pattern.match(head))
            bucket = self._heads[head] = self._bucket(possible)
        return bucket

    def _bucket(self, told: Rules[Rule]) -> _Bucket[Rule]:
        """Return one bucket for all beginnings that leave the same rules."""
        key = tuple(rule for _, rule in told)
        if key not in self._buckets:
            self._buckets[key] = _Bucket(told)
        return self._buckets[key]

    def names(self, number: str) -> bool:
        """Return whether a rule asks for this syslog id, or for some that it is one of."""
        known = self._named.get(number)
        if known is None:
            if len(self._named) >= _KEPT:
                self._named.clear()
            anyone = _possible(self._rules, _NO_ID)
            known = self._named[number] = _possible(self._rules, f"{number} ") != anyone
        return known


def _possible(rules: Rules[Rule], head: str) -> Rules[Rule]:
    return tuple((one, rule) for one, rule in rules if one.can_begin(head))


def _worth(beginning: str, seen: Counter[str]) -> bool:
    """Return whether ``beginning`` was met often enough to learn which rules it leaves."""
    # Signs beyond ASCII are too many to remember, and two of them stand for runs.
    if not beginning.isascii() or (len(seen) >= _KEPT and beginning not in seen):
        return False
    seen[beginning] += 1
    return seen[beginning] >= _OFTEN
