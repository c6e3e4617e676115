"""Lines per second of every contender over the same file, in one run."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

from bench import engines, inputs

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
    whole = _written(folder / f"{kind}.txt", lines)
    part = _written(folder / f"{kind}-sample.txt", lines[:sample])
    few = _written(folder / f"{kind}-few.txt", lines[: sample // 4])
    speeds = {
        "loop": _median(number, partial(_loop, whole), repeats),
        "stock": _median(sample, partial(engines.STOCK[kind], part), repeats),
        "compiled": _median(number, partial(engines.COMPILED[kind], whole), repeats),
        "reader": _median(number, partial(engines.whole_reader, whole), repeats),
    }
    return {
        **speeds,
        "ratio": speeds["compiled"] / speeds["stock"],
        "differences": engines.differences(kind, few),
    }


def _written(file: Path, lines: list[str]) -> Path:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _median(lines: int, run: Callable[[], object], repeats: int) -> float:
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
