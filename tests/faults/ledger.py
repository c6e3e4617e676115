"""Account for every byte: what the headend sent, redacted, is what the record holds, to the cut."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headend.redact import Placeholders, redact_bytes


def complete(sent: bytes) -> bytes:
    """Return the lines that a headend sent before the one in which it stands still.

    That last line, with or without its end, is the prompt and the echo of what was typed.
    """
    head, _, last = sent.rpartition(b"\n")
    return sent[: head.rfind(b"\n") + 1] if not last else head + b"\n"


def missing(
    record: bytes, sessions: Sequence[bytes], needed: Sequence[bytes], secrets: Sequence[str]
) -> str:
    """Return what ``record`` lacks or has too much, in words; nothing when every byte is there.

    ``sessions`` is what the headend sent to each session, in order. The record must hold a
    beginning of each, one after the other, and of those in ``needed`` at least that much.
    """
    names = Placeholders()
    rest = record
    for number, sent in enumerate(sessions):
        whole = redact_bytes(sent, secrets, placeholders=names)
        least = needed[number] if number < len(needed) else b""
        floor = len(redact_bytes(least, secrets, placeholders=names))
        kept = _agreeing(whole, rest)
        if kept < floor:
            return (
                f"session {number + 1}: {kept} of {floor} bytes are in the record; then "
                f"{whole[kept : kept + 60]!r} was sent and {rest[kept : kept + 60]!r} is there"
            )
        rest = _GAP.sub(b"", rest[kept:])
    return f"nobody sent {rest[:80]!r}" if rest else ""


def _agreeing(one: bytes, other: bytes) -> int:
    length = min(len(one), len(other))
    return next((at for at in range(length) if one[at] != other[at]), length)


# Where a session was lost, the record says so itself.
_GAP = re.compile(rb"\A(?:\r\n)?headend: gap: [^\n]*\n")
