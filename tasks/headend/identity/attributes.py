"""The attributes of an Active Directory account, read: disabled, locked, expired, must change.

Microsoft, Active Directory schema, "User-Account-Control", "ms-DS-User-Account-Control-Computed",
"Account-Expires", "Pwd-Last-Set", "Lockout-Time": times count 100 ns since 1601-01-01 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from headend.model.account import Account, Trouble
from headend.model.diagnosis import Cause

ACCOUNT = (
    "distinguishedName",
    "sAMAccountName",
    "userAccountControl",
    "msDS-User-Account-Control-Computed",
    "lockoutTime",
    "accountExpires",
    "pwdLastSet",
    "msDS-UserPasswordExpiryTimeComputed",
    "badPwdCount",
    "badPasswordTime",
    "memberOf",
)
# What the domain's own entry says of its policy.
DOMAIN = ("maxPwdAge", "lockoutDuration")

_DISABLED, _LOCKED, _NEVER_EXPIRES, _EXPIRED = 0x2, 0x10, 0x10000, 0x800000
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_NEVER = 0x7FFFFFFFFFFFFFFF
_TICKS = 10_000_000

Entry = Mapping[str, Sequence[str]]


def account(
    dn: str,
    entry: Entry,
    now: datetime,
    domain: Entry | None = None,
    groups: Iterable[str] = (),
) -> Account:
    """Return what an entry tells of an account at ``now``; attributes are known without case."""
    given = {name.lower(): values for name, values in entry.items()}
    policy = {name.lower(): values for name, values in (domain or {}).items()}
    mine = tuple(given.get("memberof", ()))
    named = {group.lower() for group in mine}
    password_set = _time(given, "pwdlastset")
    return Account(
        user=next(iter(given.get("samaccountname", ())), ""),
        dn=dn,
        troubles=tuple(_troubles(given, policy, now)),
        expires=_time(given, "accountexpires"),
        password_set=password_set,
        password_expires=_password_end(given, policy, password_set),
        last_bad_password=_time(given, "badpasswordtime"),
        bad_passwords=_number(given, "badpwdcount"),
        groups=mine,
        member_of=tuple((group, group.lower() in named) for group in groups),
    )


def _troubles(given: Entry, policy: Entry, now: datetime) -> Iterator[Trouble]:
    control = _number(given, "useraccountcontrol") or 0
    computed = _number(given, "msds-user-account-control-computed")
    if control & _DISABLED:
        yield Trouble(Cause.ACCOUNT_DISABLED, "The account is disabled", "userAccountControl")
    yield from _lock(given, policy, computed, now)
    expires = _time(given, "accountexpires")
    if expires is not None and expires <= now:
        said = f"The account expired on {expires:%Y-%m-%d %H:%M} UTC"
        yield Trouble(Cause.ACCOUNT_EXPIRED, said, "accountExpires")
    if _number(given, "pwdlastset") == 0 and not control & _NEVER_EXPIRES:
        said = "The password must be changed at the next logon"
        yield Trouble(Cause.PASSWORD_MUST_CHANGE, said, "pwdLastSet")
        return
    end = _password_end(given, policy, _time(given, "pwdlastset"))
    if (computed or 0) & _EXPIRED or (end is not None and end <= now):
        when = f" on {end:%Y-%m-%d %H:%M} UTC" if end else ""
        name = "msDS-User-Account-Control-Computed" if computed else "pwdLastSet"
        yield Trouble(Cause.PASSWORD_EXPIRED, f"The password expired{when}", name)


def _lock(given: Entry, policy: Entry, computed: int | None, now: datetime) -> Iterator[Trouble]:
    since = _time(given, "lockouttime")
    when = f" since {since:%Y-%m-%d %H:%M} UTC" if since else ""
    if computed is not None:
        if computed & _LOCKED:
            name = "msDS-User-Account-Control-Computed"
            yield Trouble(Cause.ACCOUNT_LOCKED, f"The account is locked{when}", name)
        return
    lasts = _duration(policy, "lockoutduration")
    # The time stays in the entry after the lock has ended; only its length tells.
    if since is not None and (lasts is None or since + lasts > now):
        doubt = "" if lasts else "; the domain's lock-out time was not told, so it may be over"
        yield Trouble(Cause.ACCOUNT_LOCKED, f"The account was locked{when}{doubt}", "lockoutTime")


def _password_end(given: Entry, policy: Entry, since: datetime | None) -> datetime | None:
    if (_number(given, "useraccountcontrol") or 0) & _NEVER_EXPIRES:
        return None
    told = _time(given, "msds-userpasswordexpirytimecomputed")
    lasts = _duration(policy, "maxpwdage")
    if told is not None or since is None or lasts is None:
        return told
    return since + lasts


def _number(given: Entry, name: str) -> int | None:
    for value in given.get(name, ()):
        digits = value.removeprefix("-")
        if digits.isascii() and digits.isdecimal() and len(digits) < len(str(_NEVER)) + 1:
            return int(value)
    return None


def _time(given: Entry, name: str) -> datetime | None:
    """Return a point in time; 0 and the highest number mean never."""
    ticks = _number(given, name)
    if not ticks or not 0 < ticks < _NEVER:
        return None
    try:
        return _EPOCH + timedelta(seconds=ticks // _TICKS)
    except OverflowError:
        return None


def _duration(given: Entry, name: str) -> timedelta | None:
    """Return how long something lasts: a negative number of ticks; ``None`` where for ever."""
    ticks = _number(given, name)
    if not ticks or ticks <= -_NEVER:
        return None
    return timedelta(seconds=abs(ticks) // _TICKS)
