"""Arm debugs in one session and take them off again, with the headend's own word for it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from headend.device.debug_set import Debug, DebugSet
from headend.device.session import AsaSession
from headend.errors import CaptureRefused, DebugNotOff, HeadendError, SessionLost
from headend.parse import show

OFF = "undebug all"
_SHOW_CONDITION = "show webvpn debug-condition"
RESET = "debug webvpn condition reset"
PROOF = "show debug lists nothing"
# What "show webvpn debug-condition" says when none is set, and where a release lacks the command.
_NO_CONDITION = re.compile(r"turned OFF|^\s*\^?\s*$|^ERROR: % ?Invalid input", re.IGNORECASE)
_QUIET = 0.3  # a stream that pauses this long (seconds) after "undebug all" has ended
_OFF_WAIT = 5.0


@dataclass(frozen=True, slots=True)
class Armed:
    """What is on, and what the headend would not take, with its words."""

    debugs: tuple[str, ...]
    refused: tuple[tuple[str, str], ...] = ()
    condition: str | None = None


def arm(session: AsaSession, wanted: DebugSet) -> Armed:
    """Switch the debugs on, in one write; ``armed`` is the bracket that switches them off again.

    Silence is success. A debug that is refused is tried in its next spelling. Raises
    ``CaptureRefused`` when the first one is refused or when the headend says that its debug goes
    to syslog.
    """
    on: list[str] = []
    refused: list[tuple[str, str]] = []
    if wanted.condition:
        # Before the debugs: without it they print everybody's lines.
        session.condition = wanted.condition
        complaint = _complaint(session.ask(wanted.condition))
        if complaint:
            session.condition = None
            refused.append((wanted.condition, complaint))
    trying = wanted.debugs
    while trying:
        replies = session.ask_all([debug[0] for debug in trying])
        spelt_otherwise: list[Debug] = []
        for debug, reply in zip(trying, replies, strict=True):
            complaint = _complaint(reply)
            if "debug-trace" in reply:
                raise CaptureRefused(
                    f"{session.where} sends its debug to syslog ('logging debug-trace'), so a "
                    "session sees none of it",
                    remedy="Take the %ASA-7-711001 lines from its syslog: headend diagnose FILE",
                )
            if not complaint:
                on.append(debug[0])
            elif len(debug) > 1:
                spelt_otherwise.append(debug[1:])
            else:
                refused.append((debug[0], complaint))
        trying = tuple(spelt_otherwise)
    first = wanted.debugs[0][0]
    if first not in on:
        raise CaptureRefused(
            f"{session.where} refused {first!r}: {dict(refused)[first]}",
            remedy="Debug needs privilege 15, or a command set that allows it",
        )
    return Armed(tuple(on), tuple(refused), session.condition)


def disarm(session: AsaSession) -> str:
    """Switch off what this session armed, and return the headend's proof that it is off.

    Debug is per session, so another engineer's is untouched, and unseen from here (Cisco,
    "Differences between logs and debugs on ASA"). Raises ``DebugNotOff``, ``SessionLost``.
    """
    try:
        return _off(session)
    except (DebugNotOff, SessionLost):
        raise
    except HeadendError:
        # The record failed, which a tape says once: whether debug is off is still to be asked.
        _off(session)
        raise


def _off(session: AsaSession) -> str:
    session.write_channel(f"{OFF}\n")
    # In the middle of a flood no prompt stands alone: what tells is that the stream ends.
    began = quiet_since = time.monotonic()
    text = ""
    while time.monotonic() - began < _OFF_WAIT:
        arrived = session.receive(0.05)
        text = (text + arrived)[-4096:]
        now = time.monotonic()
        if arrived:
            quiet_since = now
        if _at_prompt(session, text) or (OFF in text and now - quiet_since > _QUIET):
            break
    reply = session.reply_to("show debug")
    complaint = _complaint(reply)
    if complaint:
        raise DebugNotOff(
            f"{session.where} would not say whether debug is off: {complaint}",
            remedy="Our session is closed now, and its debug with it; look yourself: show debug",
        )
    rows = show.rows("show debug", reply)
    remaining = [row["debug"] for row in rows if row.get("debug")]
    if remaining:
        raise DebugNotOff(
            f"{session.where} still lists {', '.join(remaining)} after {OFF!r}",
            remedy="Log in and type undebug all yourself; our session is closed now",
        )
    condition = session.condition
    if condition:
        reset(session)
    return proof(condition)


def proof(condition: str | None) -> str:
    """Return in words what ``disarm`` has read back."""
    return f"{PROOF}, and {_SHOW_CONDITION} no condition" if condition else PROOF


def reset(session: AsaSession) -> None:
    """Take back the WebVPN debug condition that was set; ``DebugNotOff`` where one is left."""
    reply = session.ask_all([RESET, _SHOW_CONDITION])[1]
    left = conditions_in(reply)
    if left:
        raise DebugNotOff(
            f"{session.where} still has the debug condition {'; '.join(left)}",
            remedy=f"It hides other users' debug: log in and type {RESET}",
        )
    session.condition = None


def conditions_in(reply: str) -> list[str]:
    """Return the conditions in the reply of a ``show ... debug-condition``."""
    return [
        line.strip()
        for line in reply.splitlines()
        if line.strip() and not _NO_CONDITION.search(line)
    ]


@contextmanager
def armed(session: AsaSession, wanted: DebugSet) -> Iterator[Armed]:
    """Hold the debugs for the length of the block; they are off when it ends, however it ends.

    Raises what ``arm`` and ``disarm`` raise; an error of the block itself is not hidden by them.
    """
    try:
        yield arm(session, wanted)
    except SessionLost:
        raise  # nothing can be typed any more: its end has to be proved from another session
    except BaseException:
        disarm(session)
        raise
    disarm(session)


def _complaint(reply: str) -> str:
    """Return the headend's refusal, or nothing: debug lines of a login may stand in the reply."""
    found = re.search(r"^(?:ERROR: .*|.*[Aa]uthorization failed.*|% .*)$", reply, re.MULTILINE)
    return found[0].strip() if found else ""


def _at_prompt(session: AsaSession, text: str) -> bool:
    _, found, after = text.replace("\r", "\n").rpartition(OFF)
    return bool(found) and after.strip().startswith(session.prompt.hostname)
