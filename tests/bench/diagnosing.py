"""The whole way, in a process of its own: ``headend diagnose`` on files of growing length."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from bench import inputs

_MB = 1_000_000
# A cause was found, or the evidence does not decide for each of them.
_DIAGNOSED = {0, 11}
_HEADEND = Path(sys.executable).parent / "headend"
_LAUNCH = Path(__file__).with_name("launch.py")


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
    command = (sys.executable, "-S", _LAUNCH, _HEADEND, "diagnose", file)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    status, seconds, kilobytes = done.stdout.split()
    if int(status) not in _DIAGNOSED:
        raise RuntimeError(f"headend diagnose ended with {status}")
    return Run(float(seconds), int(kilobytes) * 1024 / _MB)
