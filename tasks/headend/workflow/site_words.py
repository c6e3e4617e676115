"""What a site's own servers mean with their words: ``server_words.yaml`` in the inventory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from headend.diagnosis.server_words import BUILT_IN
from headend.diagnosis.words import Phrase, Saying, Words, extended
from headend.errors import InputError
from headend.model.diagnosis import Cause
from headend.model.line import visible

NAME = "server_words.yaml"
_LARGEST = 1 << 16
_MOST_ENTRIES = 500
# Words are never proof, whoever wrote them.
_SUREST, _USUAL = 0.95, 0.8
_SHOWN = 60
_NEVER_NAMED = frozenset({Cause.NONE, Cause.UNKNOWN})
_ASKED_FOR = (
    Cause.TOKEN_REQUIRED,
    Cause.TOKEN_NEXT_CODE,
    Cause.TOKEN_NEW_PIN,
    Cause.MFA_TIMEOUT,
    Cause.PASSWORD_EXPIRED,
    Cause.PASSWORD_MUST_CHANGE,
)

Read = TypeVar("Read")


def site_words(inventory: Path) -> Words:
    """Return the built-in words, and before them those of the site where it has a table.

    Raises ``InputError`` with the file, the entry, the rule that it breaks and what to do.
    """
    path = inventory / NAME
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return BUILT_IN
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(data) > _LARGEST:
        raise InputError(f"{path} is larger than {_LARGEST} bytes", remedy="Keep to a few phrases")
    return extended(BUILT_IN, _Table(path, _parsed(path, data)).words())


def _parsed(path: Path, data: bytes) -> Any:
    # Who has no table does not wait for the YAML reader.
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        return YAML(typ="safe", pure=True).load(data.decode("utf-8"))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise InputError(
            f"{path} is not valid YAML{where}", remedy="Compare it with the file's own comments"
        ) from None
    except (ValueError, RecursionError):
        # A value that YAML reads as a date or number and that is none; bytes that are no text.
        raise InputError(
            f"{path} holds a value that cannot be read", remedy="Put quotes around each phrase"
        ) from None


class _Table:
    """One table file: every rule it can break is checked here, and told with its place."""

    def __init__(self, path: Path, content: Any) -> None:
        self._path = path
        self._content = {} if content is None else content

    def words(self) -> Words:
        known = {"rejects", "prompts", "token_groups"}
        content = self._mapping(self._content, "the file", known)
        anything = [cause for cause in Cause if cause not in _NEVER_NAMED]
        return Words(
            tuple(self._sayings(content, "rejects", anything, {"confidence"})),
            tuple(self._sayings(content, "prompts", _ASKED_FOR, set())),
            tuple(self._each(content, "token_groups", self._token_group)),
        )

    def _sayings(
        self, content: dict[str, Any], part: str, causes: Any, more: set[str]
    ) -> Iterator[Saying]:
        def saying(entry: Any, where: str) -> Saying:
            given = self._mapping(entry, where, {"cause", "phrases"} | more)
            cause = given.get("cause")
            if not isinstance(cause, str) or cause not in list(causes):
                names = ", ".join(sorted(causes))
                raise self._wrong(where, f"{_shown(cause)} is no cause here", f"One of: {names}")
            phrases = tuple(self._each(given, "phrases", self._phrase, f"{where}, "))
            if not phrases:
                raise self._wrong(where, "it has no phrases", 'Add phrases: ["account * locked"]')
            return Saying(Cause(cause), self._confidence(given, where), phrases)

        return self._each(content, part, saying)

    def _each(
        self,
        content: dict[str, Any],
        part: str,
        read: Callable[[Any, str], Read],
        within: str = "",
    ) -> Iterator[Read]:
        entries = content.get(part)
        entries = [] if entries is None else entries
        if not isinstance(entries, list):
            raise self._wrong(f"{within}{part}", "it is not a list", "Begin each entry with -")
        if len(entries) > _MOST_ENTRIES:
            raise self._wrong(f"{within}{part}", f"it has more than {_MOST_ENTRIES} entries", "")
        for number, entry in enumerate(entries, 1):
            yield read(entry, f"{within}{part} entry {number}")

    def _phrase(self, entry: Any, where: str) -> Phrase:
        text = self._text(entry, where)
        try:
            return Phrase.parse(text)
        except ValueError as error:
            raise self._wrong(
                where, f"{_shown(text)}: {error}", 'Write it as in "pin|password * locked"'
            ) from None

    def _token_group(self, entry: Any, where: str) -> str:
        text = self._text(entry, where)
        if not (text.isalnum() and 1 < len(text) <= _SHOWN):
            rule = f"{_shown(text)} is not one word of 2 to {_SHOWN} letters and digits"
            raise self._wrong(where, rule, "Give the part of the names that they share")
        return text.casefold()

    def _confidence(self, given: dict[str, Any], where: str) -> float:
        value = given.get("confidence", _USUAL)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(where, "its confidence is not a number", f"From 0.1 to {_SUREST}")
        if not 0.1 <= value <= _SUREST:  # noqa: PLR2004 - what is less likely is not worth a line
            raise self._wrong(where, "its confidence is out of range", f"From 0.1 to {_SUREST}")
        return float(value)

    def _mapping(self, value: Any, where: str, keys: set[str]) -> dict[str, Any]:
        expected = f"It has {', '.join(sorted(keys))}"
        if not isinstance(value, dict):
            raise self._wrong(where, "it is not a mapping", expected)
        unknown = next((key for key in value if key not in keys), None)
        if unknown is not None:
            raise self._wrong(where, f"{_shown(unknown)} is not known here", expected)
        return value

    def _text(self, value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise self._wrong(where, "it is not text", "Put quotes around it")
        return value

    def _wrong(self, where: str, rule: str, remedy: str) -> InputError:
        return InputError(f"{self._path}: {where}: {rule}", remedy=remedy)


def _shown(value: Any) -> str:
    """Return a value of the file as a message may hold it: short, and one line."""
    return f'"{visible(value[:_SHOWN])}"' if isinstance(value, str) else f"a {type(value).__name__}"
