"""What a headend is asked about its AAA servers, and its own login attempt against one of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from nornir.core.inventory import Host

from headend.device.commands import CommandClass
from headend.device.connection import HeadendConnection
from headend.device.credentials import VAULT, Credentials
from headend.device.debug_set import AAA_SERVERS, TUNNEL_GROUPS
from headend.device.session import READ_ONLY, AsaSession
from headend.device.tasks import CONNECTION
from headend.errors import InputError, SessionLost
from headend.parse.prompt import match_prompt

COMMANDS = (
    "show aaa-server",
    AAA_SERVERS,
    TUNNEL_GROUPS,
    "show running-config aaa",
    "show clock",
    "show failover",
)
# Name and password are left out: the headend asks for them, and no log of commands holds them.
TEST = "test aaa-server authentication {group} host {host}"
_USERNAME, _PASSWORD = "Username:", "Password:"
_PATIENCE = 15.0  # seconds; for the reply on top of the time-out of the server


@dataclass(frozen=True)
class ProbeAccount:
    """The account that tests log in with."""

    username: str
    password: str

    def __repr__(self) -> str:
        """Return the account without its password."""
        return f"ProbeAccount({self.username!r})"


class _ProbeConnection(HeadendConnection):
    allowed = READ_ONLY | {CommandClass.PROBE}


@dataclass(frozen=True)
class Prober:
    """A session that may type ``test aaa-server``, besides what every session may."""

    session: AsaSession
    account: ProbeAccount

    def counters(self, group: str) -> str:
        """Return ``show aaa-server`` of one group."""
        return self.session.ask(f"show aaa-server {group}")

    def test(self, group: str, host: str, timeout: float) -> tuple[str, bool]:
        """Let the headend log in at one server.

        Returns its reply, and whether it asked for the password; if not, none was written.

        ``timeout`` is the server's own in seconds. Raises ``CommandRefused`` for a name that may
        not be typed, ``SessionLost`` where the session ends or falls silent.
        """
        session, account = self.session, self.account
        session.drain()
        session.write_channel(TEST.format(group=group, host=host) + "\n")
        for question, value in ((_USERNAME, account.username), (_PASSWORD, account.password)):
            text = session.read_until(self._waits_at(question), _PATIENCE)
            if _last_line(text) != question:
                return _without_echo(text), False
            session.answer(value)
        try:
            text = session.read_until(self._waits_at(), timeout + _PATIENCE)
        except SessionLost as lost:
            remedy = "The password was sent: it may count as a try of the account"
            raise SessionLost(lost.message, remedy=remedy) from lost
        return _without_echo(text), True

    def _waits_at(self, question: str | None = None) -> Callable[[str], bool]:
        def waits(text: str) -> bool:
            last = _last_line(text)
            found = match_prompt(last)
            ours = found is not None and found[0].hostname == self.session.prompt.hostname
            return ours or last == question

        return waits


@contextmanager
def prober(host: Host, account: ProbeAccount) -> Iterator[Prober]:
    """Log in at a headend of the inventory to test its servers; see ``open_session``."""
    given = host.get_connection_parameters(CONNECTION)
    connection = _ProbeConnection()
    connection.open(
        given.hostname,
        given.username,
        given.password,
        given.port,
        given.platform,
        given.extras,
    )
    try:
        yield Prober(connection.connection, account)
    finally:
        connection.close()


def probe_account(host: Host) -> ProbeAccount:
    """Resolve the probe account's references of one headend.

    Raises ``InputError`` where there is no name or no password, or one that cannot be typed.
    """
    extras = host.get_connection_parameters(CONNECTION).extras or {}
    references = Credentials.from_data(extras.get("credentials"))
    name = VAULT.resolve(references.probe_username, "probe username", host.name)
    password = VAULT.resolve(references.probe_password, "probe password", host.name)
    for role, value in (("user name", name), ("password", password)):
        if not value:
            raise InputError(
                f"There is no {role} of a probe account for {host.name}",
                remedy="Set HEADEND_PROBE_USERNAME and HEADEND_PROBE_PASSWORD, or probe_username "
                "and probe_password among the inventory's credentials",
            )
        if not value.isprintable():
            raise InputError(f"The {role} of the probe account cannot be typed on one line")
    return ProbeAccount(name or "", password or "")


def _last_line(text: str) -> str:
    return re.split(r"[\r\n]", text)[-1].rstrip(" ")


def _without_echo(text: str) -> str:
    return text.replace("\r", "").partition("\n")[2].rpartition("\n")[0]
