"""Years of syslog of several headends with an outage of one server in the middle of them.

Every call gives the same lines. Traffic is most of it; a quarter tells of logins by hundreds of
thousands of users, some of them with hostile names and some hidden.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bench.inputs import traffic

HEADENDS = ("vpn-1", "vpn-2", "vpn-3")
DEAD, OTHER = "10.9.0.5", "10.9.0.6"
_BEGIN, _END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
_OUTAGE = datetime(2025, 6, 17, 9, 40, tzinfo=UTC)
_LENGTH = timedelta(minutes=95)
# How much of all lines is written while the server is dead: everybody tries, and again.
_SHARE = 0.01
_LOGINS = 0.05
_USERS = 300_000
_LINE = 155
_TRAFFIC = 20_000
_HOSTILE = (
    "robert'); DROP TABLE users;--",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "jdoe : server = 10.9.0.6 : user = root",
    "\u202eeodj",
    "a" * 4096,
)


class Archive(NamedTuple):
    """What was written, and what is true of the outage in it."""

    files: tuple[Path, ...]
    lines: int
    first: datetime
    last: datetime
    users: int


def write(folder: Path, size: int, *, packed: bool = False) -> Archive:
    """Write about ``size`` bytes, one file a headend; ``packed`` as rotated archives are."""
    each = size // (_LINE * len(HEADENDS))
    paths = tuple(folder / f"{name}.log{'.gz' if packed else ''}" for name in HEADENDS)
    failed: set[str] = set()
    times: list[datetime] = []
    lines = 0
    for name, path in zip(HEADENDS, paths, strict=True):
        with (
            gzip.open(path, "wt", 1, "utf-8") if packed else path.open("w", encoding="utf-8") as out
        ):
            written = _lines(name, each, failed, times)
            while chunk := list(islice(written, 10_000)):
                out.write("\n".join(chunk) + "\n")
                lines += len(chunk)
    return Archive(paths, lines, min(times), max(times), len(failed))


def _lines(headend: str, number: int, failed: set[str], times: list[datetime]) -> Iterator[str]:
    chance = random.Random(headend)  # noqa: S311 - a mix, not a secret
    idle = [traffic(chance, one) for one in range(_TRAFFIC)]
    at = 0
    while at < number:
        moment, dead = _moment(at / number)
        head = f"{moment:%b %d %Y %H:%M:%S} {headend} : "
        if chance.random() > _LOGINS:
            yield head + idle[at % _TRAFFIC]
            at += 1
            continue
        user = _user(chance)
        server = DEAD if dead or chance.random() < 0.5 else OTHER
        if dead:
            failed.add(user.partition("@")[0].rpartition("\\")[2])
            times.append(moment.replace(microsecond=0, tzinfo=None))
        for said in _login(chance, user, server, silent=dead or chance.random() < 0.0005):
            yield head + said
            at += 1


def _moment(part: float) -> tuple[datetime, bool]:
    """Return when the line at this part of the archive was written, and if the server was dead."""
    begin = (1 - _SHARE) / 2
    if part < begin:
        return _BEGIN + (_OUTAGE - _BEGIN) * (part / begin), False
    if part < begin + _SHARE:
        return _OUTAGE + _LENGTH * ((part - begin) / _SHARE), True
    left = (part - begin - _SHARE) / (1 - begin - _SHARE)
    return _OUTAGE + _LENGTH + (_END - _OUTAGE - _LENGTH) * left, False


def _user(chance: random.Random) -> str:
    if chance.random() < 0.001:
        return chance.choice(_HOSTILE)
    return chance.choice(("user{}", "CORP\\user{}", "user{}@corp.example")).format(
        chance.randrange(_USERS)
    )


def _login(chance: random.Random, user: str, server: str, *, silent: bool) -> Iterator[str]:
    client = f"{chance.randrange(1, 224)}.{chance.randrange(256)}.{chance.randrange(256)}.7"
    if silent:
        yield (
            f"%ASA-4-113014: AAA authentication server not accessible : server =  {server} : "
            f"user = {user}"
        )
        return
    if chance.random() < 0.15:
        name = "*****" if chance.random() < 0.3 else user
        yield (
            f"%ASA-6-113005: AAA user authentication Rejected : reason = AAA failure : "
            f"server =  {server} : user = {name} : user IP = {client}"
        )
        return
    yield f"%ASA-6-113004: AAA user authentication Successful : server =  {server} : user = {user}"
    yield f"%ASA-6-113009: AAA retrieved default group policy (GP-STAFF) for user = {user}"
    yield f"%ASA-6-113008: AAA transaction status ACCEPT : user = {user}"
    yield (
        f"%ASA-6-734001: DAP: User {user}, Addr {client}, Connection AnyConnect: The following "
        "DAP records were selected for this connection: DfltAccessPolicy"
    )
    yield (
        f"%ASA-6-113039: Group <GP-STAFF> User <{user}> IP <{client}> AnyConnect parent session "
        "started."
    )
