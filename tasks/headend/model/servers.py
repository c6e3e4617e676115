"""The AAA servers of a headend, who depends on them, and what stands out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LOCAL = "LOCAL"
ANSWERS = ("accepts", "rejects", "challenges")


class Role(StrEnum):
    """What a server group is asked for."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    AUTHORIZATION = "authorization"
    ACCOUNTING = "accounting"
    ADMINISTRATORS = "administrators"


class Gravity(StrEnum):
    """How bad it is: logins fail by it, it may explain some that fail, or it is worth knowing."""

    FAULT = "fault"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Use:
    """A tunnel group that depends on a server group, or a line about the headend's own logins.

    ``inherited_from`` names the tunnel group that says it, where ``by`` says nothing itself.
    ``asked`` is false where the group is named and its logins never ask it (certificate, SAML).
    """

    by: str
    role: Role
    inherited_from: str | None = None
    local_fallback: bool = False
    asked: bool = True


@dataclass(frozen=True, slots=True)
class AaaServer:
    """A server as ``show aaa-server`` prints it; what was not printed is ``None``.

    ``counters`` is by name (``accepts``, ``timeouts``); ``round_trip`` is in milliseconds,
    ``timeout`` (as configured, ``None`` is the headend's default) and ``age`` of the state in
    seconds.
    """

    address: str
    hostname: str | None = None
    port: int | None = None
    state: str | None = None
    since: str | None = None
    age: float | None = None
    pending: int | None = None
    round_trip: int | None = None
    timeout: int | None = None
    counters: Mapping[str, int] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        """Whether the headend asks it."""
        return self.state == "ACTIVE"

    @property
    def answers(self) -> int:
        """How many usable answers it gave."""
        return sum(self.counters.get(name, 0) for name in ANSWERS)


@dataclass(frozen=True, slots=True)
class ServerGroup:
    """A server group with its settings; ``uses`` is ``None`` where they could not be read."""

    name: str
    protocol: str
    servers: tuple[AaaServer, ...] = ()
    uses: tuple[Use, ...] | None = ()
    max_failed_attempts: int | None = None
    reactivation: str | None = None

    def server(self, host: str) -> AaaServer | None:
        """Return the server of that address or name."""
        return next((one for one in self.servers if host in {one.address, one.hostname}), None)


@dataclass(frozen=True, slots=True)
class Remark:
    """What stands out about a group, or about one of its servers, and what to do about it."""

    group: str
    server: str | None
    gravity: Gravity
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Survey:
    """A headend's server groups, what stands out, and the commands that it did not answer.

    A ``standby`` unit counts only its own requests, and no VPN login makes one there.
    """

    groups: tuple[ServerGroup, ...]
    remarks: tuple[Remark, ...]
    refused: tuple[str, ...] = ()
    standby: bool = False

    def group(self, name: str) -> ServerGroup | None:
        """Return the group of that name; names are compared as they are spelt."""
        return next((one for one in self.groups if one.name == name), None)


class Outcome(StrEnum):
    """What a test came to. ``refused``: the headend asked for no password, nothing was tried."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CHALLENGED = "challenged"
    SILENT = "silent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ServerTest:
    """One ``test aaa-server``: its outcome, the headend's own words, and what they mean.

    ``rises`` are the counters that rose meanwhile, by other people's logins too; ``None`` where
    they could not be compared. ``witness`` says whether they tell the same as the reply,
    ``answered`` whether the server may have counted the password. ``again`` is true of the one
    repetition after a silence.
    """

    group: str
    server: str
    outcome: Outcome
    words: str
    reason: str
    remedy: str
    rises: Mapping[str, int] | None
    witness: str
    answered: bool
    again: bool = False
