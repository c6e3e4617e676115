"""Arm every chosen headend, wait for the user's attempt, say why it failed, leave nothing on."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from functools import partial

from nornir.core import Nornir

from headend.device import together
from headend.device.listen import Ending
from headend.device.progress import Checked, Connected, Snapshot, Step
from headend.errors import HeadendError, Unreachable
from headend.incident.incident import Incident
from headend.redact import Placeholders
from headend.workflow import conclusion
from headend.workflow.bell import Bell
from headend.workflow.capturing import Captures
from headend.workflow.conclusion import Conclusion
from headend.workflow.follow import Follower
from headend.workflow.followers import FLOOD, Followers
from headend.workflow.hints import with_armed
from headend.workflow.news import (
    AttemptChanged,
    HeadendFailed,
    HeadendStep,
    News,
)
from headend.workflow.patience import Patience
from headend.workflow.readiness import Readiness
from headend.workflow.recording import Recording
from headend.workflow.terms import Terms

# Under a flood this share of the time is for the diagnosis, the rest for what comes in.
_SHARE = 0.15
_LONGEST_PAUSE = 0.1


class Investigation:
    """One run of ``investigate``: iterate over it for news, then read ``conclusion``.

    The captures run in threads of their own and only write; whoever iterates reads what they
    wrote, and judges it. ``stop`` may be called from any thread, twice by those in a hurry.
    """

    def __init__(self, nornir: Nornir, incident: Incident, terms: Terms) -> None:
        self.conclusion: Conclusion
        self.concluded = False
        self.terms = terms
        self.selection = terms.selection
        self._incident = incident
        self._bell = Bell()
        placeholders = Placeholders()
        names = list(nornir.inventory.hosts)
        self._recordings = {
            name: Recording(incident, name, placeholders, partial(self._bell.ring, name))
            for name in names
        }
        self._captures = Captures(nornir, terms, self._recordings, self._bell.ring)
        self._news = self._captures.news
        self._events = incident.events()
        self._followers = Followers(
            {
                name: Follower(
                    incident.reader(name),
                    self.selection.takes,
                    words=terms.words,
                    on_event=self._events.append,
                )
                for name in names
            },
            self.selection,
        )
        self._readiness = Readiness(names, terms.started)
        self._patience = Patience(terms.idle, self._followers.is_behind)
        self._seen = False
        self._errors: dict[str, BaseException] = {}
        self._later: list[HeadendStep] = []
        self._decided: tuple[float, float] | None = None  # received, known (Unix time)

    def stop(self, ending: Ending = Ending.INTERRUPTED) -> None:
        """Ask every headend to end and disarm; the second time, wait for nothing else.

        Once debug is off everywhere, the first time leaves what was not read yet.
        """
        self._captures.end(ending)
        self._bell.ring()

    @property
    def stopping(self) -> bool:
        """Whether the captures were asked to end, or have ended."""
        return self._captures.stop.requested or self._captures.over

    @property
    def armed(self) -> bool:
        """Whether the user was asked to try."""
        return self._readiness.seconds is not None

    def wake(self) -> None:
        """Have the iteration look at the clock again."""
        self._bell.ring()

    def __iter__(self) -> Generator[News, None, None]:
        worker = threading.Thread(target=self._captures.run, name="headend-capture", daemon=True)
        worker.start()
        try:
            yield from self._watch(worker)
            if not self._captures.hurry:
                for news in self._followers.rest():
                    self._hear(news)
                    yield news
        finally:
            if worker.is_alive():  # the consumer broke off
                self.stop()
            worker.join()
            self.conclusion = self._conclude()
            self.concluded = True

    def _watch(self, worker: threading.Thread) -> Iterator[News]:
        while True:
            ended = not worker.is_alive()
            busy = self._followers.unread or not self._news.empty()
            self._followers.notice(self._bell.answer(0.0 if busy or ended else self._due()))
            yield from self._steps()
            began = time.monotonic()
            for news in self._followers.advance():
                self._hear(news)
                yield news
            self._look_at_the_clock()
            question = None if self.stopping else self._readiness.ask(time.monotonic())
            if question:
                yield question
            if (
                ended
                and self._news.empty()
                and (self._captures.hurry or not self._followers.unread)
            ):
                return
            if not self._followers.unread:
                self._catch_up()
            elif not ended and (not self.armed or self._followers.behind > FLOOD):
                # What comes in must not wait for us, nor who arms: the interpreter serves one
                # thread at a time.
                self._give_way(time.monotonic() - began)

    def _due(self) -> float | None:
        """Return how long (seconds) nothing is to be done unless the bell rings."""
        now = time.monotonic()
        asking = self._readiness.due
        waits = [
            None if asking is None or self.stopping else max(0.0, asking - now),
            None if self.stopping else self._patience.left,
            0.0 if self._later else None,
        ]
        return min((wait for wait in waits if wait is not None), default=None)

    def _give_way(self, worked: float) -> None:
        pause = min(worked * (1 / _SHARE - 1), _LONGEST_PAUSE)
        end = time.monotonic() + pause
        # Steps are told at once all the same.
        while self._news.empty() and (left := end - time.monotonic()) > 0:
            self._followers.notice(self._bell.answer(left))

    def _steps(self) -> Iterator[News]:
        """Yield what the captures told, after it was written down in one go."""
        told: list[News] = []
        while not self._news.empty():
            told.append(self._news.get())
        if not told:
            return
        with self._incident.together():
            for news in told:
                self._note(news)
        for news in told:
            self._readiness.hear(news, time.monotonic())
            yield news

    def _note(self, news: News) -> None:
        if isinstance(news, HeadendFailed):
            self._errors[news.headend] = news.error
            error = news.error
            message = error.message if isinstance(error, HeadendError) else repr(error)
            self._recordings[news.headend].failed(news.state, message)
        elif isinstance(news, HeadendStep):
            if _is_bulky(news.step):
                self._later.append(news)  # dozens of files, and nobody waits for them
            else:
                if isinstance(news.step, Connected):  # again: a standby unit that takes over
                    self._errors.pop(news.headend, None)
                self._recordings[news.headend].note(news.step)

    def _catch_up(self) -> None:
        """Write what could wait, a headend's share at a time."""
        self._events.flush()
        if self._later:
            news = self._later.pop(0)
            self._recordings[news.headend].note(news.step)

    def _hear(self, news: News) -> None:
        if not isinstance(news, AttemptChanged) or not news.chosen:
            return
        if not self._seen:
            self._seen = True
            self._incident.mark("attempt_seen", news.received)
        self._patience.hear(news)
        if news.attempt.settled:
            self._decide(Ending.VERDICT, news.received)

    def _decide(self, ending: Ending, received: float | None) -> None:
        self._captures.stop.request(ending)
        if self._decided is None and ending is Ending.VERDICT:
            now = time.time()
            self._decided = (received or now, now)
            self._incident.mark("diagnosed", now)

    def _look_at_the_clock(self) -> None:
        ending = None if self.stopping else self._patience.ended()
        if ending:
            self._decide(ending, None)

    def _conclude(self) -> Conclusion:
        for _ in self._steps():
            pass
        for name, recording in self._recordings.items():
            if recording.facts.get("state") in {None, "connected"}:
                error = Unreachable(f"{name} was still connecting when the capture ended")
                self._note(HeadendFailed(name, "unreachable", error))
        for news in self._later:
            self._recordings[news.headend].note(news.step)
        for name, recording in self._recordings.items():
            recording.unread(self._followers.behind_in(name))
        facts = {name: one.facts for name, one in self._recordings.items()}
        report = with_armed(self._followers.finish(), facts)
        self._events.close()
        self._followers.close()
        for recording in self._recordings.values():
            recording.close()
        headends = tuple(
            {"name": name, **recording.facts} for name, recording in self._recordings.items()
        )
        chosen = tuple(attempt for attempt in report.attempts if self.selection.takes(attempt))
        times = conclusion.timing(headends, self._readiness.seconds, self._decided)
        ending = conclusion.ending(
            self._captures.stop.reason, headends, decided=self._decided is not None
        )
        incident = self._incident
        with incident.together():
            incident.set_timing(**{name: at for name, at in times.items() if at is not None})
            incident.end(ending)
        incident.write_report(report, chosen)
        captured = self._recordings.keys() - self._errors.keys()
        spared = together.spared(self._readiness.replies, captured)
        errors = [error for name, error in self._errors.items() if name not in spared]
        status = conclusion.status(errors, headends, chosen, ending)
        return Conclusion(incident, report, chosen, headends, times, ending, status)


def _is_bulky(step: Step) -> bool:
    return isinstance(step, Checked | Snapshot)
