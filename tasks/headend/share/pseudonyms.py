"""Names of the same form and length in place of the real ones, the same all through a bundle.

The length stays because it carries meaning: a terminal wrapped its lines by it, and a RADIUS
packet counts its bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Iterable, Mapping
from urllib.parse import quote

from headend.errors import Refused

# A name that is longer than so and in no word of the devices is replaced inside words too.
_LOOSE = 5
_TRIES = 2000
_POOLS = (
    "aeiou",
    "bcdfghjklmnpqrstvwxyz",
    "0123456789",
    "äëïöüéèàñç",
    "абвгдежзик",
    "一二三四五六七八九十",
)
_PASSWORD = 8
_MASK = "masked"
# What a URL leaves as it is, besides letters and digits.
_UNQUOTED = "_.-~"


def looks_typed(name: str) -> bool:
    """Whether a user name may be a password that was typed into the wrong field."""
    kinds = (str.islower, str.isupper, str.isdigit, lambda one: not one.isalnum())
    return (
        len(name) >= _PASSWORD
        and not re.search(r"[\\@/ ]", name)
        and all(any(map(kind, name)) for kind in kinds[:3])
    )


def pseudonyms(names: Iterable[str], key: bytes, taken: Collection[str]) -> dict[str, str]:
    """Return a pseudonym of the same length for each name, in lower case, by ``key``.

    None is among ``taken`` or among the names. Raises ``Refused`` where there is no room for one.
    """
    wanted = sorted({name.lower() for name in names})
    masked = {name.lower() for name in names if looks_typed(name)}
    used = {*wanted, *taken}
    found = {}
    for name in wanted:
        mask = name in masked
        found[name] = next(
            (one for one in _candidates(name, key, mask=mask) if one not in used), ""
        )
        if not found[name]:
            raise Refused(
                "A name in the incident is too short for a pseudonym of its own",
                remedy="Allow it with --keep NAME if it identifies nobody",
            )
        used.add(found[name])
    return found


def _candidates(name: str, key: bytes, *, mask: bool) -> Iterable[str]:
    for turn in range(_TRIES):
        seed = hmac.digest(key, f"{turn}:{name}".encode("utf-8", "surrogatepass"), hashlib.sha256)
        stream = hashlib.shake_256(seed).digest(len(name))
        if mask:
            yield _masked(name, stream)
        else:
            yield "".join(_other(one, byte) for one, byte in zip(name, stream, strict=True))


def _masked(name: str, stream: bytes) -> str:
    """Return ``masked`` and some letters; as long as ``name`` is when a URL writes it, too."""
    letters = iter(_MASK + "".join(_POOLS[1][byte % len(_POOLS[1])] for byte in stream))
    return "".join(
        _other(one, byte)
        if not one.isascii()
        else next(letters)
        if one.isalnum()
        else "_"
        if one in _UNQUOTED
        else "#"
        for one, byte in zip(name, stream, strict=True)
    )


def _other(one: str, byte: int) -> str:
    if not one.isalnum():
        return one
    width = len(one.encode("utf-8", "surrogatepass"))
    for pool in _POOLS:
        if one in pool:
            return pool[byte % len(pool)]
    wide = {2: _POOLS[3] if one < "\u0100" else _POOLS[4], 3: _POOLS[5]}.get(width)
    return wide[byte % len(wide)] if wide else one


class Spellings:
    """Finds names in a text, in each spelling that keeps a character apart."""

    def __init__(self, names: Mapping[str, str], vocabulary: Collection[str]) -> None:
        self._all: dict[str, str] = {}
        loose: list[str] = []
        bounded: list[str] = []
        words = " ".join(vocabulary)
        for name, other in names.items():
            spelt = dict(zip(_spellings(name), _spellings(other), strict=True))
            self._all |= spelt
            (loose if len(name) >= _LOOSE and name not in words else bounded).extend(spelt)
        self._text = _pattern(loose, bounded)
        self._bytes = _pattern([*loose, *(one for one in bounded if len(one) > 2)], [])  # noqa: PLR2004 - two bytes are met by chance

    def find(self, text: str, *, packed: bool = False) -> list[tuple[int, int, str]]:
        """Return start, end and replacement of each name; ``packed`` bytes know no word ends."""
        pattern = self._bytes if packed else self._text
        if pattern is None:
            return []
        return [
            (one.start(), one.end(), _as_cased(self._all[one[0].lower()], one[0]))
            for one in pattern.finditer(text)
        ]


def _spellings(name: str) -> tuple[str, ...]:
    raw = name.encode("utf-8", "surrogatepass")
    latin = name.encode("latin-1", "replace").decode("utf-8", "surrogateescape")
    return (
        name,
        "\0".join(name),
        quote(raw, safe="").lower(),
        name.encode("ascii", "backslashreplace").decode(),
        latin if "?" not in latin else name,
    )


def _pattern(loose: Iterable[str], bounded: Iterable[str]) -> re.Pattern[str] | None:
    parts = [(one, re.escape(one)) for one in set(loose)]
    parts += [(one, rf"(?<![^\W_]){re.escape(one)}(?![^\W_])") for one in set(bounded)]
    parts.sort(key=lambda part: (-len(part[0]), part[0]))
    return re.compile("|".join(text for _, text in parts), re.IGNORECASE) if parts else None


def _as_cased(name: str, like: str) -> str:
    return "".join(
        one.upper() if other.isupper() and len(one.upper()) == 1 else one
        for one, other in zip(name, like, strict=True)
    )
