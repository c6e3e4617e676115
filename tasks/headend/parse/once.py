"""What is made once for all, however many threads ask for it first."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache, wraps
from threading import Lock
from typing import ParamSpec, TypeVar, cast

Given = ParamSpec("Given")
Made = TypeVar("Made")


def once(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Keep what ``make`` returned for its arguments; a second thread waits for the first.

    Each session reads in a thread of its own, and all begin at the same moment:
    ``functools.cache`` alone would let every one of them compile the same templates.
    """
    kept = cache(make)
    lock = Lock()

    @wraps(make)
    def asked(*args: Given.args, **named: Given.kwargs) -> Made:
        with lock:
            return kept(*cast("tuple[Hashable, ...]", args), **cast("dict[str, Hashable]", named))

    return asked
