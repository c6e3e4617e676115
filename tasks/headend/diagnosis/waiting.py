"""The AAA sessions that wait for a server's answer, found by user and by server."""

from __future__ import annotations

from collections import OrderedDict
from itertools import islice
from typing import TYPE_CHECKING

from headend.model.user import bare_name, same_user

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt

_Attempts = OrderedDict["Attempt", None]

# How many candidates are looked at where one key means several sessions.
_LOOKED_AT = 32


class Waiting:
    """Sessions that asked a server and have no answer yet, the one that waits longest first."""

    def __init__(self) -> None:
        self._all: _Attempts = OrderedDict()
        self._by_key: dict[tuple[str, str], _Attempts] = {}
        self._keys: dict[Attempt, tuple[tuple[str, str], ...]] = {}

    def __bool__(self) -> bool:
        return bool(self._all)

    def add(self, attempt: Attempt, server: str | None) -> None:
        """Take in ``attempt``, which asked ``server``; its user's name is known by now."""
        self.discard(attempt)
        attempt.waiting = True
        keys = (("user", bare_name(attempt.user or "")), ("server", server or ""))
        self._all[attempt] = None
        self._keys[attempt] = keys
        for key in keys:
            self._by_key.setdefault(key, OrderedDict())[attempt] = None

    def discard(self, attempt: Attempt) -> None:
        """Forget ``attempt``: it was answered, or is over."""
        attempt.waiting = False
        for key in self._keys.pop(attempt, ()):
            held = self._by_key[key]
            del held[attempt]
            if not held:
                del self._by_key[key]
        self._all.pop(attempt, None)

    def of_user(self, user: str) -> list[Attempt]:
        """Return those that ``user`` waits in."""
        held = self._by_key.get(("user", bare_name(user)), ())
        return [one for one in islice(held, _LOOKED_AT) if same_user(one.user, user)]

    def at_server(self, server: str | None) -> list[Attempt]:
        """Return those that wait for ``server``."""
        return list(islice(self._by_key.get(("server", server or ""), ()), _LOOKED_AT))

    def first(self) -> list[Attempt]:
        """Return those that wait longest."""
        return list(islice(self._all, _LOOKED_AT))

    def only(self) -> Attempt | None:
        """Return the one that waits, if no other does."""
        return next(iter(self._all)) if len(self._all) == 1 else None
