"""Arm every chosen headend, wait for the user's attempt, say why it failed, leave nothing on."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nornir.core import Nornir
from nornir.core.task import Result, Task

from headend.device import tasks, together
from headend.device.debug_set import Wanted
from headend.device.listen import Ending, Stop
from headend.device.progress import Checked, Disarmed, Listening, Step
from headend.device.situation import Limits
from headend.diagnosis.server_words import BUILT_IN
from headend.diagnosis.words import Words
from headend.errors import HeadendError
from headend.incident.incident import Incident
from headend.model.diagnosis import Diagnosis, Outcome, Report
from headend.model.line import Line
from headend.redact import Placeholders
from headend.workflow.news import (
    AttemptChanged,
    HeadendFailed,
    HeadendStep,
    LineCame,
    News,
    Ready,
)
from headend.workflow.outcome import state_after, status_after
from headend.workflow.recording import Recording
from headend.workflow.selection import Selection

# A user who was asked for a passcode and has gone quiet this long (seconds) has given up.
CHALLENGE_PATIENCE = 20.0
_POLL = 0.05


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What an investigation came to; ``headends`` and ``timing`` as in the JSON contract."""

    incident: Incident
    report: Report
    chosen: tuple[Diagnosis, ...]
    headends: tuple[dict[str, Any], ...]
    timing: dict[str, float | None]
    status: int
    interrupted: bool


