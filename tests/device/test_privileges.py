"""The least command set is part of the allow-list, and says what the code types."""

import re

import pytest

from headend.device.commands import CommandClass, classify
from headend.device.privileges import NEEDED, command_set, pattern


@pytest.mark.parametrize("purpose", NEEDED)
def test_every_entry_is_on_the_allow_list_and_covered_by_its_own_pattern(purpose: str) -> None:
    for entry in NEEDED[purpose]:
        line = entry.format(
            user="jdoe",
            address="198.51.100.7",
            sid="4",
            group="RSA",
            host="10.20.1.5",
            context="RA-1",
        )
        classes = {"ssh": CommandClass.ACTION, "test": CommandClass.PROBE}
        assert classify(line) is classes.get(line.split()[0], CommandClass.READ)
        assert re.fullmatch(pattern(entry), line)


def test_nothing_that_configures_is_in_the_set() -> None:
    permitted = [line.split()[1] for line in command_set().splitlines() if line[:6] == "PERMIT"]
    assert set(permitted) == {
        "enable",
        "terminal",
        "exit",
        "show",
        "changeto",
        "debug",
        "undebug",
        "ssh",
        "test",
    }
