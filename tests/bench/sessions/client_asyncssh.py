"""Bare asyncssh: no check but the host key's, several commands in one write, no record."""

from __future__ import annotations

import asyncio
import re

import asyncssh

from bench.sessions.client import DEBUG, HOST, OFF, Access, Watch

_PROMPT = re.compile(rb"^[\w/-]+# ?", re.MULTILINE)
_ASKED = re.compile(rb"assword: ?$")
_FIRST = re.compile(rb"^\S+> ?$", re.MULTILINE)


def prepare(access: Access) -> None:
    del access


def run(access: Access, watch: Watch) -> None:
    asyncio.run(_run(access, watch))


async def _run(access: Access, watch: Watch) -> None:
    sessions = await asyncio.gather(*(armed(access, port) for port in access.ports))
    await watch.held_async()
    await asyncio.gather(*(_ended(*session) for session in sessions))


async def armed(
    access: Access, port: int
) -> tuple[asyncssh.SSHClientConnection, asyncssh.SSHClientProcess[bytes]]:
    connection = await asyncssh.connect(
        HOST,
        port,
        username=access.username,
        password=access.password,
        known_hosts=str(access.known_hosts),
        client_keys=None,
        preferred_auth="password",
        config=None,
        agent_path=None,
    )
    process = await connection.create_process(term_type="vt100", encoding=None)
    await _until(process, _FIRST)
    process.stdin.write(b"enable\n")
    await _until(process, _ASKED)
    # The password's prompt was read; what follows it is typed with it.
    process.stdin.write(f"{access.enable}\nterminal pager 0\n{DEBUG}\n".encode())
    await _until(process, _PROMPT, 3)
    return connection, process


async def _ended(
    connection: asyncssh.SSHClientConnection, process: asyncssh.SSHClientProcess[bytes]
) -> None:
    process.stdin.write(f"{OFF}\n".encode())
    await _until(process, _PROMPT)
    process.stdin.write(b"exit\n")
    await process.stdout.read()
    connection.close()
    await connection.wait_closed()


async def _until(
    process: asyncssh.SSHClientProcess[bytes], what: re.Pattern[bytes], times: int = 1
) -> None:
    seen = b""
    while len(what.findall(seen.replace(b"\r", b""))) < times:
        arrived = await process.stdout.read(65536)
        if not arrived:
            raise RuntimeError("the headend closed the session")
        seen += arrived
