from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from headend.incident import IncidentStore
from live.drive import Cli


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli({"NO_COLOR": "1", "COLUMNS": "100"}, tmp_path)


@pytest.fixture
def store(cli: Cli) -> IncidentStore:
    return IncidentStore(cli.incidents)


@pytest.fixture
def said(cli: Cli) -> Callable[..., str]:
    """What a verb that does its job prints."""

    def run(*arguments: str) -> str:
        done = cli.run(*arguments)
        assert done.returncode == 0, done.stderr
        assert not done.stderr
        return done.stdout

    return run
