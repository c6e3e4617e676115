"""Processes that answer a line with a line of JSON, and end when nobody asks any more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TESTS = Path(__file__).parents[2]
_PATIENCE = 30.0


class Peer:
    """A running ``python -m bench.sessions.MODULE``."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    def tell(self, line: str) -> None:
        """Send one line."""
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self) -> Any:
        """Wait for the next answer."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended without an answer")
        return json.loads(line)

    def ask(self, line: str) -> Any:
        """Send one line and wait for its answer."""
        self.tell(line)
        return self.hear()


@contextmanager
def started(
    module: str, *arguments: object, environment: Mapping[str, str] | None = None
) -> Iterator[Peer]:
    """Run a module of this package for the length of the block."""
    process = subprocess.Popen(
        (sys.executable, "-m", f"bench.sessions.{module}", *map(str, arguments)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_TESTS,
        env={**os.environ, **(environment or {})},
    )
    try:
        yield Peer(process)
    finally:
        assert process.stdin
        assert process.stdout
        process.stdin.close()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def answer(value: object) -> None:
    """Print one answer, in the process that was asked."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()
