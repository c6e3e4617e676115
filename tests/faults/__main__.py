"""Try every fault and print the table: ``python -m faults [pytest's options]``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from faults.matrix import FAULTS
from faults.table import Tried, table, tried

_ORDER = [fault.name for fault in FAULTS]


class Collector:
    """A pytest plugin that keeps what each test recorded."""

    def __init__(self) -> None:
        self.tried: list[Tried] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            one = tried(report.user_properties, passed=report.passed)
            self.tried += [one] if one else []


def main() -> int:
    collector = Collector()
    folder = str(Path(__file__).parent)
    options = ["-q", "-n", "2", "--dist", "loadgroup", "-m", "", *sys.argv[1:], folder]
    status = pytest.main(options, plugins=[collector])
    known = {name: place for place, name in enumerate(_ORDER)}
    ordered = sorted(collector.tried, key=lambda one: (known.get(one.fault, 99), one.fault))
    print("\n" + "\n".join(table(ordered)))
    return int(status)


sys.exit(main())
