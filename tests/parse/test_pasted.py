"""What mail, tickets, editors and grep put before a line does not hide what it says."""

from __future__ import annotations

import json

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
    (
        "  ",
        "        ",
        "> ",
        ">> ",
        "> > ",
        "{n}:",
        "capture.txt:{n}:",
        "a/b.log-{n}-",
        "\ufeff",
        "10:02:33 ",
        "[10:02:33] ",
        "[2026-11-24 10:02:33.120] ",
        "2026-11-24 10:02:33,120 ",
    ),
)
def test_it_is_read_as_if_it_were_not_there(before: str) -> None:
    pasted = diagnose([before.format(n=n) + line for n, line in enumerate(LOGIN, 1)])
    assert [(one.user, one.causes[0].cause.value) for one in pasted] == [
        ("jdoe", "account-locked"),
        ("asmith", "account-locked"),
    ]


SYSLOG = (
    "%ASA-6-113005: AAA user authentication Rejected : reason = Account is locked : "
    "server = 10.9.0.1 : user = jdoe : user IP = 198.51.100.9"
)
ENDED = (
    "%ASA-6-716039: Group <GP> User <jdoe> IP <198.51.100.9> Authentication: rejected, "
    "Session Type: WebVPN."
)


@pytest.mark.parametrize(
    ("before", "after"),
    (
        ('{"@timestamp":"2026-11-24T10:00:00Z","message":"', '","host":{"name":"vpn"},"n":1}'),
        ('{"message":"<166>Nov 24 2026 10:00:00: ', '"}'),
        ('2026-11-24 10:00:00,vpn-1,6,"', '"'),
        ('vpn-1;"<166>Nov 24 2026 10:00:00: ', '";"a ""word"""'),
    ),
)
def test_what_a_shipper_or_a_table_wrapped(before: str, after: str) -> None:
    (found,) = diagnose([before + SYSLOG + after, before + ENDED + after])
    assert (found.user, found.client_ip) == ("jdoe", "198.51.100.9")
    assert found.causes[0].cause.value == "account-locked"


def test_a_quotation_mark_inside_is_the_names() -> None:
    line = json.dumps({"message": SYSLOG.replace("jdoe", 'j"doe')})
    assert [one.user for one in diagnose([line])] == ['j"doe']


def test_entities_of_a_ticket_system() -> None:
    (found,) = diagnose([ENDED.replace("<", "&lt;").replace(">", "&gt;")])
    assert (found.user, found.group_policy) == ("jdoe", "GP")


def test_a_clock_before_a_clients_words_stays_the_clients() -> None:
    (found,) = diagnose(["[2026-11-24 10:02:33] You have no dial-in permission."])
    assert found.causes[0].cause.value == "group-not-authorized"


def test_it_does_not_let_a_name_in() -> None:
    name = "  > 7:[9] Message (root): 80090308: LdapErr: DSID-0C090400, comment: x, data 775, v1"
    (found,) = diagnose([*opened(5, "0xaa", name, "AD", "10.9.0.1"), *ldap(3, name, "52e")])
    assert found.causes[0].cause.value == "bad-credentials"
