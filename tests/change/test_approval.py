"""The approval document, the window and the freeze: each reason to say no, in its own words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from change.requests import place, request, token_name
from headend.change import approval as approvals
from headend.change.approval import FACTOR_NAMESPACE, NAMESPACE, Approval
from headend.change.window import Freeze, Window, frozen
from headend.errors import InputError, Refused
from headend.workflow.planning import planned_change

PLAN = planned_change(request("certificate-for-user"), [place()], token_name)
WINDOW = "2026-11-26T22:00/2026-11-26T23:30 Europe/Berlin"
NOW = datetime(2026, 11, 26, 21, 30, tzinfo=UTC)
GOOD = approvals.drawn_up(PLAN, "bob", WINDOW, "2026-11-26T23:30+01:00")


def test_a_good_approval_is_not_void_and_reads_back() -> None:
    assert list(approvals.void(PLAN, GOOD, NOW)) == []
    assert approvals.read(GOOD.document(), "approval.json") == GOOD


@pytest.mark.parametrize(
    ("made", "said"),
    (
        (replace(GOOD, plan="0" * 64), "approves plan 000000000000"),
        (replace(GOOD, headends=("vpn-9",)), "it is for vpn-9"),
        (replace(GOOD, ticket="CHG-2"), "ticket"),
        (replace(GOOD, author="eve"), "its author is eve"),
        (replace(GOOD, approver=" ANNA "), "of their own"),
        (replace(GOOD, namespace=NAMESPACE), "takes a factor away"),
        (replace(GOOD, expires="2026-11-26T20:00+00:00"), "it expired"),
    ),
)
def test_each_thing_that_moved_voids_it_in_its_own_words(made: Approval, said: str) -> None:
    assert any(said in reason for reason in approvals.void(PLAN, made, NOW))


def test_nobody_approves_their_own_plan() -> None:
    with pytest.raises(Refused, match="cannot approve it"):
        approvals.drawn_up(PLAN, "Anna", WINDOW, "2026-11-27T00:00+00:00")


def test_a_change_that_takes_a_factor_away_needs_the_role() -> None:
    assert GOOD.namespace == FACTOR_NAMESPACE
    plain = planned_change(request("server-timeout"), [place()], token_name)
    assert approvals.drawn_up(plain, "bob", WINDOW, "2026-11-27T00:00Z").namespace == NAMESPACE


def test_a_document_that_was_reformatted_is_none() -> None:
    with pytest.raises(InputError):
        approvals.read(GOOD.document().replace(b",", b", "), "approval.json")


@given(st.binary(max_size=200))
def test_what_is_no_approval_is_an_input_error(data: bytes) -> None:
    with pytest.raises(InputError):
        approvals.read(data, "approval.json")


@pytest.mark.parametrize(
    ("minutes", "said"),
    ((-1, "opens at"), (0, ""), (60, ""), (89, "60 s of it are left"), (90, "closed at")),
)
def test_a_window_is_kept_in_its_own_zone(minutes: int, said: str) -> None:
    window = Window.parse(WINDOW)
    begins = datetime(2026, 11, 26, 21, 0, tzinfo=UTC)
    reason = window.refusal(begins + timedelta(minutes=minutes), timedelta(minutes=5))
    assert (said in reason) if said else not reason


@pytest.mark.parametrize(
    "text",
    (
        "",
        "now",
        "2026-11-26T22:00/2026-11-26T23:30",
        "2026-11-26T22:00/2026-11-26T21:00 Europe/Berlin",
        "2026-11-26T22:00/2026-12-26T21:00 Europe/Berlin",
        "2026-11-26T22:00/2026-11-26T23:00 Atlantis/Capital",
        "2026-11-26T22:00/2026-11-26T23:00 ../../etc/passwd",
    ),
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no change window"):
        Window.parse(text)


def test_a_freeze_holds_from_its_first_moment_to_its_last() -> None:
    year = Freeze(NOW, NOW + timedelta(days=14), "end of the year")
    minute = timedelta(minutes=1)
    assert "end of the year" in frozen([year], NOW, minute)
    assert "end of the year" in frozen([year], NOW - timedelta(seconds=59), minute)
    assert not frozen([year], NOW - minute, minute)
    assert not frozen([year], year.end, minute)
