"""How long the command line takes to say what it can do, beside its library's own import."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

_COMMANDS: dict[str, tuple[str, ...]] = {
    "headend --help": (str(Path(sys.executable).with_name("headend")), "--help"),
    "python -c 'import typer'": (sys.executable, "-c", "import typer"),
    "python -c pass": (sys.executable, "-c", "pass"),
}


def measure(rounds: int) -> dict[str, float]:
    """Return the median milliseconds of each command; they take turns."""
    taken: dict[str, list[float]] = {name: [] for name in _COMMANDS}
    for _ in range(rounds + 1):
        for name, command in _COMMANDS.items():
            began = time.monotonic()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            taken[name].append((time.monotonic() - began) * 1000)
    # The first of each only warms the file cache.
    return {name: median(every[1:]) for name, every in taken.items()}
