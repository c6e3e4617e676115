"""Lines per second of every contender over the same lines, in one run."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time
from typing import TypeVar

from bench import engines, inputs
from headend.model.line import Line

Item = TypeVar("Item")

TITLES = {
    "loop": "bare line loop",
    "stock": "stock TextFSM engine",
    "compiled": "the same templates, compiled",
    "ratio": "times the stock engine",
    "reader": "whole reader, events out",
    "differences": "lines with other rows",
}


def measure(kind: str, folder: Path, number: int, sample: int, repeats: int) -> dict[str, float]:
    """Return lines per second by contender; the stock engine reads only the first ``sample``."""
    lines = inputs.lines(kind, number)
    file = folder / f"{kind}.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    made = [Line(kind, place, text) for place, text in enumerate(lines, 1)]
    speeds = {
        "loop": _median(number, partial(_loop, file), repeats),
        "stock": _median(sample, partial(_fed, engines.STOCK[kind], lines[:sample]), repeats),
        "compiled": _median(number, partial(_fed, engines.COMPILED[kind], lines), repeats),
        "reader": _median(number, partial(_fed, engines.whole_reader, made), repeats),
    }
    return {
        **speeds,
        "ratio": speeds["compiled"] / speeds["stock"],
        "differences": engines.differences(kind, lines[: sample // 4]),
    }


def _median(lines: int, run: Callable[[], None], repeats: int) -> float:
    # Once for what is made once: templates, and what is learnt about them.
    run()
    seconds = []
    for _ in range(repeats):
        gc.collect()
        started = process_time()
        run()
        seconds.append(process_time() - started)
    return lines / median(seconds)


def _loop(file: Path) -> None:
    with file.open(encoding="utf-8", newline="\n") as opened:
        for _ in opened:
            pass


def _fed(contender: Callable[[], Callable[[Item], object]], items: Iterable[Item]) -> None:
    feed = contender()
    for item in items:
        feed(item)
