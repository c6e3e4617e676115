"""Our session and our arming by themselves, without Nornir, a preflight or a record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bench.sessions.client import DEBUG, HOST, Access, Watch
from headend.device import debugs
from headend.device.access import Access as Way
from headend.device.connection import open_session
from headend.device.debug_set import DebugSet
from headend.device.session import AsaSession


def prepare(access: Access) -> None:
    del access


def run(access: Access, watch: Watch) -> None:
    with ThreadPoolExecutor(len(access.ports)) as pool:
        sessions = list(pool.map(lambda port: _armed(access, port), access.ports))
        watch.held()
        list(pool.map(_ended, sessions))


def _armed(access: Access, port: int) -> AsaSession:
    session = open_session(HOST, port, Way(known_hosts=access.known_hosts))
    debugs.arm(session, DebugSet(((DEBUG,),)))
    return session


def _ended(session: AsaSession) -> None:
    debugs.disarm(session)
    session.disconnect()
