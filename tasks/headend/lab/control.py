"""The Unix socket through which another process asks a running lab for a login attempt."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from headend.errors import HeadendError, InputError
from headend.lab.attempt import Attempt
from headend.lab.directory import right_password
from headend.lab.spec import AttemptResult

Attempter = Callable[[str | None, Attempt], Awaitable[AttemptResult]]


class Server:
    """One JSON line in, one JSON line out, one attempt a connection."""

    def __init__(self, path: Path, attempter: Attempter) -> None:
        self._path = path
        self._attempter = attempter
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; a socket left behind by a dead lab is replaced, a living lab's is not."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as living:
            living.connect(str(self._path))
            raise InputError(f"A lab is already running at {self._path.parent}")
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, str(self._path))
        self._path.chmod(0o600)

    async def stop(self) -> None:
        """Close the socket and remove its file."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await reader.readline()
            if line:  # a second lab only looks whether this one lives
                writer.write(json.dumps(await self._answer(line)).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            pass  # the asker went away
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            wish = json.loads(line)
            headend = wish.pop("headend", None)
            if wish.get("password") is None:
                wish["password"] = right_password(wish["user"])
            wish["answers"] = tuple(wish.get("answers", ()))
            return asdict(await self._attempter(headend, Attempt(**wish)))
        except HeadendError as error:
            return {"error": str(error)}
        except (ValueError, TypeError, KeyError) as error:
            return {"error": f"The lab did not understand the attempt: {error}"}


def ask(path: Path, wish: Mapping[str, Any]) -> AttemptResult:
    """Ask the lab behind ``path`` for one attempt; raises InputError when none runs there."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
        except OSError as error:
            raise InputError(
                f"No lab is running at {path.parent}", remedy="Start one with: headend lab up"
            ) from error
        connection.sendall(json.dumps(dict(wish)).encode() + b"\n")
        with connection.makefile("rb") as answers:
            answer = json.loads(answers.readline() or b'{"error": "The lab hung up"}')
    if "error" in answer:
        raise InputError(answer["error"])
    return AttemptResult(**{**answer, "prompts": tuple(answer["prompts"])})
