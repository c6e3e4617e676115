"""Ask headends and files who fails, and judge whether one reason meets more than one person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from headend.diagnosis import Diagnoser
from headend.diagnosis.outbreak import Outbreak
from headend.diagnosis.outbreak_verdict import outages, told_of, verdict
from headend.diagnosis.outbreak_words import counted, sentence
from headend.diagnosis.standing import SERVERS, SESSIONS, Standing, standing
from headend.diagnosis.words import Words
from headend.errors import (
    INCONCLUSIVE,
    NO_ATTEMPT,
    PARTIAL,
    HeadendError,
    InputError,
    LoginError,
    Refused,
)
from headend.incident.incident import Incident
from headend.incident.stored import read_report
from headend.incident.verdict import attempt_of
from headend.model.diagnosis import Cause, Diagnosis
from headend.model.line import Line
from headend.model.outbreak import Outage, Ticket, Verdict
from headend.redact import redact_bytes
from headend.workflow.offline import diagnose_files

if TYPE_CHECKING:
    from nornir.core import Nornir

LOGGING = "show logging"
# More than these an engineer does not read, nor a script.
_OUTAGES = 100
COMMANDS = (LOGGING, SERVERS, SESSIONS)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one headend gave: how much was read of its log, and how it stands now."""

    headend: str
    lines: int = 0
    size: int = 0
    standing: Standing | None = None
    error: HeadendError | None = None


@dataclass(frozen=True, slots=True)
class Surveyed:
    """The verdict, what it rests on, and every cause with its failures and users.

    ``outages`` tells when servers were silent, the newest first. ``doubts`` say in words what
    makes times, names or counts less exact.
    """

    verdict: Verdict
    sentence: str
    ticket: Ticket
    outages: tuple[Outage, ...]
    attempts: int
    unclear: int
    causes: tuple[tuple[Cause, int, int], ...]
    asked: tuple[Asked, ...]
    read: tuple[tuple[str, int], ...]
    doubts: tuple[str, ...]


def ticket_of(incident: Incident) -> Ticket:
    """Return what an incident is about; raise InputError where it has no diagnosis."""
    report = read_report(incident.path / "diagnosis.json")
    user = incident.record["user"]
    attempt = attempt_of(report, user) if report is not None else None
    if attempt is None:
        raise InputError(
            f"Incident {incident.id} has no diagnosis to compare others with",
            remedy="Name the reason with --cause",
        )
    return Ticket(
        attempt.causes[0].cause, user or attempt.user, _second(attempt), attempt.tunnel_group
    )


def survey(chosen: Nornir | None, files: Sequence[str], ticket: Ticket, words: Words) -> Surveyed:
    """Ask the ``chosen`` headends, read the files, and count; nothing is kept of a login.

    A ticket without a cause is that of the user's newest failed login.
    """
    outbreak = Outbreak(ticket.user if ticket.cause is None else None, _dated)
    asked = _ask(chosen, outbreak, words) if chosen is not None else ()
    read: tuple[tuple[str, int], ...] = ()
    if files:
        report = diagnose_files(files, on_final=outbreak.add, words=words)
        read = tuple((source.name, source.lines) for source in report.sources)
    if outbreak.ticket is not None:
        ticket = replace(outbreak.ticket, group=ticket.group or outbreak.ticket.group)
    waves = outages(outbreak)
    standings = [each.standing for each in asked if each.standing is not None]
    told = verdict(outbreak, ticket, standings, waves)
    doubts = list(_doubts(outbreak))
    if asked and read:
        doubts.append("a login that a file and a headend's own log both tell of is counted twice")
    return Surveyed(
        told, sentence(told, ticket.user), ticket,
        tuple(told_of(outbreak, wave) for wave in waves[:_OUTAGES]),
        outbreak.attempts, outbreak.unclear, tuple(outbreak.causes()), asked, read, tuple(doubts),
    )  # fmt: skip


def status_of(found: Surveyed) -> int:
    """Return the exit status: 12 to 14 for headends that failed, 10 or 11 for no answer."""
    errors = [each.error for each in found.asked if each.error]
    if any(isinstance(error, Refused) for error in errors):
        return Refused.status
    if errors and len(errors) == len(found.asked) and not found.read:
        return LoginError.status
    if errors:
        return PARTIAL
    if not found.attempts or (found.ticket.user and found.verdict.cause is None):
        return NO_ATTEMPT
    return INCONCLUSIVE if found.verdict.cause is Cause.UNKNOWN else 0


def _second(attempt: Diagnosis) -> int | None:
    if attempt.started is None:
        return None
    started = datetime.fromisoformat(attempt.started)
    return int((started if started.tzinfo else started.replace(tzinfo=UTC)).timestamp())


def _dated(source: str | None) -> datetime:
    """Return when a file was written last, or now."""
    try:
        return datetime.fromtimestamp(Path(source or "").stat().st_mtime, UTC)
    except (OSError, ValueError):
        return datetime.now(UTC)


def _doubts(outbreak: Outbreak) -> Iterator[str]:
    yield from outbreak.bounds()
    if outbreak.yearless:
        yield f"{counted(outbreak.yearless, 'login')} without a year: that of the file is taken"
    if outbreak.hidden:
        logins = counted(outbreak.hidden, "failed login")
        yield f"{logins} of hidden names (no logging hide username would show them)"
    if outbreak.nameless:
        logins = counted(outbreak.nameless, "login")
        yield f"{logins} without a headend's name: the file stands for it"
    if outbreak.timeless:
        yield f"{counted(outbreak.timeless, 'login')} without a time: in the totals, on no day"
    if outbreak.unclear:
        logins = counted(outbreak.unclear, "login")
        yield f"{logins} of which no line tells the end: not counted as failed"


def _ask(chosen: Nornir, outbreak: Outbreak, words: Words) -> tuple[Asked, ...]:
    # Files alone are read without what a session takes: half the memory, and no wait for it.
    from headend.device import tasks  # noqa: PLC0415
    from headend.device.credentials import VAULT  # noqa: PLC0415

    with chosen:
        results = chosen.run(task=tasks.snapshot, commands=COMMANDS)
        chosen.close_connections(on_failed=True)
    found = []
    diagnoser = Diagnoser(on_final=outbreak.add, words=words)
    for name, multi in results.items():
        if isinstance(multi.exception, HeadendError):
            found.append(Asked(name, error=multi.exception))
        elif multi.exception:
            raise multi.exception
        else:
            found.append(_read(name, vars(multi[0])["replies"], diagnoser, VAULT.known()))
    diagnoser.finish()
    return tuple(found)


def _read(
    name: str, replies: dict[str, str], diagnoser: Diagnoser, secrets: Sequence[str]
) -> Asked:
    log = redact_bytes(replies[LOGGING].encode("utf-8", "replace"), secrets).decode()
    lines = log.split("\n")
    for line in _numbered(name, lines):
        diagnoser.take(line)
    stands = standing(name, replies[SERVERS], replies[SESSIONS])
    return Asked(name, len(lines), len(log), stands)


def _numbered(name: str, lines: Iterable[str]) -> Iterable[Line]:
    for number, text in enumerate(lines, 1):
        yield Line(f"{name} {LOGGING}", number, text.rstrip("\r"), name)
