"""What the user's client wrote, added to an incident: read safely, redacted, diagnosed anew.

One file may be refused and the others are still taken: an engineer who waits for the logs of one
user has no use for "no" where nine of ten files are good. Each is read in portions.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

from headend.device.credentials import VAULT
from headend.diagnosis import Diagnoser
from headend.diagnosis.words import Words
from headend.errors import InputError, MemberRefused, Refused
from headend.incident.capture import LOG
from headend.incident.excerpt import CLIENT, lines_of
from headend.incident.incident import Incident
from headend.incident.lease import still_runs
from headend.incident.naming import folder_name
from headend.incident.private import FILE_MODE, make_directory, recording
from headend.incident.record import stamp
from headend.model.diagnosis import Diagnosis, Report
from headend.model.event import Event
from headend.redact import Placeholders, Redactor
from headend.workflow.anew import diagnosed_anew
from headend.workflow.archive import Member, archive_kind, log_head, log_portions, members
from headend.workflow.client_text import text_of
from headend.workflow.selection import Selection

_PORTION = 2000
_SPOOL = ".client-"
_PLACEHOLDER = re.compile(rb"<secret-(\d{1,9})>")


@dataclass(frozen=True, slots=True)
class Kept:
    """A log that tells of the client: its name in the incident, and what was read of it."""

    name: str
    came_from: str
    lines: int
    messages: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file of which nothing was kept, and why."""

    came_from: str
    why: str


@dataclass(frozen=True, slots=True)
class Added:
    """What adding some files came to; ``chosen`` are the attempts of the incident's user.

    What was ``left_out`` tells nothing; what was ``refused`` breaks a rule.
    """

    kept: tuple[Kept, ...]
    left_out: tuple[LeftOut, ...]
    refused: tuple[LeftOut, ...]
    report: Report
    chosen: tuple[Diagnosis, ...]


def add_client_logs(incident: Incident, files: Iterable[Path], words: Words) -> Added:
    """Keep what ``files`` tell of the client, and diagnose the incident again with it.

    A file is a log as text in any usual encoding, a Windows event log, or a zip of such. Nothing
    joins the incident before all of them were read. Raises ``InputError`` for a file that breaks
    a rule, an archive that was made to do harm, or where no file tells anything, ``Refused``
    while the incident is still being captured.
    """
    _refuse_while_captured(incident)
    with _spool(incident) as folder:
        gathering = _Gathering(incident, folder)
        for came_from, member in _members(files):
            gathering.take(came_from, member)
        if not gathering.kept:
            why = [f"{each.came_from}: {each.why}" for each in gathering.refused]
            why += [f"{each.came_from}: {each.why}" for each in gathering.left_out]
            raise InputError(
                f"Nothing was added to {incident.id}: {'; '.join(why[:5]) or 'no file is in it'}",
                remedy="Add the message history, the event log or the Diagnostics (DART) bundle",
            )
        gathering.move_in()
    return _noted(incident, gathering, diagnosed_anew(incident, words))


def _refuse_while_captured(incident: Incident) -> None:
    record = incident.record
    process = record.get("process") or {}
    running = record.get("ending") is None and process.get("started")
    if running and still_runs(int(process.get("pid", 0)), str(process["started"])):
        raise Refused(
            f"{incident.id} is still being captured", remedy="Add the logs when it has ended"
        )


def _members(files: Iterable[Path]) -> Iterator[tuple[str, Member]]:
    for path in files:
        kind = archive_kind(log_head(path))
        if kind == "zip":
            for member in members(path):
                yield f"{path.name}: {member.name}", member
        elif kind is not None:
            raise InputError(
                f"{path} is a {kind} archive, and of archives only zip is read",
                remedy="Unpack it by hand and add the logs in it",
            )
        else:
            yield path.name, Member(path.name, log_portions(path))


