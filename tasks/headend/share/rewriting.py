"""Put pseudonyms in place of names and addresses, in every spelling, without moving a byte."""

from __future__ import annotations

from collections.abc import Iterable

from headend.share.addresses import Addresses
from headend.share.pseudonyms import Spellings
from headend.share.views import coded, dump_line, dumps, stretches

Edit = tuple[int, int, str]


class Rewriter:
    """Rewrites texts; lines keep their number and their length."""

    def __init__(self, names: Spellings, addresses: Addresses) -> None:
        self._names = names
        self._addresses = addresses

    def text(self, text: str) -> str:
        """Return ``text`` with pseudonyms."""
        ends = ["\r" if line.endswith("\r") else "" for line in text.split("\n")]
        lines = [
            line.rstrip("\r") if end else line
            for line, end in zip(text.split("\n"), ends, strict=True)
        ]
        for first, run in dumps(lines):
            given = b"".join(run)
            other = self.packed(given)
            if other != given:
                at = 0
                for number, data in enumerate(run, first):
                    lines[number] = dump_line(lines[number], other[at : at + len(data)])
                    at += len(data)
        done = []
        for stretch in stretches(lines):
            done += self._rewritten(stretch.lines)
        return "\n".join(line + end for line, end in zip(done, ends, strict=True))

    def line(self, text: str) -> str:
        """Return one line, or a name of a file, with pseudonyms."""
        return _applied(text, self._edits(text))

    def packed(self, data: bytes) -> bytes:
        """Return a packet with pseudonyms: of the text in it, and of addresses as they are sent."""
        text = data.decode("utf-8", "surrogateescape")
        edits = self._addresses.find(text) + self._names.find(text, packed=True)
        other = _applied(text, edits).encode("utf-8", "surrogateescape")
        for raw, pseudonym in self._addresses.raw.items():
            at = data.find(raw)
            while at >= 0:
                other = other[:at] + pseudonym + other[at + len(raw) :]
                at = data.find(raw, at + 1)
        return other

    def _rewritten(self, lines: list[str]) -> list[str]:
        if len(lines) == 1:
            return [self.line(lines[0])]
        joined = "".join(lines)
        seams, place = [], 0
        for line in lines:
            seams.append(place)
            place += len(line)
        edits = [one for one in self._edits(joined) if any(one[0] < at < one[1] for at in seams)]
        for at, line in zip(seams, lines, strict=True):
            edits += [(start + at, end + at, other) for start, end, other in self._edits(line)]
        whole = _applied(joined, edits)
        return [whole[at : at + len(line)] for at, line in zip(seams, lines, strict=True)]

    def _edits(self, text: str) -> list[Edit]:
        edits = self._addresses.find(text) + self._names.find(text)
        for start, end, data, write in coded(text):
            other = self.packed(data)
            if other != data:
                edits.append((start, end, write(other)))
        return edits


def _applied(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits; of two that overlap the earlier in the list stands."""
    chosen: list[Edit] = []
    for edit in edits:
        if not any(edit[0] < one[1] and one[0] < edit[1] for one in chosen):
            chosen.append(edit)
    for start, end, other in sorted(chosen, reverse=True):
        text = text[:start] + other + text[end:]
    return text
