"""Drive the real command line as a user or a script does."""

import contextlib
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 60


class Running:
    """A verb that runs with ``--json``: its events can be waited for, one by one."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.events: list[dict[str, Any]] = []

    def wait_for(self, event: str, **facts: object) -> dict[str, Any]:
        for found in self.follow():
            wanted = {"event": event, **facts}
            if all(found.get(key) == value for key, value in wanted.items()):
                return found
        stderr = self.process.stderr.read() if self.process.stderr else ""
        pytest.fail(f"{event} {facts} never came; stderr: {stderr}; events: {self.events[-3:]}")

    def result(self) -> dict[str, Any]:
        found = self.wait_for("result")
        assert not list(self.follow()), "the result is the last line"
        self.process.wait(PATIENCE)
        return found

    def follow(self) -> Iterator[dict[str, Any]]:
        assert self.process.stdout
        for line in self.process.stdout:
            self.events.append(json.loads(line))
            yield self.events[-1]


class Cli:
    """The ``headend`` command with the lab's environment and incidents of its own."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.folder = folder
        self.incidents = folder / "incidents"
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("HEADEND_")},
            **environment,
            "HEADEND_INCIDENTS": str(self.incidents),
        }
        self._started: list[subprocess.Popen[Any]] = []

    def run(
        self, *arguments: str, stdin: str | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            check=False,
            capture_output=True,
            text=True,
            input=stdin,
            timeout=PATIENCE,
            cwd=self.folder,
            env=self.environment | environment,
        )

    def start(self, *arguments: str, **environment: str) -> Running:
        process = subprocess.Popen(
            self.command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=self.environment | environment,
        )
        self._started.append(process)
        return Running(process)

    def on_a_terminal(
        self, *arguments: str, answer: str | None, **environment: str
    ) -> tuple[int, str]:
        """Run a verb on a terminal and answer its yes-or-no question; None interrupts."""
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            self.command(*arguments),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=self.folder,
            env=self.environment | environment | {"TERM": "dumb"},
        ) as process:
            self._started.append(process)
            os.close(theirs)
            text = ""
            until = time.monotonic() + PATIENCE
            # Linux reports an error when the other side of a terminal is closed.
            with contextlib.suppress(OSError):
                while time.monotonic() < until:
                    if select.select([ours], [], [], PATIENCE if answer else 2)[0]:
                        text += os.read(ours, 65536).decode()
                    if text.endswith("[y/N]: "):
                        if answer is None:
                            # As a person does: again, when it came before the reading had begun.
                            process.send_signal(signal.SIGINT)
                        else:
                            os.write(ours, f"{answer}\n".encode())
            os.close(ours)
            return process.wait(PATIENCE), text

    def investigate(self, user: str, *arguments: str) -> Running:
        return self.start("investigate", user, "--json", "--for", "30", *arguments)

    def incident(self) -> Path:
        folders = (path for path in self.incidents.iterdir() if path.is_dir())
        (found,) = (path for path in folders if not path.name.startswith("."))
        return found

    def close(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.wait(PATIENCE)
            for stream in (process.stdout, process.stderr):
                if stream:
                    stream.close()

    @staticmethod
    def command(*arguments: str) -> list[str]:
        return [str(Path(sys.executable).with_name("headend")), *arguments]
