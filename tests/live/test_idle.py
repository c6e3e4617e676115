"""A capture that waits does nothing, and when something comes it is told at once."""

import time
from pathlib import Path

import pytest

from headend.lab import Lab
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


def test_the_verdict_is_told_within_200_ms_of_its_last_line(lab: Lab, cli: Cli) -> None:
    took = []
    for _ in range(4):  # a busy machine may spoil some, not all
        run = cli.start("investigate", "jdoe", "--json")
        run.wait_for("ready")
        lab.attempt("jdoe", group="CORP", token="000000")
        run.wait_for("attempt", user="jdoe", settled=True)
        told = time.time()
        lines = [each["received"] for each in run.events if each["event"] == "line"]
        took.append(told - lines[-1])
        run.result()
        if took[-1] < 0.2:
            break
    assert min(took) < 0.2, took
