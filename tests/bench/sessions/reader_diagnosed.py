"""Ours, and each line diagnosed as well: what ``investigate`` does but for the screen."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from bench.sessions.client import Access
from bench.sessions.reader import Tally
from bench.sessions.reader_headend import NAME, following
from headend.incident.reading import CaptureReader
from headend.workflow.follow import Follower


def reading(access: Access, folder: Path, tally: Tally) -> AbstractContextManager[None]:
    follower = Follower(CaptureReader(folder / NAME, NAME), lambda _: False)
    return following(access, folder, tally, lambda: follower.advance().lines)
