"""The lab's headends in a process of their own, with a measured flood of debug.

``python -m bench.sessions.headends NUMBER FOLDER`` prints where they are, then answers:

``state``: how many sessions are open and armed, and the processor seconds taken so far;
``trickle SECONDS``: print a line so often in every armed session, and let somebody log in now and
then, until none is armed any more;
``printed``: how many lines each headend's armed session was sent since the last time, all that
was echoed and replied included, up to the ``exit``;
``flood PARTS``: print so many parts and ``END`` in the armed sessions, as fast as they are taken,
or until none is armed any more; the answer says what was printed.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections import Counter
from pathlib import Path
from typing import ClassVar

import asyncssh

from bench import inputs
from bench.sessions.marks import END, MARK
from bench.sessions.processes import answer
from headend.lab import HeadendSpec, Lab, ssh_server
from headend.lab.attempt import Attempt
from headend.lab.directory import PEOPLE, right_password
from headend.lab.spec import AttemptResult

PART = 256 * 1024  # bytes, about
_POOL = 16
_LOGIN_EVERY = 20.0  # seconds


class _Channel(ssh_server._Channel):  # noqa: SLF001 - the lab's door, with a look at its flow
    """A channel that knows whether its client has taken what was written."""

    opened: ClassVar[list[_Channel]] = []
    printed: ClassVar[Counter[str]] = Counter()

    def __init__(self, door: ssh_server.Door) -> None:
        super().__init__(door)
        self.taken = asyncio.Event()
        self.taken.set()
        self.name = door.box.spec.name
        self.lines = 0
        self._leaving = False
        self._counted = False
        self.opened.append(self)

    def pause_writing(self) -> None:
        self.taken.clear()

    def resume_writing(self) -> None:
        self.taken.set()

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        self._leaving = self._leaving or data.startswith(b"exit")
        super().data_received(data, datatype)
        self._counted = self._counted or self.armed

    def _write(self, text: str) -> None:
        if not self._leaving:
            self.lines += text.count("\n")
        super()._write(text)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.taken.set()
        self.opened.remove(self)
        if self._counted:
            self.printed[self.name] += self.lines

    @property
    def armed(self) -> bool:
        return bool(self._shell and self._shell.alive and self._shell.debugs)

    def show(self, lines: list[str]) -> None:
        if self._shell:
            self._shell.write_lines(lines)


def parts(folder: Path) -> list[list[str]]:
    """Return the parts of a flood, each some thousand lines of whole logins; keep them in a file.

    They come again and again in this order, each behind a line that numbers it.
    """
    made: list[list[str]] = [[]]
    size = 0
    for line in inputs.debug():
        if size > PART:
            if len(made) == _POOL:
                break
            made.append([])
            size = 0
        made[-1].append(line)
        size += len(line) + 2
    (folder / "flood.txt").write_text(
        "".join(
            f"{MARK}{number}\n" + "".join(f"{line}\n" for line in part)
            for number, part in enumerate(made)
        ),
        encoding="utf-8",
    )
    return made


async def flood(pool: list[list[str]], number: int) -> dict[str, float]:
    """Print ``number`` parts; say how many bytes and lines they were, and in how many seconds."""
    size = lines = 0
    began = time.monotonic()
    for at in range(number + 1):
        armed = [channel for channel in _Channel.opened if channel.armed]
        part = [f"{MARK}{at}", *pool[at % len(pool)]] if at < number else [END]
        for channel in armed:
            channel.show(part)
        if not armed:
            break
        size += sum(map(len, part)) + 2 * len(part)
        lines += len(part)
        await asyncio.sleep(0)
        for channel in armed:
            await channel.taken.wait()
    return {"bytes": size, "lines": lines, "seconds": time.monotonic() - began}


async def trickle(lab: Lab, pause: float) -> None:
    """Print a line every ``pause`` seconds while any session is armed; every so often, a login."""
    source = inputs.debug()
    users = itertools.cycle(PEOPLE)
    login_due = 0
    logins: set[asyncio.Task[AttemptResult]] = set()
    while armed := [channel for channel in _Channel.opened if channel.armed]:
        line = next(source)
        for channel in armed:
            channel.show([line])
        login_due -= 1
        if login_due <= 0:
            login_due = max(1, round(_LOGIN_EVERY / pause))
            user = next(users)
            attempt = Attempt(user, right_password(user), client_ip="198.51.100.9")
            logins.add(asyncio.create_task(lab.attempt_soon(armed[0].name, attempt)))
        await asyncio.sleep(pause)
    await asyncio.gather(*logins)


def state() -> dict[str, float]:
    return {
        "open": len(_Channel.opened),
        "armed": sum(channel.armed for channel in _Channel.opened),
        "cpu": time.process_time(),
    }


def printed() -> dict[str, int]:
    found = dict(_Channel.printed)
    _Channel.printed.clear()
    return found


def main(number: int, folder: Path) -> None:
    ssh_server._Channel = _Channel  # type: ignore[misc]  # noqa: SLF001 - likewise
    pool = parts(folder)
    specs = [HeadendSpec(f"vpn-{place}") for place in range(1, number + 1)]
    with Lab(specs) as lab:
        ports = [one.port for one in lab.headends.values()]
        keys = [one.known_hosts_line.split()[1:] for one in lab.headends.values()]
        answer({"ports": ports, "keys": keys, "environment": lab.environment})
        for line in sys.stdin:
            what, *given = line.split()
            if what == "flood":
                answer(lab.wait(flood(pool, int(given[0]))))
            elif what == "trickle":
                answer(lab.wait(trickle(lab, float(given[0]))))
            elif what == "printed":
                answer(lab.call(printed))
            else:
                answer(lab.call(state))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
