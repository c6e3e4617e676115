"""Stock netmiko as its manual shows it, a thread for each headend."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from netmiko import BaseConnection, ConnectHandler

from bench.sessions.client import DEBUG, HOST, OFF, Access, Watch

_THREADS = 100


def prepare(access: Access) -> None:
    del access


def run(access: Access, watch: Watch) -> None:
    with ThreadPoolExecutor(_THREADS) as pool:
        sessions = list(pool.map(lambda port: armed(access, port), access.ports))
        watch.held()
        list(pool.map(_ended, sessions))


def armed(access: Access, port: int) -> BaseConnection:
    session = ConnectHandler(
        device_type="cisco_asa",
        host=HOST,
        port=port,
        username=access.username,
        password=access.password,
        secret=access.enable,
        ssh_strict=True,
        alt_host_keys=True,
        alt_key_file=str(access.known_hosts),
    )
    session.enable()
    session.send_command(DEBUG)
    return session


def _ended(session: BaseConnection) -> None:
    session.send_command(OFF)
    session.disconnect()
