"""A short run of every target on each change; ``make fuzz`` is the long one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.corpus import BAIT, genuine
from fuzz.targets import TARGETS

LINES = [line for text in genuine() for line in text.splitlines(keepends=True)]
PIECES = st.one_of(st.binary(max_size=80), st.sampled_from(BAIT), st.sampled_from(LINES))


@pytest.mark.parametrize("name", TARGETS)
def test_target(name: str) -> None:
    @settings(deadline=None, max_examples=60)
    @given(st.lists(PIECES, max_size=12).map(b"".join))
    def holds(data: bytes) -> None:
        TARGETS[name](data)

    holds()
