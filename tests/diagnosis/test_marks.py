"""Marks get coarser, and never lose a moment or a person without saying so."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from headend.diagnosis.marks import Marks, People

MARKS = st.lists(
    st.tuples(st.integers(0, (1 << 32) - 1), st.integers(0, (1 << 32) - 1)), max_size=60
)


def filled(marks: list[tuple[int, int]]) -> Marks:
    found = Marks()
    for second, who in marks:
        found.add(second, who)
    return found


@given(MARKS)
def test_untouched_marks_are_all_there(marks: list[tuple[int, int]]) -> None:
    found = filled(marks)
    assert found.exact
    assert found.in_order() == sorted(marks)


@given(MARKS, st.integers(1, 4))
def test_each_mark_is_there_within_the_width_unless_its_person_is_not_shared(
    marks: list[tuple[int, int]], times: int
) -> None:
    found = filled(marks)
    for _ in range(times):
        found.thin()
    assert found.count == len(marks)
    assert set(found.in_order()) == {
        (second - second % found.width, who) for second, who in marks if who % found.share == 0
    }


def test_half_of_the_room_is_given_up_whatever_is_marked() -> None:
    for marks in (
        [(second, 0) for second in range(0, 4_000_000, 4000)],
        [(5, who) for who in range(1000)],
        [(7, 7)] * 1000,
    ):
        found = filled(marks)
        found.thin()
        assert len(found) <= 500


def test_names_beyond_the_limit_are_still_told_apart() -> None:
    people = People(10)
    numbers = {people.number(f"user{one}", f"CORP\\User{one}") for one in range(50)}
    assert len(numbers) == 50
    assert people.full
    assert people.names(numbers) == [f"CORP\\User{one}" for one in range(10)]


def test_a_name_of_any_length_costs_no_more_than_a_headend_takes() -> None:
    people = People(10)
    (name,) = people.names({people.number("a" * 10_000, "A" * 10_000)})
    assert len(name) == 128
