"""An incident watched from another process, from its first line, while it is captured and after."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Mapping
from typing import Any

from headend.diagnosis.words import Words
from headend.errors import InputError
from headend.incident.incident import Incident
from headend.incident.lease import still_runs
from headend.model.diagnosis import Report
from headend.workflow.follow import Follower
from headend.workflow.followers import Followers
from headend.workflow.hints import with_armed
from headend.workflow.news import HeadendIs, News
from headend.workflow.selection import Selection

# How often (seconds) the files are looked at: the capture does not know who watches it.
_LOOK = 0.1


class Watch:
    """Iterate over it for news until the capture has ended; then read ``report``.

    ``ending`` is why it ended, None where its process is gone without having said so.
    """

    def __init__(self, incident: Incident, words: Words) -> None:
        record = incident.record
        asked = record.get("asked") or {}
        self.report: Report
        self.ending: str | None = None
        self.incident = incident
        self.selection = Selection(record["user"], asked.get("client_ip"), asked.get("group"))
        self._names = tuple(record["headends"])
        if not self._names:
            raise InputError(
                f"Incident {incident.id} has no capture",
                remedy=f"headend incident show {incident.id}",
            )
        self._words = words
        self._left = threading.Event()
        self._facts: dict[str, dict[str, Any]] = {}

    def leave(self) -> None:
        """Watch no longer; the capture goes on."""
        self._left.set()

    @property
    def stopping(self) -> bool:
        """Whether it is watched no longer."""
        return self._left.is_set()

    @property
    def headends(self) -> list[dict[str, Any]]:
        """What is known of each headend, as the JSON of an investigation has it."""
        return [{"name": name, **self._facts.get(name, {})} for name in self._names]

    def __iter__(self) -> Generator[News, None, None]:
        followers = Followers(
            {
                name: Follower(self.incident.reader(name), self.selection.takes, words=self._words)
                for name in self._names
            },
            self.selection,
        )
        try:
            while not self.stopping:
                # Asked first: what was written before the end is read after it.
                record = self.incident.record
                ended = self._ended(record)
                yield from self._changes(record["headends"])
                followers.notice(set(self._names))
                while followers.unread and not self.stopping:
                    yield from followers.advance()
                if ended:
                    yield from followers.rest()
                    break
                self._left.wait(_LOOK)
        finally:
            self.report = with_armed(followers.finish(), self._facts)
            followers.close()

    def _ended(self, record: Mapping[str, Any]) -> bool:
        self.ending = record.get("ending")
        process = record.get("process")
        if self.ending is not None or not isinstance(process, dict):
            return True
        return not still_runs(int(process["pid"]), str(process["started"]))

    def _changes(self, headends: Mapping[str, dict[str, Any]]) -> Iterator[News]:
        for name, facts in headends.items():
            if facts != self._facts.get(name, {}):
                self._facts[name] = facts
                yield HeadendIs(name, facts)
