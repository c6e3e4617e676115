"""scrapli 2026.10, asyncio: its own definition of an ASA, over its own libssh2."""

from __future__ import annotations

import asyncio

from scrapli import AuthOptions, Cli, LookupKeyValue, SessionOptions, TransportSsh2Options

from bench.sessions.client import DEBUG, HOST, OFF, Access, Watch

# Each session brings threads that poll while it opens: with many more at once they starve each
# other, and with 200 on two cores nearly all run into their time limits.
_AT_ONCE = 40
_TIME_LIMIT = 60


def prepare(access: Access) -> None:
    del access


def run(access: Access, watch: Watch) -> None:
    asyncio.run(_run(access, watch))


async def _run(access: Access, watch: Watch) -> None:
    turns = asyncio.Semaphore(_AT_ONCE)
    sessions = await asyncio.gather(*(_armed(access, port, turns) for port in access.ports))
    await watch.held_async()
    await asyncio.gather(*map(_ended, sessions))


async def _armed(access: Access, port: int, turns: asyncio.Semaphore) -> Cli:
    session = Cli(
        HOST,
        port=port,
        definition_file_or_name="cisco_asa",
        auth_options=AuthOptions(
            username=access.username,
            password=access.password,
            lookups=[LookupKeyValue("enable", access.enable)],
        ),
        session_options=SessionOptions(operation_timeout_s=_TIME_LIMIT),
        transport_options=TransportSsh2Options(known_hosts_path=str(access.known_hosts)),
    )
    async with turns:
        await session.open_async()
        await session.send_input_async(input_=DEBUG)
    return session


async def _ended(session: Cli) -> None:
    await session.send_input_async(input_=OFF)
    await session.close_async()
