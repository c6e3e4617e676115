"""The nouns of a headend's login policy: lines, certificates, callers, what they would meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# What a tunnel group does not say, an SSL login takes from the one and an IPsec login from the
# other (Cisco ASA VPN guide, default connection profiles).
SSL_DEFAULT, IPSEC_DEFAULT = "DefaultWEBVPNGroup", "DefaultRAGroup"


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """A line of the configuration: its number in the text that was read, and its own text."""

    number: int
    text: str
    under: str = ""

    def __str__(self) -> str:
        return f"{self.under} / {self.text}" if self.under else self.text


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A client certificate as certificate maps see it; names are compared without case.

    ``subject`` and ``issuer`` map attribute tags (``cn``, ``ou``, ...) to values.
    """

    subject: Mapping[str, str]
    issuer: Mapping[str, str]
    upn: str = ""
    usages: tuple[str, ...] = ("clientauth",)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who knocks, and what they choose: all that decides what they meet; ``None`` is not known.

    ``group`` is a tunnel group or an alias of one, ``url`` a group URL, ``interface`` where the
    login comes in.
    """

    user: str | None = None
    group: str | None = None
    url: str | None = None
    certificate: ClientCertificate | None = None
    interface: str | None = None


class Point(StrEnum):
    """The questions that a headend's configuration answers at a login, in their order."""

    ASKED_FOR_CERTIFICATE = "asked-for-certificate"
    TUNNEL_GROUP = "tunnel-group"
    CERTIFICATE = "certificate"
    PASSWORD = "password"  # noqa: S105 - a point of the policy
    PRIMARY = "primary-authentication"
    TOKEN = "token"  # noqa: S105 - likewise
    SECONDARY = "secondary-authentication"
    USER_NAME = "user-name"
    AUTHORIZATION = "authorization"
    GROUP_POLICY = "group-policy"
    LOGINS = "simultaneous-logins"
    PROTOCOLS = "tunnel-protocols"
    GROUP_LOCK = "group-lock"
    HOURS = "access-hours"
    FILTER = "filter"
    ADDRESSES = "address-pool"
    ACCESS_POLICY = "dynamic-access-policy"


class Known(StrEnum):
    """How far the configuration alone tells an answer."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one point comes to, the lines that decide it, and what they do not tell.

    No line: a built-in default of the headend decides.
    """

    point: Point
    value: str
    lines: tuple[PolicyLine, ...] = ()
    known: Known = Known.YES
    note: str = ""


@dataclass(frozen=True, slots=True)
class Encounter:
    """What a caller would meet at login, point by point."""

    caller: Caller
    answers: tuple[Answer, ...]
    warnings: tuple[str, ...] = ()
    by_point: Mapping[Point, Answer] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_point", {each.point: each for each in self.answers})

    def value(self, point: Point) -> str | None:
        """Return the answer at one point, ``None`` where the way does not get there."""
        answer = self.by_point.get(point)
        return answer.value if answer else None
