"""What judges a situation, and notes it for the table."""

from collections.abc import Callable

import pytest

from faults.matrix import in_words
from faults.outcome import Outcome
from faults.table import ENDED, SITUATION

Judge = Callable[[Outcome], None]


@pytest.fixture
def situation(record_property: Callable[[str, object], None]) -> Callable[[str], Judge]:
    """Name a situation for the table, and get what judges its outcome."""

    def named(name: str) -> Judge:
        def judge(end: Outcome) -> None:
            record_property(ENDED, in_words(end))
            assert not end.broken

        record_property(SITUATION, name)
        return judge

    return named
