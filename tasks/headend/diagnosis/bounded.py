"""A mapping that forgets its oldest entry rather than grow with what it is fed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Bounded(OrderedDict[Key, Value], Generic[Key, Value]):
    """A mapping of at most ``limit`` entries, in the order in which they were put in."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def put(self, key: Key, value: Value) -> tuple[Key, Value] | None:
        """Set an entry as the newest; return the entry that had to go, if one had to."""
        self[key] = value
        self.move_to_end(key)
        return self.popitem(last=False) if len(self) > self._limit else None
