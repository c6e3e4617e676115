"""The VPN sessions of accepted logins."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime

from headend.lab.clock import now, stamp


@dataclass(frozen=True)
class VpnSession:
    """One row of the session database."""

    index: int
    user: str
    assigned_ip: str
    public_ip: str
    group_policy: str
    tunnel_group: str
    since: datetime = field(default_factory=now)

    @property
    def duration(self) -> str:
        """The age as headends print it."""
        seconds = int((now() - self.since).total_seconds())
        return f"{seconds // 3600}h:{seconds // 60 % 60:02d}m:{seconds % 60:02d}s"

    def text(self) -> list[str]:
        """Return the block of ``show vpn-sessiondb anyconnect``."""

        def pair(left: str, one: object, right: str, two: object) -> str:
            return f"{left:<13}: {one!s:<23}{right:<13}: {two}"

        return [
            "",
            pair("Username", self.user, "Index", self.index),
            pair("Assigned IP", self.assigned_ip, "Public IP", self.public_ip),
            "Protocol     : AnyConnect-Parent SSL-Tunnel DTLS-Tunnel",
            "License      : AnyConnect Premium",
            "Encryption   : AnyConnect-Parent: (1)none  SSL-Tunnel: (1)AES-GCM-256",
            "Hashing      : AnyConnect-Parent: (1)none  SSL-Tunnel: (1)SHA384",
            pair("Bytes Tx", 14782, "Bytes Rx", 5538),
            pair("Group Policy", self.group_policy, "Tunnel Group", self.tunnel_group),
            f"Login Time   : {stamp(self.since)}",
            f"Duration     : {self.duration}",
            "Inactivity   : 0h:00m:00s",
            pair("VLAN Mapping", "N/A", "VLAN", "none"),
            f"Audt Sess ID : cb00710a{self.index * 0x1000:08x}{int(self.since.timestamp()):08x}",
            "Security Grp : none",
        ]


class VpnSessions:
    """The session database: who is connected, with which address."""

    def __init__(self) -> None:
        self.rows: list[VpnSession] = []
        self._index = 11

    def free_address(self, pool: str) -> str:
        """Return a free address of ``first-last``; empty when the pool is used up."""
        first, _, last = pool.partition("-")
        used = {row.assigned_ip for row in self.rows}
        number = ipaddress.IPv4Address(first)
        while number <= ipaddress.IPv4Address(last or first):
            if str(number) not in used:
                return str(number)
            number += 1
        return ""

    def add(self, user: str, address: str, public_ip: str, policy: str, group: str) -> VpnSession:
        """Record a new session."""
        self._index += 1
        row = VpnSession(self._index, user, address, public_ip, policy, group)
        self.rows.append(row)
        return row

    def of(self, user: str) -> list[VpnSession]:
        """Return a user's sessions, oldest first."""
        return [row for row in self.rows if row.user.lower() == user.lower()]

    def end(self, column: str, value: str) -> list[VpnSession]:
        """End the sessions whose ``user``, ``tunnel_group``, ``index``... has this value."""
        gone = [
            row
            for row in self.rows
            if column == "all" or str(getattr(row, column)).lower() == value.lower()
        ]
        self.rows = [row for row in self.rows if row not in gone]
        return gone
