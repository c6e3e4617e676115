"""A capture that waits does nothing: no thread looks twice in vain."""

import time
from pathlib import Path

import pytest

from live.drive import Cli

SECONDS = 3.0
# The watch on a screen or a keep-alive may fall into the time; a thread that polls wakes 30 times.
MOST = 20


def switches(pid: int) -> int:
    """Return how often the threads of a process went to sleep so far."""
    found = Path(f"/proc/{pid}/task").glob("*/status")
    lines = [line for path in found for line in path.read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt"))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
def test_nothing_polls_while_nobody_tries(cli: Cli) -> None:
    run = cli.start("investigate", "jdoe", "--json")
    run.wait_for("ready")
    # What was read before the arming is judged; then a quiet stretch has to be a quiet one.
    for _ in range(5):
        before = switches(run.process.pid)
        time.sleep(SECONDS)
        slept = switches(run.process.pid) - before
        if slept <= MOST:
            break
    assert slept <= MOST
    began = time.monotonic()
    run.process.terminate()
    run.result()
    # Far less than a keep-alive's time: the request itself wakes who listens.
    assert time.monotonic() - began < 10
    assert run.process.returncode == 130
