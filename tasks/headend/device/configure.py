"""Type approved lines on a headend, one at a time, each with its judged reply."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from headend.device.session import AsaSession
from headend.errors import Refused, SessionLost
from headend.model.change import LineClass, PlannedLine
from headend.parse.reply import Judgement, Verdict, judged

CONFIGURE = "configure terminal"
END = "end"
SAVE = "write memory"
RUNNING = "show running-config"
STARTUP = "show startup-config"
CHECKSUM = "show checksum"
_CURRENT = f"{RUNNING} | include Cryptochecksum"
COMMANDS = (RUNNING, STARTUP, CHECKSUM)
TYPING = "typing"  # the journal's state of a line whose reply is not there yet
# "Y" would write call-home into the configuration, "N" is an answer for ever (UNICON answers A).
_LATER = "A"
_STANDBY = re.compile(r"\*+ WARNING \*+")
_IN_MODE = re.compile(r"\(config[\w-]*\)# ?")
_AT_PROMPT = re.compile(r"\n[^\r\n]{0,200}[>#] ?(?:[\r\n]|$)")
_ENTER_WAIT = 15.0
_QUESTION = re.compile(r"\[A\]sk later:\s*$")
_ASKED_WAIT = 0.5  # seconds after the prompt in which the question comes, if it comes
_CONFIGURATION_WAIT = 60.0
_CHECKSUM = re.compile(r"^Cryptochecksum:\s*([0-9a-f ]+)", re.MULTILINE)
# What differs between two readings of the same configuration.
_PASSING = re.compile(r"^(?::.*|! ?\S.*|Cryptochecksum:.*)$\n?", re.MULTILINE)

# Given each entry of the journal; it is on the disk when this returns.
Note = Callable[[Mapping[str, Any]], None]


def may_type(lines: Iterable[PlannedLine]) -> frozenset[str]:
    """Return all that a session must be approved for to type ``lines``."""
    return frozenset({CONFIGURE, END, _LATER, *(line.text.strip() for line in lines)})


def running(session: AsaSession) -> str:
    """Return the running configuration, secrets masked as the headend prints them.

    Raises ``Refused`` where its end is not there: what is missing would read as not configured.
    """
    text = session.ask(RUNNING, _CONFIGURATION_WAIT)
    if not _CHECKSUM.search(text):
        raise Refused(
            f"{session.where} did not print its whole configuration",
            remedy=f"The account needs {RUNNING!r}: headend preflight --print-privileges",
        )
    return text


def saved(session: AsaSession) -> str | None:
    """Return the saved configuration, ``None`` where the headend did not print a whole one."""
    text = session.ask(STARTUP, _CONFIGURATION_WAIT)
    return text if _CHECKSUM.search(text) else None


def steady(configuration: str) -> str:
    """Return a configuration's text without what differs between two readings of the same."""
    return _PASSING.sub("", configuration).strip("\n") + "\n"


def unsaved(session: AsaSession, configuration: str) -> bool | None:
    """Return whether the running configuration differs from the saved one; ``None``: unknown.

    ``show checksum`` is only renewed when the configuration is saved, the last line of ``show
    running-config`` is current (asa-facts, 5.2).
    """
    current = _CHECKSUM.search(configuration)
    saved = _CHECKSUM.search(session.ask(CHECKSUM))
    if current is None or saved is None:
        return None
    # The one is printed whole, the other in four words.
    return current[1].replace(" ", "") != saved[1].replace(" ", "")


def type_lines(
    session: AsaSession, lines: Sequence[PlannedLine], note: Note, phase: str, rests_on: str = ""
) -> Judgement:
    """Type ``lines`` in order; stop at the first that the headend refuses, and return its verdict.

    ``note`` is given each line before it is typed and each verdict after it. Raises ``Refused``,
    with nothing typed, where the configuration is not ``rests_on`` any more; ``SessionLost`` where
    the session ends: what became of the line then is for a new session to see.
    """
    worst = Judgement(Verdict.ACCEPTED)
    for line_class, group in _grouped(lines):
        with _mode(session, line_class):
            if rests_on:
                _require_unmoved(session, rests_on)
                rests_on = ""
            for number, line in group:
                entry = {"phase": phase, "n": number, "line": line.text}
                note({**entry, "at": time.time(), "state": TYPING})
                judgement = judged(session.ask(line.text.strip()))
                note(
                    {
                        **entry,
                        "at": time.time(),
                        "state": judgement.verdict,
                        "reply": judgement.words,
                    }
                )
                if not judgement.goes_on:
                    return judgement
                if judgement.verdict is not Verdict.ACCEPTED:
                    worst = judgement
    return worst


def _require_unmoved(session: AsaSession, configuration: str) -> None:
    now = session.ask(_CURRENT, _CONFIGURATION_WAIT)
    if not _CHECKSUM.search(now):
        now = running(session)
    was, current = (_CHECKSUM.search(text) for text in (configuration, now))
    if was is None or current is None or was[1] != current[1]:
        raise Refused(
            f"The configuration of {session.where} moved since it was read, just before the first "
            "line: somebody else is configuring it now",
            remedy="Wait until they are done; then apply again: it is compared anew",
        )


def save(session: AsaSession) -> str:
    """Write the running configuration to flash; return the complaint, empty where ``[OK]`` came."""
    reply = session.ask(SAVE, _CONFIGURATION_WAIT)
    if re.search(r"^\[OK\]\s*$", reply, re.MULTILINE):
        return ""
    return reply.strip() or "it said nothing"


def _grouped(
    lines: Sequence[PlannedLine],
) -> Iterator[tuple[LineClass, list[tuple[int, PlannedLine]]]]:
    """Yield runs of lines of one class, each line with its number from 1."""
    run: list[tuple[int, PlannedLine]] = []
    for number, line in enumerate(lines, 1):
        if run and run[-1][1].line_class is not line.line_class:
            yield run[0][1].line_class, run
            run = []
        run.append((number, line))
    if run:
        yield run[0][1].line_class, run


@contextmanager
def _mode(session: AsaSession, line_class: LineClass) -> Iterator[None]:
    """Be in configuration mode for configuration lines, and out of it again, whatever happens.

    Nobody may sit there: a standby unit reloads when its peer holds the lock too long (105021).
    """
    if line_class is not LineClass.CONFIGURATION:
        yield
        return
    try:
        _enter(session)
        yield
    finally:
        # A lost session has left the mode with its end.
        with suppress(SessionLost):
            session.ask(END)


def _enter(session: AsaSession) -> None:
    """Enter configuration mode; the question about anonymous reporting, if it comes, waits.

    It comes behind the prompt, and a line typed into it would be lost or change something. Raises
    ``Refused`` on a standby unit, whose banner comes here, and where the mode is not entered.
    """
    session.drain()
    session.write_channel(f"{CONFIGURE}\n")
    text = session.read_until(_AT_PROMPT.search, _ENTER_WAIT)
    quiet = time.monotonic() + _ASKED_WAIT
    while (left := quiet - time.monotonic()) > 0 and not _QUESTION.search(text):
        arrived = session.receive(left)
        text += arrived
        if arrived:
            quiet = time.monotonic() + _ASKED_WAIT
    if _QUESTION.search(text):
        session.ask(_LATER)
    if _STANDBY.search(text) or not _IN_MODE.search(text):
        said = " ".join(text.partition("\n")[2].split())[:200]
        raise Refused(
            f"{session.where} does not take configuration: {said}",
            remedy="Configure the active unit, with an account that may",
        )
