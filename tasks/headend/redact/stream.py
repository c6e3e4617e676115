"""Redaction of a stream of bytes as it comes in."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator

from headend.redact import blocks, rules
from headend.redact.pieces import Piece, crossed, ends_masked, lines, placed
from headend.redact.placeholders import Placeholders
from headend.redact.prefilter import Prefilter
from headend.redact.span import Span, merged
from headend.redact.values import known

# An unfinished line beyond this is given out; a terminal prints none that is longer.
LIMIT = 64 * 1024
# What is looked at again with the bytes that follow a cut: longer than any spelling of a secret.
_CONTEXT = 4 * 1024
# A masked line may turn into a shape that a second look would mask again; it settles at once.
_LOOKS = 5

_LINE_END = re.compile(rb"\r*\n")


class Redactor:
    r"""Replaces secrets in bytes that arrive in any portions.

    >>> Redactor(["Tr0ub4dor"]).feed(b"     skey 'Tr0ub4dor'\r\n")
    b"     skey '<secret-1>'\r\n"

    Lines are given out when they are complete. A line that may go on in the next one (it ends
    with the beginning of a known secret, or fills ``width`` columns and may have been wrapped)
    waits for it. ``flush`` gives out what waits: call it when nothing came for 200 ms, and at
    the end. The number of lines never changes, and the same secret is always the same
    placeholder, over several redactors too if they share ``placeholders``.
    """

    def __init__(
        self,
        secrets: Iterable[str | bytes] = (),
        *,
        width: int = 80,
        placeholders: Placeholders | None = None,
    ) -> None:
        self._values = known(secrets)
        self._width = width
        self._prefilter = Prefilter(self._values, width, LIMIT)
        self._placeholders = placeholders or Placeholders()
        self._block = blocks.Block()
        self._plain = rules.Plain()
        self._begin()

    @property
    def pending(self) -> bool:
        """Whether bytes wait for the rest of their line, or for the next one."""
        return len(self._raw) > self._shown

    def add_secret(self, value: str | bytes) -> None:
        """Replace ``value`` too, from the next line on; under four characters only by structure."""
        self._values.add(value)

    def feed(self, data: bytes) -> bytes:
        """Take in ``data`` and return what may be written and shown now."""
        out = []
        at = 0
        end = data.rfind(b"\n") + 1
        found, clear = self._prefilter.suspects(data, end)
        suspects = deque(found)
        while at < end:
            while suspects and suspects[0] < at:
                suspects.popleft()
            start = suspects[0] if suspects else end
            if at < start and self._at_rest:
                out.append(data[at:start])
                at = start
            else:
                stop = data.find(b"\n", at) + 1
                line = data[at:stop]
                simple = self._simple(line, suspect=at == start, clear=at < clear)
                out.append(self._looked_at(line) if simple is None else simple)
                at = stop
        if at < len(data):
            out.append(self._looked_at(data[at:]))
        return b"".join(out)

    @property
    def _at_rest(self) -> bool:
        """Whether the next line stands alone: nothing waits, and no block is open."""
        return not self._raw and self._block.at_rest

    def _simple(self, line: bytes, *, suspect: bool, clear: bool) -> bytes | None:
        """Return a whole line that stands alone, redacted; ``None`` where more must be looked at.

        It shows no secret, or one of an open block and nothing else.
        """
        text = line.rstrip(b"\r\n")
        if self._raw or len(line) >= LIMIT:
            return None
        if suspect and (self._is_full(text) or not (clear or self._is_far_from_known(text))):
            return None
        block, start = blocks.advance(self._block, text, may_open=suspect)
        if suspect and (start is not None or text not in self._plain):
            return None
        self._block = block
        if start is None:
            return line
        end = len(text.rstrip())
        return line[:start] + self._placeholders.of(block.name) + line[end:]

    def _is_far_from_known(self, text: bytes) -> bool:
        """Tell whether a line neither shows a known value nor begins one."""
        values = self._values
        if not values.longest:
            return True
        if values.begun(text) or next(values.find(text), None):
            return False
        dumped = blocks.decoded(text)
        return not dumped or (
            not values.begun_plain(dumped) and next(values.find_plain(dumped), None) is None
        )

    def _looked_at(self, data: bytes) -> bytes:
        """Take in a line, or a part of one, and return what may be given out after it."""
        out = []
        at = 0
        while at < len(data):
            stop = min(len(data), at + LIMIT - len(self._raw))
            self._raw += data[at:stop]
            ended = data[stop - 1 : stop] == b"\n"
            at = stop
            if ended and not self._goes_on():
                out.append(self._close())
            elif len(self._raw) >= LIMIT:
                out.append(self._cut())
        return b"".join(out)

    def flush(self) -> bytes:
        """Return what waits; the rest of a secret that it begins is still replaced."""
        if not self.pending:
            return b""
        spans, _ = self._spans(unfinished=True)
        out = self._rendered(spans)
        self._shown = len(self._raw)
        self._shown_masked = bool(spans) and spans[-1].end == self._shown
        return out

    def _begin(self) -> None:
        self._raw = bytearray()
        self._shown = 0
        self._shown_masked = False
        self._line = 0
        self._dumped = b""
        self._opened: Span | None = None

    def _goes_on(self) -> bool:
        """Tell whether the complete line just taken in may be continued by the next one."""
        line = bytes(self._raw[self._line :]).rstrip(b"\r\n")
        self._line = len(self._raw)
        dumped = blocks.decoded(line) if self._values.longest else None
        self._dumped = b"" if dumped is None else (self._dumped + dumped)[-_CONTEXT:]
        if not line:
            return False
        if self._is_full(line):
            return True
        if self._dumped and self._values.begun_plain(self._dumped):
            return True
        window = bytes(self._raw[-2 * self._values.longest - 2 :])
        return self._values.begun(_LINE_END.sub(b"", window))

    def _is_full(self, line: bytes) -> bool:
        """Tell whether a line fills the terminal's width, and may have been wrapped there."""
        return len(line) == self._width or (
            not line.isascii() and len(line.decode("utf-8", "replace")) == self._width
        )

    def _close(self) -> bytes:
        spans, self._block = self._spans(unfinished=False)
        out = self._rendered(spans)
        if spans and not self._shown:
            out = self._settled(out)
        self._begin()
        return out

    def _cut(self) -> bytes:
        """Give out an endless line, or endless wrapped lines, so far."""
        out = self.flush()
        spans, _ = self._spans(unfinished=True)
        drop = len(self._raw) - _CONTEXT
        for piece in self._pieces():
            if piece.start + len(piece.text) < drop:
                self._block, _ = blocks.advance(self._block, piece.text)
        last = spans[-1] if spans else None
        # Blanks and a quote at a cut may be the middle of a secret as well as its end.
        goes_on = last and last.start < drop and not self._raw[last.end :].strip(b" \t\r'")
        del self._raw[:drop]
        self._shown = len(self._raw)
        self._line = max(0, self._line - drop)
        self._opened = last if goes_on else None
        return out

    def _pieces(self) -> list[Piece]:
        pieces = []
        start = 0
        for line in lines(self._raw):
            pieces.append(Piece(start, line.rstrip(b"\r\n")))
            start += len(line)
        return pieces

    def _spans(self, *, unfinished: bool) -> tuple[list[Span], blocks.Block]:
        """Find all secrets in the stretch in hand, and the block that is open after it."""
        pieces = self._pieces()
        joined = b"".join(piece.text for piece in pieces)
        found = list(self._values.find(joined))
        begun = self._values.mostly_begun(joined) if unfinished else None
        if begun:
            found.append(begun)
        if self._opened and self._opened.more:
            rest = self._opened.more.match(joined)
            if rest and rest.end():
                found.append(self._opened._replace(start=0, end=rest.end()))
        spans = [part for span in found for part in placed(span, pieces)]
        if len(pieces) > 1:
            for span in rules.find(joined):
                parts = placed(span, pieces)
                # What the first line has masked to its end does not go on in the next, and a line
                # that only ends like a known value was not wrapped.
                wrapped = all(self._is_full(piece) for piece in crossed(parts, pieces))
                if len(parts) > 1 and wrapped and not ends_masked(self._raw, parts[0]):
                    spans += parts
        block = self._block
        for piece in pieces:
            spans += (span.moved(piece.start) for span in rules.find(piece.text))
            block, start = blocks.advance(block, piece.text)
            if start is not None:
                end = len(piece.text.rstrip())
                spans.append(Span(start, end, block.name).moved(piece.start))
        if self._values.longest:
            spans += self._dump_spans(pieces)
        return merged(spans), block

    def _dump_spans(self, pieces: list[Piece]) -> Iterator[Span]:
        """Yield the dump lines whose bytes show a known value, over line ends too."""
        run: list[tuple[Piece, int]] = []
        shown = b""
        for piece in [*pieces, Piece(0, b"")]:
            dumped = blocks.decoded(piece.text)
            if dumped is not None:
                run.append((piece, len(shown)))
                shown += dumped
                continue
            for value in self._values.find_plain(shown) if run else ():
                for (line, at), after in zip(run, [*run[1:], (piece, len(shown))], strict=True):
                    if at < value.end and value.start < after[1]:
                        match = blocks.DUMP.fullmatch(line.text)
                        start = match.start("hex") if match else 0
                        end = len(line.text.rstrip())
                        yield Span(start, end, value.secret).moved(line.start)
            run, shown = [], b""

    def _rendered(self, spans: list[Span]) -> bytes:
        """Return what was not shown yet, with a placeholder for each span."""
        out = []
        at = self._shown
        for span in spans:
            if span.end <= at:
                continue
            if span.start >= at:
                out.append(bytes(self._raw[at : span.start]))
            if span.start >= at or not self._shown_masked:
                out.append(self._placeholders.of(span.secret))
            at = span.end
        out.append(bytes(self._raw[at:]))
        return b"".join(out)

    def _settled(self, text: bytes) -> bytes:
        """Return masked lines as a second redaction would leave them."""
        return b"\n".join(self._settled_line(line) for line in text.split(b"\n"))

    def _settled_line(self, line: bytes) -> bytes:
        for _ in range(_LOOKS):
            spans = merged(rules.find(line.rstrip(b"\r")))
            if not spans:
                break
            for span in reversed(spans):
                line = line[: span.start] + self._placeholders.of(span.secret) + line[span.end :]
        return line


def redact_bytes(
    data: bytes,
    secrets: Iterable[str | bytes] = (),
    *,
    placeholders: Placeholders | None = None,
) -> bytes:
    """Return a whole file redacted, for instance a pasted one."""
    redactor = Redactor(secrets, placeholders=placeholders)
    return redactor.feed(data) + redactor.flush()
