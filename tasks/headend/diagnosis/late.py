"""A diagnosis of which the verdict is there, and the rest is worked out when it is asked for.

Of the logins in an archive most are only counted: by their end, first cause, user and server.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from headend.diagnosis.facts import server
from headend.diagnosis.judge import admin, began, span, told, verdict
from headend.model.diagnosis import Diagnosis, Stage

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.words import Words

_NAMES = frozenset(one.name for one in fields(Diagnosis))


class Late(Diagnosis):
    """The diagnosis of an attempt that no line can change any more.

    A field that was not set yet is not found in its slot: then all of them are worked out.
    """

    __slots__ = ("_attempt", "_verdict")

    @classmethod
    def of(cls, attempt: Attempt, words: Words) -> Late:
        """Return what ``judge`` says of ``attempt``, the verdict at once."""
        late = cls.__new__(cls)
        outcome, rulings = found = verdict(attempt, words)
        _fill(
            late,
            id=str(attempt.number),
            headend=attempt.host or attempt.label,
            user=attempt.user,
            client_ip=attempt.client_ip,
            outcome=outcome,
            causes=tuple(one.finding for one in rulings),
            admin_login=admin(attempt),
            began=began(attempt),
            span=span(attempt),
            _attempt=attempt,
            _verdict=found,
        )
        if server(attempt, Stage.SECONDARY) is None:
            # Else it takes the failing stage to say which of the servers is meant.
            _fill(late, server=server(attempt))
        return late

    def __getattr__(self, name: str) -> Any:
        """Work out the field ``name``, and every other."""
        if name not in _NAMES:
            raise AttributeError(name)
        whole = told(self._attempt, *self._verdict)
        _fill(self, _attempt=None, **{one: getattr(whole, one) for one in _NAMES})
        return getattr(self, name)


def _fill(late: Late, **values: object) -> None:
    for name, value in values.items():
        object.__setattr__(late, name, value)
