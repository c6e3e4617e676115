"""A change begins only where it can end in its window: waves are counted as they are."""

from dataclasses import replace
from datetime import timedelta

import pytest

from change.requests import place, request, token_name
from headend.change.window import Window, time_needed
from headend.model.change import Target
from headend.workflow.planning import planned_change

TARGET = planned_change(request("server-timeout"), [place()], token_name).targets[0]
ONE = time_needed([TARGET], 1)


def targets(count: int) -> list[Target]:
    return [replace(TARGET, headend=f"vpn-{number}") for number in range(count)]


@pytest.mark.parametrize(
    ("count", "workers", "waves"),
    ((1, 1, 1), (1, 50, 1), (2, 50, 2), (3, 1, 3), (11, 10, 2), (12, 10, 3), (21, 5, 5)),
)
def test_the_first_goes_alone_and_the_others_as_many_at_once_as_there_are_hands(
    count: int, workers: int, waves: int
) -> None:
    assert time_needed(targets(count), workers) == waves * ONE


def test_the_longest_of_each_wave_counts() -> None:
    longer = replace(TARGET, lines=TARGET.lines * 10)
    more = time_needed([longer], 1)
    assert time_needed([TARGET, longer, TARGET], 2) == ONE + more
    assert time_needed([TARGET, longer, TARGET, longer], 2) == ONE + more + ONE


def test_what_fits_into_the_rest_of_the_window_may_begin() -> None:
    window = Window.parse("2026-11-26T22:00Z/2026-11-26T23:00Z")
    needed = time_needed(targets(21), 5)
    assert window.refusal(window.end - needed, needed) == ""
    late = window.refusal(window.end - needed + timedelta(seconds=1), needed)
    assert f"takes {int(needed.total_seconds())} s" in late
