"""When to ask the user to try: as soon as the headends that answer are armed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from headend.device import together
from headend.device.progress import Checked, Connected, Listening
from headend.workflow.news import HeadendFailed, HeadendStep, News, Ready

# Nothing more is expected soon when no headend took a step for so long (seconds).
GRACE = 1.0


class Readiness:
    """Looks at the news of all headends until the question can be put."""

    def __init__(self, names: Iterable[str], started: float) -> None:
        self._waiting = set(names)
        self._armed: set[str] = set()
        self._started = started
        self._stepped = 0.0
        self._grace = GRACE
        self.replies: dict[str, Mapping[str, str]] = {}  # by headend, what preflight read
        self.seconds: float | None = None  # from the start of the verb, once it was put

    def hear(self, news: News, now: float) -> None:
        """Take one piece of news at the monotonic time ``now``."""
        if isinstance(news, HeadendFailed):
            self._waiting.discard(news.headend)
            self._armed.discard(news.headend)
        elif isinstance(news, HeadendStep):
            if isinstance(news.step, Checked):
                self.replies[news.headend] = news.step.replies
            if isinstance(news.step, Listening):
                self._waiting.discard(news.headend)
                self._armed.add(news.headend)
                # Far headends answer slowly: the others are as far as this one, as a rule.
                self._grace = max(self._grace, news.step.seconds)
            if isinstance(news.step, Connected | Listening):
                self._stepped = now

    @property
    def due(self) -> float | None:
        """The monotonic time at which to ask although some headends did not answer."""
        if self.seconds is not None or not self._armed:
            return None
        return self._stepped + self._grace

    def ask(self, now: float) -> Ready | None:
        """Return the question when its time has come; it is put once."""
        if self.due is None or (self._waiting and now < self.due):
            return None
        self.seconds = now - self._started
        elsewhere = tuple(together.unseen_members(self.replies))
        armed, waiting = sorted(self._armed), sorted(self._waiting)
        return Ready(tuple(armed), self.seconds, tuple(waiting), elsewhere)
