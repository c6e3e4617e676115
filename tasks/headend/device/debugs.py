"""Arm debugs in one session and take them off again, with the headend's own word for it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from headend.device.session import AsaSession
from headend.errors import CaptureRefused, DebugNotOff
from headend.parse import show

# Always armed, and first: the debug this product is named for.
ALWAYS = ("debug aaa authentication", "debug aaa common 255")
_BY_PROTOCOL = {"radius": "debug radius all", "ldap": "debug ldap 255"}
_OFF = "undebug all"
_QUIET = 0.3  # a stream that pauses this long (seconds) after "undebug all" has ended
_OFF_WAIT = 5.0


@dataclass(frozen=True, slots=True)
class Armed:
    """The debugs that are on, and those that the headend would not take, with its words."""

    debugs: tuple[str, ...]
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What ``show debug`` said after ``undebug all``: nothing left, or what still runs."""

    remaining: tuple[str, ...]

    @property
    def off(self) -> bool:
        """Whether nothing is left."""
        return not self.remaining


def wanted(protocols: Iterable[str]) -> tuple[str, ...]:
    """Return the debug commands for a headend whose server groups speak ``protocols``."""
    spoken = set(protocols)
    return ALWAYS + tuple(command for name, command in _BY_PROTOCOL.items() if name in spoken)


def arm(session: AsaSession, debugs: Sequence[str]) -> Armed:
    """Switch the debugs on, in one write; ``armed`` is the bracket that switches them off again.

    Silence is success. Raises ``CaptureRefused`` when the first one is refused or when the headend
    says that its debug goes to syslog.
    """
    on: list[str] = []
    refused: list[tuple[str, str]] = []
    for command, reply in zip(debugs, session.ask_all(debugs), strict=True):
        complaint = _complaint(reply)
        if complaint:
            refused.append((command, complaint))
        else:
            on.append(command)
        if "debug-trace" in reply:
            raise CaptureRefused(
                f"{session.where} sends its debug to syslog ('logging debug-trace'), so a session "
                "sees none of it",
                remedy="Take the %ASA-7-711001 lines from its syslog: headend diagnose FILE",
            )
    if refused and refused[0][0] == debugs[0]:
        raise CaptureRefused(
            f"{session.where} refused {debugs[0]!r}: {refused[0][1]}",
            remedy="Debug needs privilege 15, or a command set that allows it",
        )
    return Armed(tuple(on), tuple(refused))


def disarm(session: AsaSession) -> ReadBack:
    """Switch every debug of this session off and read back that it is off.

    Debug is per session, so another engineer's is untouched, and unseen from here (Cisco,
    "Differences between logs and debugs on ASA"). Raises ``DebugNotOff``, ``SessionLost``.
    """
    session.drain()
    session.write_channel(f"{_OFF}\n")
    # In the middle of a flood no prompt stands alone: what tells is that the stream ends.
    began = quiet_since = time.monotonic()
    text = ""
    while time.monotonic() - began < _OFF_WAIT:
        arrived = session.receive(0.05)
        text = (text + arrived)[-4096:]
        now = time.monotonic()
        if arrived:
            quiet_since = now
        if _at_prompt(session, text) or (_OFF in text and now - quiet_since > _QUIET):
            break
    reply = session.reply_to("show debug")
    complaint = _complaint(reply)
    if complaint:
        raise DebugNotOff(
            f"{session.where} would not say whether debug is off: {complaint}",
            remedy="Our session is closed now, and its debug with it; look yourself: show debug",
        )
    rows = show.rows("show debug", reply)
    remaining = tuple(row["debug"] for row in rows if row.get("debug"))
    if remaining:
        raise DebugNotOff(
            f"{session.where} still lists {', '.join(remaining)} after {_OFF!r}",
            remedy="Log in and type undebug all yourself; our session is closed now",
        )
    return ReadBack(remaining)


@contextmanager
def armed(session: AsaSession, debugs: Sequence[str]) -> Iterator[Armed]:
    """Hold the debugs for the length of the block; they are off when it ends, however it ends.

    Raises what ``arm`` and ``disarm`` raise; an error of the block itself is not hidden by them.
    """
    try:
        yield arm(session, debugs)
    finally:
        disarm(session)


def _complaint(reply: str) -> str:
    """Return the headend's refusal, or nothing: debug lines of a login may stand in the reply."""
    found = re.search(r"^(?:ERROR: .*|.*[Aa]uthorization failed.*|% .*)$", reply, re.MULTILINE)
    return found[0].strip() if found else ""


def _at_prompt(session: AsaSession, text: str) -> bool:
    echo, found, after = text.replace("\r", "\n").rpartition(_OFF)
    del echo
    return bool(found) and after.strip().startswith(session.prompt.hostname)
