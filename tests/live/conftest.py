"""The real command line against the real lab, over SSH on loopback."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from headend.lab import HeadendSpec, Lab
from live.drive import Cli


@pytest.fixture
def start_lab() -> Iterator[Callable[..., Lab]]:
    labs: list[Lab] = []

    def start(*specs: HeadendSpec) -> Lab:
        lab = Lab(list(specs) or [HeadendSpec("vpn-1")])
        lab.__enter__()
        labs.append(lab)
        return lab

    yield start
    for lab in labs:
        lab.__exit__(None, None, None)


@pytest.fixture
def start_cli(tmp_path: Path) -> Iterator[Callable[[Lab], Cli]]:
    started: list[Cli] = []

    def start(lab: Lab) -> Cli:
        started.append(Cli(lab.environment, tmp_path))
        return started[-1]

    yield start
    for cli in started:
        cli.close()


@pytest.fixture
def lab(start_lab: Callable[..., Lab]) -> Lab:
    """Return a lab with one ordinary headend."""
    return start_lab()


@pytest.fixture
def cli(lab: Lab, start_cli: Callable[[Lab], Cli]) -> Cli:
    """Return the command line, pointed at ``lab``."""
    return start_cli(lab)
