"""The first login with a credential runs alone; a refused one is never tried again in this run.

A headend's directory locks an account after a few wrong passwords. With forty headends in one run,
one wrong password must be one attempt.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Hashable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field

from headend.errors import LoginRefused

_UNCLEAR_ENDS = 2


@dataclass
class _Credential:
    on_trial: bool = False
    proven: bool = False
    unclear: int = 0
    refused_by: str = ""
    queue: deque[Future[None]] = field(default_factory=deque)


class Turn:
    """A place in the queue for a credential: ``come`` is done when the login may run.

    ``close`` it whatever happened; a turn that was neither proven nor refused tells nothing, and
    the next in the queue runs alone as well.
    """

    def __init__(self, gate: LoginGate, credential: _Credential, where: str) -> None:
        self.come: Future[None] = Future()
        self._gate = gate
        self._credential = credential
        self._where = where
        self._open = True

    def check(self, username: str) -> None:
        """Raise ``LoginRefused`` when the credential was refused while we waited, or before."""
        if self._credential.refused_by:
            raise LoginRefused(
                f"The credential of {username!r} was refused by {self._credential.refused_by} and "
                f"is not tried on {self._where}",
                remedy="One wrong password is one attempt: correct it and start again",
            )

    def proven(self) -> None:
        """Say that the headend took the credential: from now on logins run side by side."""
        self._credential.proven = True
        self.close()

    def refused(self) -> None:
        """Say that the headend refused it: nobody may try it again."""
        self._credential.refused_by = self._credential.refused_by or self._where
        self.close()

    def unclear(self) -> None:
        """Say that the headend hung up with the credential in its hands.

        Some refuse in this way: after the second time it counts as refused.
        """
        self._credential.unclear += 1
        if self._credential.unclear >= _UNCLEAR_ENDS and not self._credential.proven:
            self._credential.refused_by = self._credential.refused_by or self._where
        self.close()

    def close(self) -> None:
        """Leave the queue, or let the next one in."""
        if self._open:
            self._open = False
            if not self.come.cancel():
                self._gate.leave(self._credential)


class LoginGate:
    """One trial a credential; ``key`` is whatever tells one credential from another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._credentials: dict[Hashable, _Credential] = {}

    def turn(self, key: Hashable, where: str) -> Turn:
        """Queue up; wait for ``come`` in a thread, or on a loop with ``asyncio.wrap_future``."""
        with self._lock:
            credential = self._credentials.setdefault(key, _Credential())
            turn = Turn(self, credential, where)
            credential.queue.append(turn.come)
            _admit(credential)
        return turn

    @contextmanager
    def attempt(self, key: Hashable, username: str, where: str) -> Iterator[Turn]:
        """Wait in this thread for the turn to run one login; ``LoginRefused`` out of it burns."""
        turn = self.turn(key, where)
        try:
            turn.come.result()
            turn.check(username)
            yield turn
        except LoginRefused:
            turn.refused()
            raise
        finally:
            turn.close()

    def leave(self, credential: _Credential) -> None:
        """Let in whoever may run now."""
        with self._lock:
            credential.on_trial = False
            _admit(credential)


def _admit(credential: _Credential) -> None:
    judged = credential.proven or bool(credential.refused_by)
    while credential.queue and (judged or not credential.on_trial):
        come = credential.queue.popleft()
        if come.set_running_or_notify_cancel():  # else its owner gave up
            credential.on_trial = not judged
            come.set_result(None)


GATE = LoginGate()
