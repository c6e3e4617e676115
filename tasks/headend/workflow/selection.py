"""Which attempts an engineer asked about, and what the exit status says of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from headend.errors import INCONCLUSIVE, NO_ATTEMPT
from headend.model.diagnosis import Cause, Diagnosis, Outcome
from headend.model.user import same_user


@dataclass(frozen=True, slots=True)
class Selection:
    """The user, client address and tunnel group asked about; ``None`` asks about all."""

    user: str | None = None
    client_ip: str | None = None
    group: str | None = None

    def takes(self, attempt: Diagnosis) -> bool:
        """Whether this attempt is one that was asked about.

        A hidden name (``*****``) or none at all is matched by the client address alone; another
        person's name never is.
        """
        if self.group and attempt.tunnel_group and attempt.tunnel_group != self.group:
            return False
        if self.client_ip and attempt.client_ip and attempt.client_ip != self.client_ip:
            return False
        if self.user is None:
            return True
        if attempt.admin_login:
            return False
        if attempt.user is None or set(attempt.user) == {"*"}:
            return self.client_ip is not None and attempt.client_ip == self.client_ip
        return same_user(self.user, attempt.user)


def status_of(attempts: Iterable[Diagnosis]) -> int:
    """Return the exit status that the selected attempts call for: 0, 10 or 11."""
    chosen = list(attempts)
    if not chosen:
        return NO_ATTEMPT
    return INCONCLUSIVE if any(inconclusive(attempt) for attempt in chosen) else 0


def inconclusive(attempt: Diagnosis) -> bool:
    """Return whether the attempt's end or its cause stayed unknown."""
    return attempt.outcome is Outcome.INCOMPLETE or attempt.causes[0].cause is Cause.UNKNOWN
