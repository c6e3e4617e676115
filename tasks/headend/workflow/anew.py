"""The diagnosis of an incident made anew from all that its folder holds."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from headend.diagnosis import Diagnoser
from headend.diagnosis.words import Words
from headend.incident.capture import LOG
from headend.incident.events import EventLog, older
from headend.incident.excerpt import CLIENT, lines_of
from headend.incident.incident import Incident
from headend.incident.naming import folder_name
from headend.incident.reading import CaptureReader, Gap
from headend.model.diagnosis import Diagnosis, Report
from headend.model.line import Line
from headend.workflow.hints import with_armed
from headend.workflow.selection import Selection

_EVENTS = "events.jsonl"
_PORTION = 2000


def diagnosed_anew(incident: Incident, words: Words) -> Report:
    """Read every capture and client log of an incident again; ``events.jsonl`` is written anew.

    The attempts that the incident is about come first; each keeps its number on its headend.
    """
    record = incident.record
    fresh = incident.path / f".{_EVENTS}.new"
    for left in (fresh, older(fresh)):
        left.unlink(missing_ok=True)
    events = EventLog(fresh)
    diagnoser = Diagnoser(on_event=events.append, words=words, client_user=record["user"] or None)
    with contextlib.closing(events):
        for headend in record["headends"]:
            with incident.reader(headend) as reader:
                _feed(diagnoser, reader)
        for kept in record.get("client", ()):
            source = f"{CLIENT}/{kept['name']}"
            path = incident.path / CLIENT / folder_name(kept["name"])
            for number, text in enumerate(lines_of(path), 1):
                diagnoser.take(Line(source, number, text))
        report = diagnoser.finish()
    events.take_place_of(incident.path / _EVENTS)
    takes = Selection(record["user"]).takes
    numbered = _numbered(report.attempts)
    mine = [each for each in numbered if takes(each)]
    others = [each for each in numbered if not takes(each)]
    return with_armed(replace(report, attempts=(*mine, *others)), record["headends"])


def _feed(diagnoser: Diagnoser, reader: CaptureReader) -> None:
    while lines := reader.read(_PORTION):
        _take(diagnoser, lines)
    _take(diagnoser, reader.rest())


def _take(diagnoser: Diagnoser, lines: list[Line]) -> None:
    for line in lines:
        if isinstance(line, Gap):
            diagnoser.gap(line)
        else:
            diagnoser.take(line)


def _numbered(attempts: tuple[Diagnosis, ...]) -> list[Diagnosis]:
    """Return the attempts with the ids that a capture gives: ``vpn-1/2``, ``client/1``."""
    counts: dict[str, int] = {}
    found = []
    for attempt in sorted(attempts, key=lambda one: int(one.id)):
        source = attempt.span.source if attempt.span else CLIENT
        place = source.removesuffix(f"/{LOG}") if source.endswith(f"/{LOG}") else CLIENT
        counts[place] = counts.get(place, 0) + 1
        found.append(replace(attempt, id=f"{place}/{counts[place]}"))
    return found
