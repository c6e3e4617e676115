"""The ways in which a text may show a name: its lines, joined where a terminal cut, and decoded."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from headend.redact import blocks

WIDTH = 80
_HEX = re.compile(r"(?<![\w+/=])(?:0x)?((?:[0-9A-Fa-f]{2}){4,})(?![\w+/=])")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{8,}={0,2}")


class Stretch(NamedTuple):
    """Lines from ``first`` (from 0) on that a terminal may have cut one into."""

    first: int
    lines: list[str]


def stretches(lines: list[str]) -> Iterator[Stretch]:
    """Yield the lines, those that fill the terminal together with the next."""
    held: list[str] = []
    for number, line in enumerate(lines):
        held.append(line)
        if len(line) != WIDTH:
            yield Stretch(number - len(held) + 1, held)
            held = []
    if held:
        yield Stretch(len(lines) - len(held), held)


def dumps(lines: list[str]) -> Iterator[tuple[int, list[bytes]]]:
    """Yield each run of hex dump lines: its first line, and the bytes of each."""
    run: list[bytes] = []
    for number, line in enumerate([*lines, "."]):
        data = blocks.decoded(line.encode("utf-8", "surrogateescape"))
        if data is not None:
            run.append(data)
        elif run:
            yield number - len(run), run
            run = []


def dump_line(line: str, data: bytes) -> str:
    """Return a hex dump's line with other bytes, its columns as they were."""
    match = blocks.DUMP.fullmatch(line.encode("utf-8", "surrogateescape"))
    if match is None:
        return line
    pairs = iter(f"{byte:02x}" for byte in data)
    upper = match["hex"].upper() == match["hex"]
    columns = re.sub(rb"[0-9A-Fa-f]{2}", lambda _: next(pairs).encode(), match["hex"])
    text = match["text"].decode("utf-8", "surrogateescape")
    bar = text.find("|")
    shown = text[bar + 1 :]
    at = len(shown) - len(shown.lstrip(" ")) if len(shown.lstrip(" ")) == len(data) else 2
    if bar >= 0 and shown:
        ascii_ = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in data)  # noqa: PLR2004 - printable ASCII
        text = (
            text[: bar + 1]
            + shown[:at]
            + ascii_[: max(0, len(shown) - at)]
            + shown[at + len(data) :]
        )
    columns = columns.upper() if upper else columns
    return match["head"].decode("utf-8", "surrogateescape") + columns.decode() + text


def coded(text: str) -> Iterator[tuple[int, int, bytes, Callable[[bytes], str]]]:
    """Yield what is written in hexadecimal or base64: start, end, bytes, how to write others."""
    for match in _HEX.finditer(text):
        upper = match[1].upper() == match[1]
        yield (
            match.start(1), match.end(1), bytes.fromhex(match[1]),
            lambda data, upper=upper: data.hex().upper() if upper else data.hex(),  # type: ignore[misc]
        )  # fmt: skip
    for match in _BASE64.finditer(text):
        url = set(match[0]) & set("-_")
        bare = match[0].rstrip("=")
        usable = bare[: len(bare) - 1] if len(bare) % 4 == 1 else bare
        try:
            data = base64.b64decode(
                usable.translate(str.maketrans("-_", "+/")) + "=" * (-len(usable) % 4)
            )
        except (binascii.Error, ValueError):
            continue

        def write(data: bytes, url: bool = bool(url), size: int = len(usable)) -> str:  # noqa: FBT001 - bound to the match
            text = base64.b64encode(data).decode()[:size]
            return text.translate(str.maketrans("+/", "-_")) if url else text

        yield match.start(), match.start() + len(usable), data, write
