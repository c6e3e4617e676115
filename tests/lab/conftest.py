"""One default lab for the tests that leave no trace in it, and labs of their own for the rest."""

from collections.abc import Callable, Iterator

import pytest

from headend.lab import Headend, HeadendSpec, Lab


@pytest.fixture
def start() -> Iterator[Callable[..., Lab]]:
    labs: list[Lab] = []

    def make(*specs: HeadendSpec) -> Lab:
        labs.append(Lab(specs or (HeadendSpec("vpn-1", radius_timeout=0.1),)).__enter__())
        return labs[-1]

    yield make
    for lab in labs:
        lab.__exit__(None, None, None)


@pytest.fixture
def lab(start: Callable[..., Lab]) -> Lab:
    return start()


@pytest.fixture
def headend(lab: Lab) -> Headend:
    return lab.headends["vpn-1"]
