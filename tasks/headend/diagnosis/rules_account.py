"""What the attributes that the directory returned say of an account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from headend.diagnosis.attempt import when
from headend.diagnosis.facts import who
from headend.diagnosis.ruling import Ruling, ruling
from headend.model.diagnosis import Cause
from headend.parse.stamp import has_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt, Entry

Mark = tuple[Cause, float, str]

# userAccountControl and its computed twin, with the bits as Microsoft's schema documents them.
_BITS = frozenset({"userAccountControl", "msDS-User-Account-Control-Computed"})
_FLAGS: dict[int, Mark] = {
    0x2: (Cause.ACCOUNT_DISABLED, 0.7, "as disabled"),
    0x10: (Cause.ACCOUNT_LOCKED, 0.7, "as locked"),
    0x800000: (Cause.PASSWORD_EXPIRED, 0.7, "as one whose password has expired"),
}
# Times are counted in tenths of a microsecond from here; both of these mean never.
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_NEVER = frozenset({"0", "9223372036854775807"})
# What other directories write; the words are their schema's.
_SWITCHES: dict[str, Mark] = {
    "nsAccountLock": (Cause.ACCOUNT_DISABLED, 0.7, "as disabled"),
    "loginDisabled": (Cause.ACCOUNT_DISABLED, 0.7, "as disabled"),
    "lockedByIntruder": (Cause.ACCOUNT_LOCKED, 0.7, "as locked"),
}


def account_rules(attempt: Attempt) -> Iterator[Ruling]:
    """Yield what the attributes of the user's entry rule; a flag alone refuses nobody."""
    for entry in attempt.find("ldap", "account-control", "attribute"):
        fields = entry.event.fields
        name = fields.get("attribute", "userAccountControl")
        value = fields.get("account_control") or fields.get("attribute_value", "")
        for cause, confidence, marked in _marks(entry, name, value):
            said = f"The directory marks the account of {who(attempt)} {marked} ({name})."
            yield ruling(cause, entry.stage, confidence, said, entry)


def _marks(entry: Entry, name: str, value: str) -> Iterator[Mark]:
    """Yield what one attribute means: a cause, how surely it is this login's, and in words."""
    if name in _BITS:
        number = int(value) if value.removeprefix("-").isdecimal() else 0
        yield from (mark for bit, mark in _FLAGS.items() if number & bit)
    elif name == "accountExpires" and _is_past(entry, value):
        yield Cause.ACCOUNT_EXPIRED, 0.7, "as expired"
    elif name == "pwdLastSet" and value == "0":
        yield Cause.PASSWORD_MUST_CHANGE, 0.7, "as one whose password must be changed"
    elif name == "pwdAccountLockedTime":
        yield Cause.ACCOUNT_LOCKED, 0.7, "as locked"
    elif name == "lockoutTime" and value not in _NEVER:
        # It stays until the next good login, also after the lock-out has ended.
        yield Cause.ACCOUNT_LOCKED, 0.5, "as locked out once"
    elif name in _SWITCHES and value.casefold() == "true":
        yield _SWITCHES[name]


def _is_past(entry: Entry, value: str) -> bool:
    """Return whether a time was over when the line was printed; without a clock nobody knows."""
    if value in _NEVER or not (value.isascii() and value.isdigit()):
        return False
    now = when(entry.event)
    if now is None and entry.event.line.received is not None:
        now = datetime.fromtimestamp(entry.event.line.received, UTC)
    if now is None or not has_year(now):
        return False
    try:
        ends = _EPOCH + timedelta(microseconds=int(value) // 10)
    except OverflowError:
        return False
    return ends < now
