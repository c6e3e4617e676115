"""Which attempts are the asked-about user's."""

import pytest

from headend.model.diagnosis import Cause, Diagnosis, Finding, Outcome
from headend.model.user import same_user
from headend.workflow.selection import Selection, status_of


def attempt(
    user: str | None,
    *,
    client_ip: str | None = None,
    outcome: Outcome = Outcome.REJECTED,
    cause: Cause = Cause.BAD_CREDENTIALS,
    admin: bool = False,
) -> Diagnosis:
    return Diagnosis(
        id="1", headend=None, user=user, client_ip=client_ip, tunnel_group=None,
        group_policy=None, server_group=None, server=None, admin_login=admin, started=None,
        ended=None, outcome=outcome, stage=None, causes=(Finding(cause, 0.9, ""),), stages=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    (("jdoe", "JDoe"), ("jdoe", "CORP\\jdoe"), ("jdoe@corp.example", "jdoe"), ("a b", "a b")),
)
def test_one_user_is_known_by_every_spelling(one: str, other: str) -> None:
    assert same_user(one, other)
    assert same_user(other, one)


@pytest.mark.parametrize(
    ("one", "other"), (("jdoe", "jdoe2"), ("jdoe@a.example", "jdoe@b.example"), ("jdoe", ""))
)
def test_two_users_are_never_one(one: str, other: str) -> None:
    assert not same_user(one, other)


def test_a_hidden_name_is_matched_by_the_client_address_alone() -> None:
    hidden = attempt("*****", client_ip="198.51.100.7")
    assert Selection("jdoe", client_ip="198.51.100.7").takes(hidden)
    assert not Selection("jdoe").takes(hidden)
    assert not Selection("jdoe", client_ip="198.51.100.8").takes(hidden)


def test_an_administrators_login_is_not_the_users_attempt() -> None:
    assert not Selection("jdoe").takes(attempt("jdoe", admin=True))


def test_the_status_says_none_seen_inconclusive_or_explained() -> None:
    assert status_of([]) == 10
    assert status_of([attempt("x", cause=Cause.UNKNOWN)]) == 11
    assert status_of([attempt("x", outcome=Outcome.INCOMPLETE)]) == 11
    assert status_of([attempt("x")]) == 0