class Investigation:
    """One run of ``investigate``: iterate over it for news, then read ``conclusion``.

    ``started`` is the monotonic time at which the verb began, ``debugs`` the commands to arm
    instead of those that the headend's configuration calls for. ``stop()`` may be called from a
    signal handler.
    """

    def __init__(  # noqa: PLR0913 - what one run is made of
        self,
        nornir: Nornir,
        incident: Incident,
        selection: Selection,
        *,
        limits: Limits,
        started: float,
        debugs: tuple[str, ...] = (),
        words: Words = BUILT_IN,
    ) -> None:
        self.conclusion: Conclusion
        self._nornir = nornir
        self._incident = incident
        self.selection = selection
        self._limits = limits
        self._wanted = Wanted(selection.user, selection.group, selection.client_ip, debugs)
        self._started = started
        self._words = words
        self._stop = Stop()
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._recordings: dict[str, Recording] = {}
        self._placeholders = Placeholders()
        self._states: dict[str, str] = {}
        self._errors: dict[str, BaseException] = {}
        self._replies: dict[str, Mapping[str, str]] = {}
        self._first_action: float | None = None
        self._seen = False
        self._told: dict[str, bool] = {}
        self._decided: tuple[float, float] | None = None  # received, known (Unix time)
        self._challenged: dict[tuple[str, str], float] = {}

    def stop(self) -> None:
        """Ask every headend to end and disarm."""
        self._stop.request(Ending.INTERRUPTED)

    @property
    def stopping(self) -> bool:
        """Whether the captures were asked to end."""
        return self._stop.requested

    def __iter__(self) -> Iterator[News]:
        names = list(self._nornir.inventory.hosts)
        for name in names:
            self._recordings[name] = Recording(
                self._incident, name, self._placeholders, self._line_came, self._words
            )
        worker = threading.Thread(target=self._run, name="headend-capture")
        worker.start()
        try:
            while worker.is_alive() or not self._news.empty():
                self._give_up_waiting()
                try:
                    news = self._news.get(timeout=_POLL)
                except queue.Empty:
                    continue
                yield news
                yield from self._ready_after(news)
        finally:
            if worker.is_alive():  # the consumer broke off
                self.stop()
            worker.join()
            self.conclusion = self._conclude()

    # --- in the capture's threads ---

    def _run(self) -> None:
        self._nornir.run(task=self._on_one_headend, name="investigate")

    def _on_one_headend(self, task: Task) -> Result:
        name = task.host.name
        try:
            result = tasks.capture(
                task,
                tape=lambda headend: self._recordings[headend].tape,
                observer=self._took_step,
                stop=self._stop,
                limits=self._limits,
                wanted=self._wanted,
            )
        except BaseException as error:
            self._failed(name, error)
            raise
        if isinstance(result.exception, HeadendError):
            self._failed(name, result.exception)
        return result

    def _took_step(self, headend: str, step: Step) -> None:
        if isinstance(step, Checked):
            self._replies[headend] = step.replies
        elif isinstance(step, Listening):
            self._states[headend] = "armed"
        elif isinstance(step, Disarmed):
            self._states[headend] = "disarmed"
        self._recordings[headend].step(step)
        self._news.put(HeadendStep(headend, step))

    def _failed(self, headend: str, error: BaseException) -> None:
        self._states[headend] = state_after(error)
        self._errors[headend] = error
        self._news.put(HeadendFailed(headend, self._states[headend], error))

    def _line_came(self, line: Line, changed: tuple[Diagnosis, ...]) -> None:
        headend = line.headend or ""
        self._news.put(LineCame(line))
        for attempt in changed:
            chosen = self.selection.takes(attempt)
            self._news.put(AttemptChanged(headend, _named(headend, attempt), chosen))
            if not chosen:
                continue
            if not self._seen:
                self._seen = True
                self._incident.mark("attempt_seen", line.received)
            key = (headend, attempt.id)
            self._challenged.pop(key, None)
            if attempt.settled:
                self._decide(line.received)
            elif attempt.outcome is Outcome.CHALLENGED:
                self._challenged[key] = time.monotonic()

    def _decide(self, received: float | None) -> None:
        if self._decided is None:
            now = time.time()
            self._decided = (received or now, now)
            self._incident.mark("diagnosed", now)
        self._stop.request(Ending.VERDICT)

    # --- in the consumer's thread ---

    def _ready_after(self, news: News) -> Iterator[News]:
        if self._first_action is not None or not isinstance(news, HeadendStep | HeadendFailed):
            return
        listening = isinstance(news, HeadendStep) and isinstance(news.step, Listening)
        if not listening and isinstance(news, HeadendStep):
            return
        # Only what was told counts: nobody is asked to try before the last "armed" was shown.
        self._told[news.headend] = listening
        if len(self._told) == len(self._recordings):
            armed = tuple(sorted(name for name, listens in self._told.items() if listens))
            if armed:
                self._first_action = time.monotonic() - self._started
                elsewhere = together.unseen_members(self._replies)
                yield Ready(armed, self._first_action, tuple(elsewhere))

    def _give_up_waiting(self) -> None:
        now = time.monotonic()
        if any(now - since > CHALLENGE_PATIENCE for since in list(self._challenged.values())):
            self._decide(None)

    def _conclude(self) -> Conclusion:
        reports = {name: recording.finish() for name, recording in self._recordings.items()}
        report = _merged(reports, self.selection)
        chosen = tuple(attempt for attempt in report.attempts if self.selection.takes(attempt))
        for name, error in self._errors.items():
            message = error.message if isinstance(error, HeadendError) else repr(error)
            self._incident.set_headend(name, state=self._states[name], error=message)
        self._incident.write_report(report)
        interrupted = self._stop.reason is Ending.INTERRUPTED and self._decided is None
        facts = self._incident.record["headends"]
        headends = tuple(
            {"name": name, "state": self._states.get(name, "unreachable"), **facts.get(name, {})}
            for name in self._recordings
        )
        timing = {
            "seconds_to_connected": _least(headends, "seconds_to_connected"),
            "seconds_to_armed": _most(headends, "seconds_to_armed"),
            "seconds_to_first_action": _rounded(self._first_action),
            "seconds_to_verdict": (
                _rounded(self._decided[1] - self._decided[0]) if self._decided else None
            ),
        }
        self._incident.set_timing(
            **{name: value for name, value in timing.items() if value is not None}
        )
        spared = together.spared(self._replies, self._recordings.keys() - self._errors.keys())
        errors = [error for name, error in self._errors.items() if name not in spared]
        everywhere = len(self._errors) == len(self._recordings)
        status = status_after(errors, chosen, everywhere=everywhere, interrupted=interrupted)
        return Conclusion(self._incident, report, chosen, headends, timing, status, interrupted)


def _merged(reports: dict[str, Report], selection: Selection) -> Report:
    """Return one report of several headends, the attempts that were asked about first."""
    attempts = [
        _named(name, attempt) for name, report in reports.items() for attempt in report.attempts
    ]
    return Report(
        sources=tuple(source for report in reports.values() for source in report.sources),
        attempts=tuple(sorted(attempts, key=lambda attempt: not selection.takes(attempt))),
        unrecognised=tuple(line for report in reports.values() for line in report.unrecognised),
    )


def _named(headend: str, attempt: Diagnosis) -> Diagnosis:
    """Give an attempt an id that is its own among all headends, while it runs and after."""
    return replace(attempt, id=f"{headend}/{attempt.id}")


def _times(headends: tuple[dict[str, Any], ...], key: str) -> list[float]:
    return [headend[key] for headend in headends if headend.get(key) is not None]


def _least(headends: tuple[dict[str, Any], ...], key: str) -> float | None:
    return min(_times(headends, key), default=None)


def _most(headends: tuple[dict[str, Any], ...], key: str) -> float | None:
    return max(_times(headends, key), default=None)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
