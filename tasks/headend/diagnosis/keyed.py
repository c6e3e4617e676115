"""Conversations found by any of the keys that their lines carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headend.diagnosis.exchanges import Exchange

Key = tuple[str, str]


class Keyed:
    """An index from keys such as ``("session", "1f")`` to exchanges; the newest has a key."""

    def __init__(self) -> None:
        self._exchanges: dict[Key, Exchange] = {}
        self._keys: dict[Exchange, dict[Key, None]] = {}

    def get(self, kind: str, number: str) -> Exchange | None:
        """Return the exchange that a key means, if it means one."""
        return self._exchanges.get((kind, number))

    def bind(self, kind: str, number: str, exchange: Exchange) -> None:
        """Let a key mean ``exchange`` from now on."""
        key = (kind, number)
        before = self._exchanges.get(key)
        if before is exchange:
            return
        if before is not None:
            self._unlink(before, key)
        self._exchanges[key] = exchange
        self._keys.setdefault(exchange, {})[key] = None

    def unbind(self, kind: str, number: str) -> None:
        """Let a key mean nothing."""
        exchange = self._exchanges.pop((kind, number), None)
        if exchange is not None:
            self._unlink(exchange, (kind, number))

    def move(self, exchange: Exchange, to: Exchange) -> None:
        """Let all keys of ``exchange`` mean ``to``."""
        for kind, number in list(self._keys.get(exchange, ())):
            self.bind(kind, number, to)

    def forget(self, exchange: Exchange) -> None:
        """Let no key mean ``exchange`` any more."""
        for key in self._keys.pop(exchange, ()):
            del self._exchanges[key]

    def _unlink(self, exchange: Exchange, key: Key) -> None:
        keys = self._keys[exchange]
        del keys[key]
        if not keys:
            del self._keys[exchange]
