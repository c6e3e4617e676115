"""Which attempts an engineer asked about, and what the exit status says of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from headend.model.diagnosis import Cause, Diagnosis, Outcome

INCONCLUSIVE = 11
NO_ATTEMPT = 10


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


def same_user(one: str, other: str) -> bool:
    r"""Whether two spellings name one user: ``CORP\jdoe``, ``jdoe@corp.example`` and ``jdoe``."""
    (name, realm), (other_name, other_realm) = _split(one), _split(other)
    same_realm = not realm or not other_realm or realm == other_realm
    return name == other_name and same_realm


def _split(user: str) -> tuple[str, str]:
    user = user.strip().casefold()
    if "\\" in user:
        realm, _, name = user.rpartition("\\")
        # A NetBIOS domain and a DNS realm cannot be compared: CORP may be corp.example.
        return name, realm
    name, _, realm = user.partition("@")
    return name, realm.partition(".")[0]


def status_of(attempts: Iterable[Diagnosis]) -> int:
    """Return the exit status that the selected attempts call for: 0, 10 or 11."""
    chosen = list(attempts)
    if not chosen:
        return NO_ATTEMPT
    unclear = (
        attempt.outcome is Outcome.INCOMPLETE or attempt.causes[0].cause is Cause.UNKNOWN
        for attempt in chosen
    )
    return INCONCLUSIVE if any(unclear) else 0
