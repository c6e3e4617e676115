"""Ask headends and files who fails, and judge whether one reason meets more than one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nornir.core import Nornir

from headend.device import tasks
from headend.device.credentials import VAULT
from headend.diagnosis import Diagnoser
from headend.diagnosis.outbreak import Outbreak, Verdict
from headend.diagnosis.standing import SERVERS, SESSIONS, servers, sessions
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
from headend.model.diagnosis import Cause
from headend.model.line import Line
from headend.redact import redact_bytes
from headend.workflow.offline import diagnose_files

LOGGING = "show logging"
COMMANDS = (LOGGING, SERVERS, SESSIONS)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one headend gave: how much was read of its log, its sessions, the server's state."""

    headend: str
    lines: int = 0
    size: int = 0
    sessions: int = 0
    servers: tuple[tuple[str, str], ...] = ()
    error: HeadendError | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason that is looked for, and whose ticket it is; ``None``: the widest one."""

    cause: Cause | None = None
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Surveyed:
    """The verdict, what it rests on, and every cause with its failures and users."""

    verdict: Verdict
    attempts: int
    causes: tuple[tuple[Cause, int, int], ...]
    asked: tuple[Asked, ...]
    read: tuple[tuple[str, int], ...]


def reason_of(incident: Incident) -> Reason:
    """Return the cause and the user of an incident; raise InputError where it has no diagnosis."""
    report = read_report(incident.path / "diagnosis.json")
    if report is None or not report.attempts:
        raise InputError(
            f"Incident {incident.id} has no diagnosis to compare others with",
            remedy="Name the reason with --cause",
        )
    user = incident.record["user"]
    first = report.attempts[0]
    return Reason(first.causes[0].cause, user or first.user)


def survey(chosen: Nornir | None, files: Sequence[str], reason: Reason, words: Words) -> Surveyed:
    """Ask the ``chosen`` headends, read the files, and count; nothing is kept of a login."""
    outbreak = Outbreak()
    asked = _ask(chosen, outbreak, words) if chosen is not None else ()
    read: tuple[tuple[str, int], ...] = ()
    if files:
        report = diagnose_files(files, VAULT.known(), on_final=outbreak.add, words=words)
        read = tuple((source.name, source.lines) for source in report.sources)
    verdict = outbreak.verdict(reason.cause, reason.user)
    return Surveyed(verdict, outbreak.attempts, tuple(outbreak.causes()), asked, read)


def status_of(found: Surveyed) -> int:
    """Return the exit status: 12 to 14 for headends that failed, 10 or 11 for no answer."""
    errors = [each.error for each in found.asked if each.error]
    if any(isinstance(error, Refused) for error in errors):
        return Refused.status
    if errors and len(errors) == len(found.asked) and not found.read:
        return LoginError.status
    if errors:
        return PARTIAL
    if not found.attempts:
        return NO_ATTEMPT
    return INCONCLUSIVE if found.verdict.cause is Cause.UNKNOWN else 0


def _ask(chosen: Nornir, outbreak: Outbreak, words: Words) -> tuple[Asked, ...]:
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
            found.append(_read(name, vars(multi[0])["replies"], diagnoser))
    diagnoser.finish()
    return tuple(found)


def _read(name: str, replies: dict[str, str], diagnoser: Diagnoser) -> Asked:
    log = redact_bytes(replies[LOGGING].encode("utf-8", "replace"), VAULT.known()).decode()
    lines = log.split("\n")
    for line in _numbered(name, lines):
        diagnoser.take(line)
    return Asked(name, len(lines), len(log), sessions(replies[SESSIONS]), servers(replies[SERVERS]))


def _numbered(name: str, lines: Iterable[str]) -> Iterable[Line]:
    for number, text in enumerate(lines, 1):
        yield Line(f"{name} {LOGGING}", number, text.rstrip("\r"), name)
