"""One incident: its folder, and everything that is written into it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from headend.errors import InputError
from headend.incident import audit
from headend.incident.capture import CaptureLog
from headend.incident.events import EventLog
from headend.incident.naming import command_slug, folder_name
from headend.incident.private import json_bytes, locked, make_directory, write_atomic
from headend.incident.reading import CaptureReader
from headend.incident.record import MILESTONES, read_record, stamp, unix_time, write_record
from headend.incident.report import html_report, markdown_report
from headend.incident.story import Story, story
from headend.incident.summary import IncidentSummary, summary_of
from headend.incident.verdict import attempt_of, verdict_of
from headend.model.diagnosis import Diagnosis, Report
from headend.model.document import report_document

_PHASES = ("before", "after")


class Incident:
    """The record of one incident; threads and processes may write into it at the same time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = path.name
        self._lock = threading.RLock()
        self._held: dict[str, Any] | None = None

    @property
    def record(self) -> dict[str, Any]:
        """What ``incident.json`` says now."""
        return read_record(self.path)

    @property
    def summary(self) -> IncidentSummary:
        """The incident as a line of a list."""
        return summary_of(self.record)

    @property
    def timing(self) -> dict[str, float]:
        """Seconds from the opening to each milestone, and what ``set_timing`` recorded."""
        record = self.record
        times = {name: unix_time(at) for name, at in record["milestones"].items()}
        opened = times.pop("opened", min(times.values(), default=0.0))
        seconds = {f"seconds_to_{name}": round(at - opened, 3) for name, at in times.items()}
        return {**seconds, **record["timing"]}

    @property
    def files(self) -> list[Path]:
        """All files of the incident, relative to its folder."""
        found = (path.relative_to(self.path) for path in self.path.rglob("*") if path.is_file())
        return sorted(path for path in found if not path.name.startswith("."))

    def mark(self, milestone: str, at: float | None = None) -> None:
        """Record when a milestone was reached; the first time stands."""
        if milestone not in MILESTONES:
            raise InputError(
                f"{milestone!r} is no milestone", remedy=f"Milestones are {', '.join(MILESTONES)}"
            )
        when = stamp(time.time() if at is None else at)
        self._change(lambda record: record["milestones"].setdefault(milestone, when))

    def set_headend(self, name: str, **facts: Any) -> None:
        """Record facts of one headend, such as ``state`` and its timing."""
        self._change(lambda record: record["headends"].setdefault(name, {}).update(facts))

    def set_timing(self, **seconds: float) -> None:
        """Record measured times, such as ``seconds_to_verdict``."""
        self._change(lambda record: record["timing"].update(seconds))

    def capture(self, headend: str) -> CaptureLog:
        """Open the log of a headend's session; the caller closes it."""
        return CaptureLog(self._headend_folder(headend), headend)

    def reader(self, headend: str) -> CaptureReader:
        """Open a reader of a headend's capture, which may still grow; the caller closes it."""
        return CaptureReader(self.path / folder_name(headend), headend)

    def close(self, resolution: str, by: str) -> None:
        """Record how the incident ended and who says so; raises InputError where it did before."""
        with self.together() as record:
            closed = record["milestones"].get("closed")
            if closed is not None:
                raise InputError(
                    f"{self.id} was closed at {closed}: {record.get('resolution') or 'no reason'}",
                    remedy="What came after is a new incident",
                )
            self.audit("closed", resolution=resolution, by=by)
            record["resolution"] = resolution
            self.mark("closed")

    def end(self, ending: str) -> None:
        """Record why the investigation ended: nothing is captured any more."""
        self._change(lambda record: record.update(ending=ending))

    def write_show(self, headend: str, phase: str, command: str, text: str) -> Path:
        """Write the redacted output of a command, taken ``before`` or ``after`` the attempt."""
        if phase not in _PHASES:
            raise InputError(f"{phase!r} is no phase", remedy=f"Phases are {', '.join(_PHASES)}")
        folder = make_directory(self._headend_folder(headend) / "show")
        data = text.encode("utf-8", "backslashreplace")
        return write_atomic(folder / f"{phase}-{command_slug(command)}.txt", data, sync=False)

    def events(self) -> EventLog:
        """Open the log of what the readers found; the caller closes it."""
        return EventLog(self.path / "events.jsonl")

    def write_report(self, report: Report, chosen: Sequence[Diagnosis] | None = None) -> None:
        """Write ``diagnosis.json``, ``report.md`` and ``report.html``, and note the verdict.

        The verdict is that of the ``chosen`` attempts: others may have logged in meanwhile.
        """
        document = json_bytes(report_document(report), indent=2)
        write_atomic(self.path / "diagnosis.json", document)
        mine = (
            attempt_of(report, self.record["user"]) if chosen is None else next(iter(chosen), None)
        )
        verdict = verdict_of(report, mine)
        self._change(lambda record: record.update(verdict=verdict))
        self.write_pages(report)

    def write_pages(self, report: Report) -> None:
        """Write ``report.md`` and ``report.html`` anew: the record may have grown since."""
        told = self.story(report)
        for name, render in (("report.md", markdown_report), ("report.html", html_report)):
            write_atomic(self.path / name, render(told).encode("utf-8", "backslashreplace"))

    def story(self, report: Report) -> Story:
        """Return all that a report tells of the incident as it is now."""
        return story(self.path, self.record, self.timing, report, self.verify_audit())

    def audit(self, action: str, **details: Any) -> None:
        """Append an action to the hash-chained ``audit.jsonl``."""
        path = self.path / audit.FILE
        with self.together() as record:
            head = audit.read_head(path, self.id)
            head = audit.append_record(path, head, stamp(time.time()), action, details)
            record["audit"] = head._asdict()

    def audited(self) -> list[dict[str, Any]]:
        """Return the records of the audit log that can be read; ``verify_audit`` judges them."""
        return audit.records(self.path / audit.FILE)

    def verify_audit(self) -> list[str]:
        """Return what is wrong with the audit log; an empty list means that it is whole."""
        recorded = self.record["audit"]
        head = audit.ChainHead(recorded.get("records", 0), recorded.get("hash", ""))
        return audit.problems(self.path / audit.FILE, self.id, head)

    def _headend_folder(self, headend: str) -> Path:
        return make_directory(self.path / folder_name(headend))

    @contextmanager
    def together(self) -> Iterator[dict[str, Any]]:
        """Make all changes of the block in one write of ``incident.json``.

        Two hundred headends that arm at one time are a few writes, not a thousand.
        """
        with self._lock:
            if self._held is not None:
                yield self._held
                return
            with locked(self.path):
                self._held = self.record
                try:
                    yield self._held
                    write_record(self.path, self._held)
                finally:
                    self._held = None

    def _change(self, change: Callable[[dict[str, Any]], object]) -> None:
        with self.together() as record:
            change(record)
