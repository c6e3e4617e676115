"""The headends as they are now, for a plan: their configuration, and who uses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headend.device.gather import Readings, gather
from headend.errors import HeadendError
from headend.policy.configuration import Configuration
from headend.policy.exposure import People, Session
from headend.workflow.planning import Place

if TYPE_CHECKING:
    from nornir.core import Nornir


@dataclass(frozen=True, slots=True)
class Gathered:
    """What could be read of each headend, and why the others failed."""

    places: tuple[Place, ...]
    failed: Mapping[str, HeadendError]


def gathered(nornir: Nornir) -> Gathered:
    """Read every chosen headend, in parallel and read-only."""
    results = nornir.run(task=gather, name="gather")
    nornir.close_connections()
    places, failed = [], {}
    for name in sorted(results):
        result = results[name][0]
        if isinstance(result.exception, HeadendError):
            failed[name] = result.exception
        elif result.exception is not None:
            raise result.exception
        else:
            places.append(place(name, result.result))
    return Gathered(tuple(places), failed)


def place(name: str, readings: Readings) -> Place:
    """Return a headend as its replies tell of it."""
    living = tuple(Session(*each) for each in readings.sessions)
    people = People(living, readings.users)
    return Place(name, Configuration.parse(readings.configuration), people)