@contextlib.contextmanager
def _spool(incident: Incident) -> Iterator[Path]:
    """Make a folder beside the logs of the incident, for what is not known to be good yet."""
    with recording(incident.path):
        folder = Path(tempfile.mkdtemp(prefix=_SPOOL, dir=incident.path))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Gathering:
    """Files read one after the other: what is kept of them, redacted, and what is not and why."""

    def __init__(self, incident: Incident, folder: Path) -> None:
        self.kept: list[Kept] = []
        self.left_out: list[LeftOut] = []
        self.refused: list[LeftOut] = []
        self._incident = incident
        self._folder = folder
        self._spooled: list[Path] = []
        known = incident.record.get("client", ())
        self._known = {each["sha256"]: each["name"] for each in known}
        self._digests = {name: digest for digest, name in self._known.items()}
        self._taken = {each["name"].casefold() for each in known}
        self._placeholders = Placeholders(after=_highest_placeholder(incident))

    def take(self, came_from: str, member: Member) -> None:
        """Read a file, and keep it if it tells of the client."""
        path = self._folder / f".{len(self.kept)}"
        try:
            why = self._read(came_from, member, path)
        except MemberRefused as refused:
            path.unlink(missing_ok=True)
            self.refused.append(LeftOut(came_from, refused.message))
            return
        if why is not None:
            path.unlink(missing_ok=True)
            self.left_out.append(LeftOut(came_from, why))

    def _read(self, came_from: str, member: Member, path: Path) -> str | None:
        """Keep a file, or return why not."""
        text = text_of(member.portions)
        if text is None:
            return "no text"
        digest = self._redacted(text, path)
        lines, messages = _told(path)
        if not messages:
            return "nothing in it tells of a login"
        if digest in self._known:
            return f"the same text as {self._known[digest]}"
        name = _free_name(member.name, self._taken)
        self._known[digest], self._digests[name] = name, digest
        self.kept.append(Kept(name, came_from, lines, messages))
        self._spooled.append(path)
        return None

    def _redacted(self, text: Iterator[str], path: Path) -> str:
        """Write a text without its secrets; return the digest of the text as it came."""
        redactor = Redactor(VAULT.known(), placeholders=self._placeholders)
        digest = hashlib.sha256()
        with recording(path), path.open("xb") as file:
            path.chmod(FILE_MODE)
            for portion in text:
                data = portion.encode("utf-8", "backslashreplace")
                digest.update(data)
                file.write(redactor.feed(data))
            file.write(redactor.flush())
            file.flush()
            os.fsync(file.fileno())
        return digest.hexdigest()

    def move_in(self) -> None:
        """Let what was kept join the incident."""
        folder = make_directory(self._incident.path / CLIENT)
        with recording(folder):
            for each, path in zip(self.kept, self._spooled, strict=True):
                path.replace(folder / folder_name(each.name))
        with self._incident.together() as record:
            record.setdefault("client", []).extend(
                {
                    "name": each.name,
                    "from": each.came_from,
                    "lines": each.lines,
                    "messages": each.messages,
                    "added": stamp(time.time()),
                    # Of the text as it came: the same file is known again, whatever was redacted.
                    "sha256": self._digests[each.name],
                }
                for each in self.kept
            )


def _told(path: Path) -> tuple[int, int]:
    """Return how many lines a text has, and how many messages of a client it holds."""
    messages = 0

    def on_event(event: Event) -> None:
        nonlocal messages
        messages += event.facility == CLIENT

    diagnoser = Diagnoser(on_event=on_event, on_final=lambda _: None)
    lines, numbers, read = iter(lines_of(path)), count(1), 0
    while portion := list(islice(lines, _PORTION)):
        diagnoser.read(CLIENT, portion, numbers)
        read += len(portion)
    diagnoser.finish()
    return read, messages


def _free_name(member: str, taken: set[str]) -> str:
    """Return the last part of a member's path, told apart from those that are there already."""
    whole = member.rpartition("/")[2]
    stem, dot, suffix = whole.rpartition(".")
    name, number = whole, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem or suffix}-{number}{dot + suffix if stem else ''}"
    taken.add(name.casefold())
    return name


def _highest_placeholder(incident: Incident) -> int:
    highest = 0
    for path in incident.files:
        if path.name == LOG or path.parts[0] == CLIENT or path.parent.name == "show":
            with (incident.path / path).open("rb") as file:
                for line in file:
                    highest = max([highest, *map(int, _PLACEHOLDER.findall(line))])
    return highest


def _noted(incident: Incident, gathered: _Gathering, report: Report) -> Added:
    takes = Selection(incident.record["user"]).takes
    chosen = tuple(each for each in report.attempts if takes(each))
    details: dict[str, Any] = {
        "files": [each.name for each in gathered.kept],
        "left_out": len(gathered.left_out),
        "refused": [f"{each.came_from} {each.why}" for each in gathered.refused],
    }
    clock = next((each.client_clock for each in chosen if each.client_clock), None)
    if clock is not None:
        details["client_clock_seconds"] = clock.seconds
    incident.audit("client logs added", **details)
    incident.write_report(report)
    kept, left_out, refused = gathered.kept, gathered.left_out, gathered.refused
    return Added(tuple(kept), tuple(left_out), tuple(refused), report, chosen)
