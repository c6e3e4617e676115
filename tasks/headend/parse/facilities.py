"""Every debug facility that is read: a new one is a template, a reader and its line here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from headend.model.event import Event
from headend.model.line import Line
from headend.parse.aaa import AAA
from headend.parse.aaa_servers import AAA_SERVERS
from headend.parse.client import ClientReader
from headend.parse.crypto_ca import CRYPTO_CA, OTHER
from headend.parse.dap import DAP
from headend.parse.facility import FacilityReader
from headend.parse.fsm import Row
from headend.parse.kerberos import KERBEROS
from headend.parse.ldap import LdapReader
from headend.parse.radius import RadiusReader
from headend.parse.saml import SAML
from headend.parse.sdi import SDI
from headend.parse.tacacs import TACACS
from headend.parse.webvpn import WEBVPN


class DebugReader(Protocol):
    """Reads the rows of one facility in one stream, and keeps what goes over lines."""

    template: str

    def kind(self, row: Row) -> str:
        """Return what kind of event a row is; empty where it is none."""
        ...

    def take(self, line: Line, kind: str, row: Row) -> tuple[Event, ...]:
        """Return what a row of this kind, which ``line`` gave, completes."""
        ...


# Asked in this order; the first that knows a line has it. Their templates do not overlap.
READERS: tuple[Callable[[], DebugReader], ...] = (
    LdapReader,
    partial(FacilityReader, AAA),
    # Kerberos knows which of the lines that both print are its own, RADIUS does not.
    partial(FacilityReader, KERBEROS),
    RadiusReader,
    partial(FacilityReader, TACACS),
    partial(FacilityReader, SDI),
    partial(FacilityReader, CRYPTO_CA),
    partial(FacilityReader, SAML),
    partial(FacilityReader, DAP),
    partial(FacilityReader, WEBVPN),
    partial(FacilityReader, OTHER),
    partial(FacilityReader, AAA_SERVERS),
    # The free text of an event log comes last: it takes any line.
    ClientReader,
)
