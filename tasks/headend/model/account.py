"""An account as the directory tells of it, in the vocabulary of the causes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from headend.model.diagnosis import Cause


@dataclass(frozen=True, slots=True)
class Trouble:
    """A reason for which the directory would refuse a login, and the attribute that tells it."""

    cause: Cause
    summary: str
    attribute: str


@dataclass(frozen=True, slots=True)
class Account:
    """One account; ``None`` is what the directory did not tell, times are in UTC.

    ``troubles`` is empty for an account that may log in. ``groups`` are the distinguished names of
    its direct groups, ``member_of`` says of each group that was asked about whether it is in it.
    """

    user: str
    dn: str
    troubles: tuple[Trouble, ...] = ()
    expires: datetime | None = None
    password_set: datetime | None = None
    password_expires: datetime | None = None
    last_bad_password: datetime | None = None
    bad_passwords: int | None = None
    groups: tuple[str, ...] = ()
    member_of: tuple[tuple[str, bool], ...] = ()
