"""What the user's client wrote, added to an incident: read safely, redacted, diagnosed anew."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headend.device.credentials import VAULT
from headend.diagnosis import Diagnoser
from headend.diagnosis.words import Words
from headend.errors import InputError, Refused
from headend.incident.capture import LOG
from headend.incident.excerpt import CLIENT
from headend.incident.incident import Incident
from headend.incident.lease import still_runs
from headend.incident.naming import folder_name
from headend.incident.private import make_directory, write_atomic
from headend.incident.record import stamp
from headend.model.diagnosis import Diagnosis, Report
from headend.model.event import Event
from headend.redact import Placeholders, redact_bytes
from headend.workflow.anew import diagnosed_anew
from headend.workflow.archive import Member, archive_kind, members, read_log
from headend.workflow.encoding import decoder_of
from headend.workflow.event_log import MAGIC, event_log_text
from headend.workflow.selection import Selection

_HEAD = 8192
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\x0b\x0c\x1b\x08")
_BINARY_SHARE = 0.05
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
    """A file that was not kept, and why."""

    came_from: str
    why: str


@dataclass(frozen=True, slots=True)
class Added:
    """What adding some files came to; ``chosen`` are the attempts of the incident's user."""

    kept: tuple[Kept, ...]
    left_out: tuple[LeftOut, ...]
    report: Report
    chosen: tuple[Diagnosis, ...]


def add_client_logs(incident: Incident, files: Iterable[Path], words: Words) -> Added:
    """Keep what ``files`` tell of the client, and diagnose the incident again with it.

    A file is a log as text in any usual encoding, a Windows event log, or a zip of such. Nothing
    is written before all of them were read. Raises ``InputError`` for a file that breaks a rule or
    where none tells anything, ``Refused`` while the incident is still being captured.
    """
    _refuse_while_captured(incident)
    kept: list[tuple[Kept, bytes]] = []
    left_out: list[LeftOut] = []
    known = {each["sha256"]: each["name"] for each in incident.record.get("client", ())}
    taken = {each.casefold() for each in known.values()}
    placeholders = Placeholders(after=_highest_placeholder(incident))
    for came_from, member in _members(files):
        text = _text(came_from, member)
        if text is None:
            left_out.append(LeftOut(came_from, "no text"))
            continue
        data = redact_bytes(text.encode(), VAULT.known(), placeholders=placeholders)
        messages = _messages(data)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if not messages:
            left_out.append(LeftOut(came_from, "nothing in it tells of a login"))
        elif digest in known:
            left_out.append(LeftOut(came_from, f"the same text as {known[digest]}"))
        else:
            name = _free_name(member.name, taken)
            known[digest] = name
            kept.append((Kept(name, came_from, data.count(b"\n"), messages), data))
    if not kept:
        reasons = "; ".join(f"{each.came_from}: {each.why}" for each in left_out[:5])
        raise InputError(
            f"Nothing was added to {incident.id}: {reasons or 'no file holds anything'}",
            remedy="Add the message history, the event log or the Diagnostics (DART) bundle",
        )
    digests = {name: digest for digest, name in known.items()}
    _write(incident, kept, digests)
    report = diagnosed_anew(incident, words)
    return _noted(incident, [each for each, _ in kept], left_out, report)


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
        kind = archive_kind(read_log(path, _HEAD))
        if kind == "zip":
            for member in members(path):
                yield f"{path.name}: {member.name}", member
        elif kind is not None:
            raise InputError(
                f"{path} is a {kind} archive, and of archives only zip is read",
                remedy="Unpack it by hand and add the logs in it",
            )
        else:
            yield path.name, Member(path.name, read_log(path))


def _text(came_from: str, member: Member) -> str | None:
    """Return a log as text, ``None`` where it is none."""
    data = member.data
    if data.startswith(MAGIC):
        return event_log_text(came_from, data)
    head = data[:_HEAD]
    decoder = decoder_of(head)
    if decoder is None and b"\0" in head:
        return None
    if decoder is None:
        text = data.decode("utf-8", "backslashreplace")
    else:
        text = decoder.decode(data, final=True)
    controls = sum(ord(letter) in _CONTROLS for letter in text[:_HEAD])
    if not text.strip() or controls > _BINARY_SHARE * min(len(text), _HEAD):
        return None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return text if text.endswith("\n") else f"{text}\n"


def _messages(data: bytes) -> int:
    """Return how many messages of a client the text holds."""
    count = 0

    def on_event(event: Event) -> None:
        nonlocal count
        count += event.facility == CLIENT

    diagnoser = Diagnoser(on_event=on_event)
    lines = data.decode("utf-8", "backslashreplace").split("\n")
    diagnoser.read(CLIENT, lines, range(1, len(lines) + 1))
    diagnoser.finish()
    return count


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


def _write(incident: Incident, kept: list[tuple[Kept, bytes]], digests: dict[str, str]) -> None:
    folder = make_directory(incident.path / CLIENT)
    for each, data in kept:
        write_atomic(folder / folder_name(each.name), data)
    with incident.together() as record:
        record.setdefault("client", []).extend(
            {
                "name": each.name,
                "from": each.came_from,
                "lines": each.lines,
                "messages": each.messages,
                "added": stamp(time.time()),
                # Of the text as it came: the same file is known again, whatever was redacted.
                "sha256": digests[each.name],
            }
            for each, _ in kept
        )


def _noted(incident: Incident, kept: list[Kept], left_out: list[LeftOut], report: Report) -> Added:
    takes = Selection(incident.record["user"]).takes
    chosen = tuple(each for each in report.attempts if takes(each))
    details: dict[str, Any] = {"files": [each.name for each in kept], "left_out": len(left_out)}
    clock = next((each.client_clock for each in chosen if each.client_clock), None)
    if clock is not None:
        details["client_clock_seconds"] = clock.seconds
    incident.audit("client logs added", **details)
    incident.write_report(report)
    return Added(tuple(kept), tuple(left_out), report, chosen)
