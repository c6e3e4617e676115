"""scrapli 2026.2, asyncio over asyncssh: the last release before it became a library in Zig.

It has no ASA among its platforms: the levels are those of its users' drivers. It looks host keys
up without their port, so that here it checks none.
"""

from __future__ import annotations

import asyncio
import importlib
from typing import Any

from bench.sessions.client import DEBUG, HOST, OFF, Access, Watch

_TIME_LIMIT = 60
_USER, _PRIVILEGED = "exec", "privilege_exec"
_LOADED: dict[str, Any] = {}


def prepare(access: Access) -> None:
    del access
    level = importlib.import_module("scrapli.driver.network.base_driver").PrivilegeLevel
    driver = importlib.import_module("scrapli.driver").AsyncNetworkDriver
    _LOADED["driver"] = driver
    _LOADED["levels"] = {
        _USER: level(r"^[\w/-]{1,63}> ?$", _USER, "", "", "", False, ""),  # noqa: FBT003 - theirs
        _PRIVILEGED: level(
            pattern=r"^[\w/-]{1,63}# ?$",
            name=_PRIVILEGED,
            previous_priv=_USER,
            deescalate="disable",
            escalate="enable",
            escalate_auth=True,
            escalate_prompt=r"^[pP]assword:\s?$",
        ),
    }


def run(access: Access, watch: Watch) -> None:
    asyncio.run(_run(access, watch))


async def _run(access: Access, watch: Watch) -> None:
    sessions = await asyncio.gather(*(_armed(access, port) for port in access.ports))
    await watch.held_async()
    await asyncio.gather(*map(_ended, sessions))


async def _armed(access: Access, port: int) -> Any:
    session = _LOADED["driver"](
        host=HOST,
        port=port,
        auth_username=access.username,
        auth_password=access.password,
        auth_secondary=access.enable,
        auth_strict_key=False,
        transport="asyncssh",
        privilege_levels=_LOADED["levels"],
        default_desired_privilege_level=_PRIVILEGED,
        on_open=_opened,
        on_close=_closing,
        timeout_socket=_TIME_LIMIT,
        timeout_transport=_TIME_LIMIT,
        timeout_ops=_TIME_LIMIT,
    )
    await session.open()
    await session.send_command(DEBUG)
    return session


async def _opened(session: Any) -> None:
    await session.acquire_priv(_PRIVILEGED)
    await session.send_command("terminal pager 0")


async def _closing(session: Any) -> None:
    session.channel.write("exit")
    session.channel.send_return()


async def _ended(session: Any) -> None:
    await session.send_command(OFF)
    await session.close()
