"""What a simulated headend is: its name, its personality and its public credentials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Login:
    """The lab's management credentials: public on purpose, worth nothing elsewhere."""

    username: str = "labadmin"
    password: str = "lab-Passw0rd"  # noqa: S105 - a public lab credential
    enable: str = "lab-Enable1"


LOGIN = Login()

PromptStyle = Literal["hostname", "priority-state"]
FailoverRole = Literal["active", "standby"]

BANNER = (
    "########################################################\r\n"
    "# Authorised use only. Sessions are logged. vpn-lab#    \r\n"
    "########################################################\r\n"
)


@dataclass(frozen=True)
class SshSpec:
    """How a headend's SSH server lets people in.

    ``methods`` are of ``password``, ``keyboard-interactive`` and ``publickey``. ``codes`` open one
    login each, in place of the password or, ``code_behind_password``, after it; ``enable_codes``
    one ``enable`` each. ``old`` offers the algorithms of ten years ago and no other.
    """

    methods: tuple[str, ...] = ("password",)
    codes: tuple[str, ...] = ()
    code_behind_password: bool = False
    enable_codes: tuple[str, ...] = ()
    public_key: str = ""
    old: bool = False


@dataclass(frozen=True)
class HeadendSpec:
    """One headend's personality; the defaults are a healthy single unit.

    Times are seconds, so that a test can wait for what takes a device minutes.
    ``other_session_debugs`` arms debugs, such as ``"ldap"``, in another engineer's session;
    ``conditions`` are debug conditions that somebody left (``"webvpn condition user x"``).
    ``mate`` is the name of the other unit of a failover pair. Headends of one ``cluster`` balance
    their load; ``cluster_peers`` are the addresses of members that the lab does not have.
    ``contexts`` makes it one of multiple context mode: the first is the admin context, and its
    users log in at the others. ``replies`` maps a command to what it prints instead, as other
    releases and broken headends do. ``clock_offset`` is how far its clock is ahead of ours.
    ``keep_output`` keeps every byte that a session was sent, for a test that looks for each.
    """

    name: str
    site: str = "lab"
    port: int = 0
    privilege: int = 15
    prompt_style: PromptStyle = "hostname"
    banner: str = BANNER
    quota: int = 5
    ssh_timeout: float = 300.0
    auto_enable: bool = False
    refuse_enable: bool = False
    ask_anonymous_reporting: bool = False
    debug_trace: bool = False
    hide_username: bool = False
    ftd: bool = False
    failover_role: FailoverRole | None = None
    cpu: int = 7
    free_memory: int = 62
    follows_ntp: bool = True
    mate: str = ""
    cluster: str = ""
    cluster_peers: tuple[str, ...] = ()
    public_ip: str = "203.0.113.10"
    contexts: tuple[str, ...] = ()
    clock_offset: float = 0.0
    replies: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    other_session_debugs: tuple[str, ...] = ()
    radius_timeout: float = 0.5
    wrap_debug: bool = False
    shunned: tuple[str, ...] = ()
    pace: float = 0.01
    keep_output: bool = False
    ssh: SshSpec = field(default_factory=SshSpec)
    extra_configuration: str = field(default="", repr=False)


def default_specs(base_port: int = 0) -> tuple[HeadendSpec, ...]:
    """Return the three headends of the default lab; ``base_port`` 0 takes any free ports."""
    sites = (("vpn-1", "berlin"), ("vpn-2", "boston"), ("vpn-3", "osaka"))
    return tuple(
        HeadendSpec(name, site=site, port=base_port + number if base_port else 0)
        for number, (name, site) in enumerate(sites)
    )


@dataclass(frozen=True)
class AttemptResult:
    """What the person at the VPN client saw of one login attempt."""

    headend: str
    accepted: bool
    message: str
    prompts: tuple[str, ...]
    seconds: float
