"""The whole way, in a process of its own: ``headend diagnose`` on files of growing length."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from bench import inputs

_MB = 1_000_000
# A cause was found, or the evidence does not decide for each of them.
_DIAGNOSED = {0, 11}
_HEADEND = Path(sys.executable).parent / "headend"


class Run(NamedTuple):
    """What a process took: processor seconds, and the most memory that it held, in MB."""

    seconds: float
    peak: float


def measure(kind: str, folder: Path, sizes: tuple[int, ...]) -> list[dict[str, float]]:
    """Return a row for each of ``sizes`` in MB; the start of the program is part of each."""
    rows = []
    for size in sizes:
        file = folder / f"{kind}-{size}.txt"
        lines = inputs.write(kind, size * _MB, file)
        took = run(file)
        file.unlink()
        rows.append(
            {
                "mb": size,
                "lines": lines,
                "seconds": took.seconds,
                "lines_per_second": lines / took.seconds,
                "peak_mb": took.peak,
            }
        )
    return rows


def run(file: Path) -> Run:
    """Diagnose ``file`` with the program that users run."""
    child = subprocess.Popen([_HEADEND, "diagnose", file, "--json"], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in _DIAGNOSED:
        raise RuntimeError(f"headend diagnose ended with {child.returncode}")
    return Run(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / _MB)
