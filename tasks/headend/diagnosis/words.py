"""What the words of a server mean: phrases, matched against sentences word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from headend.model.diagnosis import Cause

# A phrase is compared with so much of a text; a Reply-Message holds 253 bytes at most.
_TEXT = 500
_LONGEST, _MOST_WORDS = 200, 20
_SENTENCE = re.compile(r"[.!?;:]+(?:\s|$)|[\r\n]+")
_WORD = re.compile(r"[^\W_]+")
_ANYTHING, _OR = "*", "|"
_NO_ACCESS = re.compile(r"no.?(?:access|vpn|login)|deny|denied|reject|block", re.IGNORECASE)

_Run = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other within one sentence, in any case of letters.

    ``password|pin has expired`` is three words, the first of which has two spellings;
    ``account * locked`` allows anything between. Each run is looked for once, from where the one
    before it ended: the time is linear in the text.
    """

    runs: tuple[_Run, ...]

    @classmethod
    def parse(cls, text: str) -> Phrase:
        """Read the text of a phrase; raises ``ValueError`` with the rule that it breaks."""
        if len(text) > _LONGEST:
            raise ValueError(f"a phrase has at most {_LONGEST} characters")
        tokens = text.split()
        if not tokens:
            raise ValueError("a phrase has at least one word")
        if len(tokens) > _MOST_WORDS:
            raise ValueError(f"a phrase has at most {_MOST_WORDS} words")
        runs: list[list[frozenset[str]]] = [[]]
        for token in tokens:
            if token == _ANYTHING:
                runs.append([])
            else:
                runs[-1].append(_choice(token))
        if not all(runs):
            raise ValueError("a * stands between two words")
        return cls(tuple(map(tuple, runs)))

    def may_be_in(self, words: set[str]) -> bool:
        """Return whether each of its words is among ``words``, which is quickly asked."""
        return not any(choice.isdisjoint(words) for run in self.runs for choice in run)

    def matches(self, sentence: tuple[str, ...]) -> bool:
        """Return whether the words of a sentence hold the phrase."""
        at = 0
        for run in self.runs:
            at = _after(run, sentence, at)
            if not at:
                return False
        return True


def _choice(token: str) -> frozenset[str]:
    words = token.casefold().split(_OR)
    if not all(_WORD.fullmatch(word) for word in words):
        raise ValueError(
            f"{token!r} is not a word: letters or digits, | between spellings, * alone for anything"
        )
    return frozenset(words)


def _after(run: _Run, sentence: tuple[str, ...], start: int) -> int:
    """Return the place behind the first occurrence of ``run``, or 0."""
    for at in range(start, len(sentence) - len(run) + 1):
        if all(sentence[at + place] in choice for place, choice in enumerate(run)):
            return at + len(run)
    return 0


@dataclass(frozen=True, slots=True)
class Saying:
    """Phrases that mean one cause, and how surely."""

    cause: Cause
    confidence: float
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, eq=False)
class Words:
    """What servers say when they reject and when they ask; the first saying that fits counts.

    ``token_groups`` are words by which a server group is known as one for tokens: they stand
    alone in its name, or at the start or end of a word in it.
    """

    rejects: tuple[Saying, ...] = ()
    prompts: tuple[Saying, ...] = ()
    token_groups: tuple[str, ...] = ()

    def reason(self, text: str, user: str | None = None) -> tuple[Cause, float] | None:
        """Return the cause that a reject's words name, and how surely; ``None`` for none.

        The name of ``user`` is passed over: it is chosen by whoever knocks.
        """
        return _meaning(self, without_name(text, user), asking=False)

    def prompt(self, text: str, user: str | None = None) -> Cause:
        """Return what a challenge with this text waits for: by default a token code."""
        found = _meaning(self, without_name(text, user), asking=True)
        return found[0] if found else Cause.TOKEN_REQUIRED

    def token_group(self, name: str | None) -> bool:
        """Return whether a server group is named as token server groups are."""
        return bool(name) and _token_group(self, name or "")


@lru_cache(maxsize=2048)
def _meaning(words: Words, text: str, *, asking: bool) -> tuple[Cause, float] | None:
    sentences = [tuple(_WORD.findall(sentence)) for sentence in _SENTENCE.split(text)]
    said = {word for sentence in sentences for word in sentence}
    for saying in words.prompts if asking else words.rejects:
        for phrase in saying.phrases:
            if phrase.may_be_in(said) and any(map(phrase.matches, sentences)):
                return saying.cause, saying.confidence
    return None


@lru_cache(maxsize=256)
def _token_group(words: Words, name: str) -> bool:
    runs = _WORD.findall(name[:_TEXT].casefold())
    runs += [one + other for one, other in pairwise(runs)]
    return any(
        run.startswith(words.token_groups) or run.endswith(words.token_groups) for run in runs
    )


def without_name(text: str, user: str | None) -> str:
    """Return ``text``, cut and case folded, without the user's name where that stands alone."""
    text, name = text[:_TEXT].casefold(), (user or "").casefold()
    if not name or name not in text:
        return text
    kept, at = "", 0
    while (found := text.find(name, at)) >= 0:
        end = found + len(name)
        part_of_word = text[found - 1 : found].isalnum() or text[end : end + 1].isalnum()
        kept += text[at:found] + (name if part_of_word else "-")
        at = end
    return kept + text[at:]


def phrases(*texts: str) -> tuple[Phrase, ...]:
    """Return the phrases written in ``texts``."""
    return tuple(map(Phrase.parse, texts))


def extended(words: Words, more: Words) -> Words:
    """Return ``words`` with a site's own, which are looked at first."""
    return Words(
        more.rejects + words.rejects,
        more.prompts + words.prompts,
        more.token_groups + words.token_groups,
    )


def no_access(policy: str | None) -> bool:
    """Return whether a group policy is named as policies that let nobody in are."""
    return bool(policy and _NO_ACCESS.search(policy))
