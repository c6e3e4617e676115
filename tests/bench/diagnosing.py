"""The whole way, in a process of its own: a verb of ``headend`` on files of growing length."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from bench import archive, inputs

_MB = 1_000_000
# A cause was found, or the evidence does not decide for each of them.
_ANSWERED = {0, 11}
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
        rows.append(_row(size, lines, run(file)))
        file.unlink()
    return rows


def measure_archive(
    verb: str, folder: Path, sizes: tuple[int, ...], *, packed: bool = False
) -> list[dict[str, float]]:
    """Return the same rows for ``verb`` on archives of several headends."""
    rows = []
    for size in sizes:
        written = archive.write(folder, size * _MB, packed=packed)
        rows.append(_row(size, written.lines, run(*written.files, verb=verb)))
        for file in written.files:
            file.unlink()
    return rows


def _row(size: int, lines: int, took: Run) -> dict[str, float]:
    return {
        "mb": size,
        "lines": lines,
        "seconds": took.seconds,
        "lines_per_second": lines / took.seconds,
        "peak_mb": took.peak,
    }


def run(*files: Path, verb: str = "diagnose") -> Run:
    """Give ``files`` to the program that users run."""
    command: list[str | Path] = [sys.executable, "-S", _LAUNCH, _HEADEND, verb, *files]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    status, seconds, kilobytes = done.stdout.split()
    if int(status) not in _ANSWERED:
        raise RuntimeError(f"headend {verb} ended with {status}")
    return Run(float(seconds), int(kilobytes) * 1024 / _MB)
