"""The captures of all headends, each in a thread of its own: they write, and tell what they do."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from nornir.core import Nornir
from nornir.core.task import Result, Task

from headend.device import tasks
from headend.device.listen import Ending, Stop
from headend.device.progress import Connected, Listening, Step
from headend.device.runner import CaptureRunner
from headend.device.situation import Limits
from headend.errors import HeadendError, StandbyUnit
from headend.workflow import conclusion
from headend.workflow.mates import Mates
from headend.workflow.news import HeadendFailed, HeadendStep, News
from headend.workflow.recording import Recording
from headend.workflow.terms import Terms


class Captures:
    """Run them in a thread of their own; ``news`` is for one reader, and ``ring`` wakes it.

    ``end`` suits any thread.
    """

    def __init__(
        self,
        nornir: Nornir,
        terms: Terms,
        recordings: Mapping[str, Recording],
        ring: Callable[[], None],
    ) -> None:
        self.stop = Stop()
        self.news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self.over = False  # no headend captures any more
        self.hurry = False  # nothing is waited for but what may be armed
        self._nornir = nornir.with_runner(CaptureRunner(self.stop, self._may_be_left))
        self._terms = terms
        self._recordings = recordings
        self._ring = ring
        self._mates = Mates(recordings, self.stop)
        self._connected: set[str] = set()
        self._armed_since: float | None = None  # monotonic

    def run(self) -> None:
        """Capture on every headend; return when all have ended."""
        try:
            self._nornir.run(task=self._on_one_headend, name="investigate")
        finally:
            self.over = True
            self._ring()

    def end(self, ending: Ending) -> None:
        """Ask all to end; when that was asked for before, or all have ended, be in a hurry."""
        self.hurry = self.stop.requested or self.over
        self.stop.request(ending)

    def _on_one_headend(self, task: Task) -> Result:
        name = task.host.name
        try:
            result = self._capture(task, self._terms.limits)
            if isinstance(result.exception, StandbyUnit):
                since = self._mates.takes_over(name)
                if since is not None:
                    self._connected.discard(name)
                    self._recordings[name].take_over(since)
                    return self._capture(task, self._rest_of(self._terms.limits))
            return result
        finally:
            self._mates.is_out(name)

    def _capture(self, task: Task, limits: Limits) -> Result:
        name = task.host.name
        try:
            result = tasks.capture(
                task,
                tape=lambda headend: self._recordings[headend].tape,
                observer=self._took_step,
                stop=self.stop,
                limits=limits,
                wanted=self._terms.wanted,
            )
        except BaseException as error:
            self._tell(HeadendFailed(name, conclusion.state_after(error), error))
            raise
        if isinstance(result.exception, HeadendError):
            state = conclusion.state_after(result.exception)
            self._tell(HeadendFailed(name, state, result.exception))
        return result

    def _rest_of(self, limits: Limits) -> Limits:
        since = self._armed_since or time.monotonic()
        return replace(limits, duration=max(0.0, limits.duration - (time.monotonic() - since)))

    def _took_step(self, headend: str, step: Step) -> None:
        if isinstance(step, Connected):
            self._connected.add(headend)
        elif isinstance(step, Listening):
            self._armed_since = self._armed_since or time.monotonic()
        self._recordings[headend].took(step)
        self._tell(HeadendStep(headend, step))
        self._mates.took_step(headend, step)

    def _tell(self, news: News) -> None:
        self.news.put(news)
        self._ring()

    def _may_be_left(self, headend: str) -> bool:
        """Tell whether nothing is lost when this headend is not waited for."""
        left = self.hurry or headend not in self._connected
        return left and not self.stop.admitted(headend)
