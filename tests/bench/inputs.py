"""What the benchmarks read: whole logins as debug text, and a syslog archive of mixed traffic.

Every call gives the same lines. Users, ids, handles, pointers and addresses differ from login to
login and from line to line, as they do on a headend.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from diagnosis.scenes import answered, closed, ldap, opened, radius_answer, radius_request, step

# Messages that one headend logs in one second, and how many of them tell of a login.
_RATE = 200
_LOGIN_SHARE = 0.05
_START = datetime(2026, 11, 20, 11, tzinfo=UTC)
_CHUNK = 2000


def debug() -> Iterator[str]:
    """Yield logins without end: a token's RADIUS server, then LDAP for the authorization."""
    for number in count():
        yield from login(number)


def login(number: int) -> Iterator[str]:
    """Yield one login: every third is rejected by the directory."""
    for piece in login_pieces(number):
        yield from piece


def login_pieces(number: int) -> list[list[str]]:
    """Return the lines of one login; what stands in one inner list comes in one piece."""
    user = f"user{number * 7919 % 100_003}"
    handle = 1000 + number
    pointer = f"0x00007fff{number * 0x2D0 % 0xFFFFFFFF:08x}"
    session = f"0x{number % 0xFFFF:x}"
    rejected = number % 3 == 0
    status, word = (-1, "REJECT") if rejected else (1, "ACCEPT")
    client = f"198.51.{number // 250 % 100}.{number % 250}"
    return [
        opened(handle, pointer, user, "RSA", "10.9.0.5"),
        radius_request(session, number % 256, pointer, user, "10.9.0.5", client=client),
        radius_answer(session, number % 256, pointer, 2, text=f"Welcome {user}"),
        answered(handle, pointer, 1, "ACCEPT"),
        step("authorization query", "AD", "10.9.0.1", user),
        ldap(number + 1, user, "775" if rejected else None, policy="" if rejected else "GP-STAFF"),
        answered(handle, pointer, status, word, "Authorization"),
        closed(handle, word),
    ]


def syslog() -> Iterator[str]:
    """Yield an archive without end: connections built and torn down, now and then a login."""
    chance = random.Random(20261120)  # noqa: S311 - a mix, not a secret
    prefixes = (_cisco, _priority, _relayed, _rfc5424, _bare)
    for number in count():
        moment = _START + timedelta(seconds=number / _RATE)
        said = _told(chance, number) if chance.random() < _LOGIN_SHARE else traffic(chance, number)
        yield prefixes[number % 50 // 10](moment, said)


def _cisco(moment: datetime, said: str) -> str:
    return f"{moment:%b %d %Y %H:%M:%S} vpn-1 : {said}"


def _priority(moment: datetime, said: str) -> str:
    return f"<166>{moment:%b %d %Y %H:%M:%S}: {said}"


def _relayed(moment: datetime, said: str) -> str:
    return f"{moment:%b %d %H:%M:%S} 10.20.0.1 {said}"


def _rfc5424(moment: datetime, said: str) -> str:
    """No two lines have the same time."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}+00:00 vpn-2 {said}"


def _bare(_moment: datetime, said: str) -> str:
    return said


def traffic(chance: random.Random, number: int) -> str:
    """Return a message of a connection, as most of an archive are."""
    inside = f"10.{chance.randrange(8)}.{chance.randrange(250)}.{chance.randrange(250)}"
    outside = f"203.0.{chance.randrange(113)}.{chance.randrange(250)}"
    port, ident = chance.randrange(1024, 65535), 100_000 + number
    made: tuple[Callable[[], str], ...] = (
        lambda: (
            f"%ASA-6-302013: Built outbound TCP connection {ident} for outside:{outside}/443 "
            f"({outside}/443) to inside:{inside}/{port} ({inside}/{port})"
        ),
        lambda: (
            f"%ASA-6-302014: Teardown TCP connection {ident} for outside:{outside}/443 to "
            f"inside:{inside}/{port} duration 0:00:{port % 60:02} bytes {port * 7} TCP FINs"
        ),
        lambda: (
            f"%ASA-6-302015: Built outbound UDP connection {ident} for outside:{outside}/53 "
            f"({outside}/53) to inside:{inside}/{port} ({inside}/{port})"
        ),
        lambda: (
            f"%ASA-6-302016: Teardown UDP connection {ident} for outside:{outside}/53 to "
            f"inside:{inside}/{port} duration 0:00:00 bytes {port}"
        ),
        lambda: (
            f"%ASA-6-305011: Built dynamic TCP translation from inside:{inside}/{port} to "
            f"outside:{outside}/{port}"
        ),
        lambda: (
            f"%ASA-4-106023: Deny tcp src outside:{outside}/{port} dst inside:{inside}/22 by "
            'access-group "OUTSIDE_IN" [0x0, 0x0]'
        ),
    )
    return chance.choice(made)()


def _told(chance: random.Random, number: int) -> str:
    user = f"user{chance.randrange(5000)}"
    client = f"198.51.100.{chance.randrange(250)}"
    return chance.choice(
        (
            (
                "%ASA-6-113004: AAA user authentication Successful : server = 10.9.0.1 : "
                f"user = {user}"
            ),
            (
                "%ASA-6-113005: AAA user authentication Rejected : reason = AAA failure : "
                f"server = 10.9.0.1 : user = {user} : user IP = {client}"
            ),
            f"%ASA-6-113009: AAA retrieved default group policy (GP-STAFF) for user = {user}",
            (
                f"%ASA-4-113019: Group = STAFF, Username = {user}, IP = {client}, Session "
                f"disconnected. Session Type: SSL, Duration: 1h:02m:{number % 60:02}s, Bytes xmt: "
                "4711, Bytes rcv: 815, Reason: User Requested"
            ),
            (
                f"%ASA-6-113039: Group <GP-STAFF> User <{user}> IP <{client}> AnyConnect parent "
                "session started."
            ),
            (
                "%ASA-6-725002: Device completed SSL handshake with client "
                f"outside:{client}/{1024 + number % 60000}"
            ),
            (
                f"%ASA-6-605005: Login permitted from {client}/50022 to inside:10.0.0.1/ssh "
                f"for user '{user}'"
            ),
        )
    )


KINDS: dict[str, Callable[[], Iterator[str]]] = {"debug": debug, "syslog": syslog}


def lines(kind: str, number: int) -> list[str]:
    """Return the first ``number`` lines of ``debug`` or ``syslog``."""
    return [line for line, _ in zip(KINDS[kind](), range(number), strict=False)]


def write(kind: str, size: int, file: Path) -> int:
    """Write at least ``size`` bytes of whole lines to ``file``; return how many lines they are."""
    source = KINDS[kind]()
    number = written = 0
    with file.open("w", encoding="utf-8", newline="\n") as out:
        while written < size:
            chunk = [next(source) for _ in range(_CHUNK)]
            written += out.write("\n".join(chunk) + "\n")
            number += len(chunk)
    return number
