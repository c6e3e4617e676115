"""Attributes of Active Directory as causes: each one, its near miss, and whatever is no number."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headend.identity.attributes import account
from headend.identity.directory import Directory
from headend.model.diagnosis import Cause

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NEVER = str(2**63 - 1)
NINETY_DAYS = str(-90 * 86400 * 10_000_000)


def ticks(moment: datetime) -> str:
    return str(int((moment - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000)


AGO, AHEAD = ticks(NOW - timedelta(days=10)), ticks(NOW + timedelta(days=10))
LONG_AGO = ticks(NOW - timedelta(days=100))
GOOD = {"userAccountControl": "512", "pwdLastSet": AGO, "accountExpires": "0", "lockoutTime": "0"}


@pytest.mark.parametrize(
    ("changed", "cause"),
    (
        ({}, None),
        ({"userAccountControl": "514"}, Cause.ACCOUNT_DISABLED),
        ({"accountExpires": AGO}, Cause.ACCOUNT_EXPIRED),
        ({"accountExpires": AHEAD}, None),
        ({"accountExpires": NEVER}, None),
        ({"lockoutTime": AGO}, Cause.ACCOUNT_LOCKED),
        # The time stays in the entry when the lock is over: the computed attribute knows.
        ({"lockoutTime": AGO, "msDS-User-Account-Control-Computed": "0"}, None),
        ({"msDS-User-Account-Control-Computed": "16"}, Cause.ACCOUNT_LOCKED),
        ({"pwdLastSet": "0"}, Cause.PASSWORD_MUST_CHANGE),
        ({"pwdLastSet": "0", "userAccountControl": "66048"}, None),
        ({"pwdLastSet": LONG_AGO}, Cause.PASSWORD_EXPIRED),
        ({"pwdLastSet": LONG_AGO, "userAccountControl": "66048"}, None),
        ({"msDS-User-Account-Control-Computed": "8388608"}, Cause.PASSWORD_EXPIRED),
        ({"msDS-UserPasswordExpiryTimeComputed": AGO}, Cause.PASSWORD_EXPIRED),
        ({"msDS-UserPasswordExpiryTimeComputed": AHEAD}, None),
    ),
)
def test_an_attribute_is_a_cause(changed: dict[str, str], cause: Cause | None) -> None:
    entry = {name: [value] for name, value in (GOOD | changed).items()}
    found = account("CN=x", entry, NOW, {"maxPwdAge": [NINETY_DAYS]})
    assert [one.cause for one in found.troubles] == ([cause] if cause else [])


@pytest.mark.parametrize(("minutes", "locked"), ((30, False), (60 * 24 * 30, True)))
def test_a_lock_is_over_after_the_domains_time(minutes: int, locked: bool) -> None:  # noqa: FBT001 - a case
    lasts = str(-minutes * 60 * 10_000_000)
    entry = {"userAccountControl": ["512"], "lockoutTime": [AGO]}
    assert bool(account("CN=x", entry, NOW, {"lockoutDuration": [lasts]}).troubles) is locked


def test_a_lock_of_unknown_length_says_that_it_may_be_over() -> None:
    found = account("CN=x", {"lockoutTime": [AGO]}, NOW)
    assert "may be over" in found.troubles[0].summary


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.lists(st.text(max_size=25), max_size=2)))
def test_whatever_the_values_are_nothing_breaks(entry: dict[str, list[str]]) -> None:
    account("CN=x", entry, NOW)


def test_a_directory_is_shown_without_its_password() -> None:
    shown = repr(Directory("ldaps://dc-1", "DC=corp", "CN=svc", "Bind-svc-4711"))
    assert "Bind-svc-4711" not in shown
