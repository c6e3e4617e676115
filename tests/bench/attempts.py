"""The cost of a line while other logins are open."""

from __future__ import annotations

import gc
from itertools import count
from statistics import median
from time import process_time

from bench import inputs
from headend.diagnosis import Diagnoser
from headend.model.diagnosis import Diagnosis

# Logins whose lines are timed, in as many parts; the median part counts.
_LOGINS = 200
_PARTS = 5


def measure(opened: int) -> float:
    """Return microseconds a line, all the way to the diagnosis, beside ``opened`` others."""
    diagnoser = Diagnoser(on_final=_forget)
    place = 1
    for number in range(opened):
        begun = inputs.login_pieces(number)[0]
        diagnoser.read("bench", begun, count(place))
        place += len(begun)
    costs = []
    gc.collect()
    for part in range(_PARTS):
        begin = opened + part * _LOGINS
        lines = [text for number in range(begin, begin + _LOGINS) for text in inputs.login(number)]
        started = process_time()
        diagnoser.read("bench", lines, count(place))
        place += len(lines)
        costs.append((process_time() - started) / len(lines))
    return median(costs) * 1e6


def _forget(_diagnosis: Diagnosis) -> None:
    pass
