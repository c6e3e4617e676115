"""What the client's own messages mean: how it saw the attempt end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.model.diagnosis import Outcome

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt

CLIENT = "client"
_ENDS: dict[str, Outcome] = {
    "certificate-missing": Outcome.REJECTED,
    "certificate-refused": Outcome.REJECTED,
    "certificate-mismatch": Outcome.REJECTED,
    "certificate-expired": Outcome.REJECTED,
    "mechanism": Outcome.REJECTED,
    "access-criteria": Outcome.REJECTED,
    "too-many": Outcome.REJECTED,
    "license": Outcome.REJECTED,
    "no-address": Outcome.REJECTED,
    "draining": Outcome.REJECTED,
    "posture-failed": Outcome.REJECTED,
    "denied": Outcome.REJECTED,
    "no-permission": Outcome.REJECTED,
    "sso-failed": Outcome.REJECTED,
    "login-failed": Outcome.REJECTED,
    "password-expired": Outcome.CHALLENGED,
    "cancelled": Outcome.INCOMPLETE,
    "unattended": Outcome.INCOMPLETE,
    "timed-out": Outcome.TIMEOUT,
    "unreached": Outcome.TIMEOUT,
    "untrusted-server": Outcome.ERROR,
    "communication": Outcome.ERROR,
    "failed": Outcome.ERROR,
    "connected": Outcome.ACCEPTED,
}
# Said before any server is asked, and after all of them have accepted.
BEFORE_LOGIN = frozenset(
    {"certificate-missing", "certificate-refused", "certificate-mismatch", "certificate-expired"}
)
AFTER_LOGIN = frozenset(
    {"access-criteria", "license", "mechanism", "no-address", "posture-failed", "too-many"}
)
# From what says most to what says least.
_RANKS = tuple(_ENDS)
TELLING = frozenset(_ENDS)


def client_outcome(attempt: Attempt) -> Outcome | None:
    """Return how the client saw the attempt end, ``None`` where it says nothing of that."""
    last = attempt.last(CLIENT, *TELLING)
    if last is not None and last.event.kind == "connected":
        return Outcome.ACCEPTED
    kinds = {entry.event.kind for entry in attempt.find(CLIENT)}
    return next((_ENDS[kind] for kind in _RANKS if kind in kinds), None)
