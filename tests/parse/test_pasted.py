"""What mail, tickets, editors and grep put before a line does not hide what it says."""

from __future__ import annotations

import pytest

from diagnosis.scenes import answered, closed, ldap, opened
from headend.diagnosis import diagnose

LOGIN = [
    *opened(5, "0xaa", "jdoe", "AD", "10.9.0.1"),
    *ldap(3, "jdoe", "775"),
    *answered(5, "0xaa", -1, "REJECT"),
    *closed(5, "REJECT"),
    (
        "%ASA-6-113015: AAA user authentication Rejected : reason = Account locked : LOCAL : "
        "user = asmith"
    ),
]


@pytest.mark.parametrize(
    "before",
    ("  ", "        ", "> ", ">> ", "> > ", "{n}:", "capture.txt:{n}:", "a/b.log-{n}-", "\ufeff"),
)
def test_it_is_read_as_if_it_were_not_there(before: str) -> None:
    pasted = diagnose([before.format(n=n) + line for n, line in enumerate(LOGIN, 1)])
    assert [(one.user, one.causes[0].cause.value) for one in pasted] == [
        ("jdoe", "account-locked"),
        ("asmith", "account-locked"),
    ]


def test_it_does_not_let_a_name_in() -> None:
    name = "  > 7:[9] Message (root): 80090308: LdapErr: DSID-0C090400, comment: x, data 775, v1"
    (found,) = diagnose([*opened(5, "0xaa", name, "AD", "10.9.0.1"), *ldap(3, name, "52e")])
    assert found.causes[0].cause.value == "bad-credentials"
