"""The captures of several headends, followed together by one thread."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

from headend.model.diagnosis import Diagnosis, Report
from headend.workflow.follow import Follower, Heard
from headend.workflow.news import AttemptChanged, Behind, LinesCame, News
from headend.workflow.selection import Selection

# Beyond so many bytes that wait to be read it is a flood, and the view says so.
FLOOD = 1 << 18
_SAY_EVERY = 1.0


class Followers:
    """Turns what captures hold into news, a portion of each in turn."""

    def __init__(self, followers: Mapping[str, Follower], selection: Selection) -> None:
        self._followers = followers
        self._selection = selection
        self._unread: set[str] = set(followers)
        self._turn = itertools.count()
        self._turns = dict.fromkeys(followers, 0)
        self._said = 0.0
        self._flooded = False

    def notice(self, names: set[str]) -> None:
        """Look into the captures of these headends next time."""
        self._unread |= names & self._followers.keys()

    @property
    def unread(self) -> bool:
        """Whether lines may be waiting."""
        return bool(self._unread)

    @property
    def behind(self) -> int:
        """How many bytes are on disk and not read yet, as far as is known."""
        return sum(map(self.behind_in, self._unread))

    def behind_in(self, headend: str) -> int:
        """How many bytes of this headend are on disk and not read yet."""
        return self._followers[headend].behind

    def is_behind(self, headend: str) -> bool:
        """Whether lines of this headend may be waiting."""
        return headend in self._unread

    def advance(self) -> Iterator[News]:
        """Read a portion of the capture that was looked at least recently; then let others run."""
        while self._unread:
            name = min(self._unread, key=self._turns.__getitem__)
            heard = self._followers[name].advance()
            self._turns[name] = next(self._turn)
            if heard.lines:
                yield from self._news(name, heard)
                break
            self._unread.discard(name)
        yield from self._flood()

    def rest(self) -> Iterator[News]:
        """Read what is left behind the last line end, when nothing more is written."""
        for name, follower in self._followers.items():
            yield from self._news(name, follower.rest())

    def finish(self) -> Report:
        """Return one report of all, the attempts that were asked about first."""
        reports = {name: follower.finish() for name, follower in self._followers.items()}
        attempts = [
            _named(name, attempt) for name, report in reports.items() for attempt in report.attempts
        ]
        whole = list(reports.values())
        return Report(
            sources=tuple(source for report in whole for source in report.sources),
            attempts=tuple(sorted(attempts, key=lambda one: not self._selection.takes(one))),
            unrecognised=tuple(line for report in whole for line in report.unrecognised),
            unrecognised_shapes=tuple(
                shape for report in whole for shape in report.unrecognised_shapes
            ),
            unrecognised_rest=sum(report.unrecognised_rest for report in whole),
        )

    def close(self) -> None:
        """Close the files."""
        for follower in self._followers.values():
            follower.close()

    def _news(self, name: str, heard: Heard) -> Iterator[News]:
        if heard.lines:
            yield LinesCame(heard.lines)
        for attempt, received in heard.changed:
            chosen = self._selection.takes(attempt)
            yield AttemptChanged(name, _named(name, attempt), chosen, received)

    def _flood(self) -> Iterator[News]:
        now = time.monotonic()
        if now - self._said < _SAY_EVERY and self._unread:
            return
        behind = self.behind
        if behind > FLOOD or self._flooded:
            self._said, self._flooded = now, behind > FLOOD
            yield Behind(behind)


def _named(headend: str, attempt: Diagnosis) -> Diagnosis:
    """Give an attempt an id that is its own among all headends, while it runs and after."""
    return replace(attempt, id=f"{headend}/{attempt.id}")
