"""``python -m fuzz [SECONDS]``: each target under atheris for so long, and what was tried."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from fuzz.corpus import BAIT, genuine

_RUNS = re.compile(r"Done (\d+) runs in (\d+) second")


def main() -> int:
    """Fuzz every target in a process of its own; return 1 where one broke."""
    if len(sys.argv) > 2:
        return _fuzz(sys.argv[1], sys.argv[2:])
    from fuzz.targets import TARGETS  # noqa: PLC0415 - the fuzzer itself imports it instrumented

    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    broken = 0
    print(f"{'target':14} {'inputs':>9} {'seconds':>8}")
    for name in TARGETS:
        with tempfile.TemporaryDirectory() as folder:
            for number, seed in enumerate([*BAIT, *genuine()]):
                Path(folder, f"seed-{number}").write_bytes(seed)
            run = subprocess.run(
                [
                    sys.executable, "-m", "fuzz", name, folder,
                    f"-max_total_time={seconds}", "-max_len=20000", "-timeout=20",
                    f"-artifact_prefix={tempfile.gettempdir()}/fuzz-{name}-",
                ],
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )  # fmt: skip
        done = _RUNS.search(run.stderr)
        if run.returncode or done is None:
            broken = 1
            print(f"{name:14} broke:\n{run.stderr[-3000:]}")
        else:
            print(f"{name:14} {int(done[1]):9,} {done[2]:>8}")
    return broken


def _fuzz(name: str, arguments: list[str]) -> int:
    import atheris  # noqa: PLC0415 - only the long run needs it

    with atheris.instrument_imports(include=["headend"]):
        from fuzz.targets import TARGETS  # noqa: PLC0415 - what is imported here is instrumented

    atheris.Setup([sys.argv[0], *arguments], TARGETS[name])
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
