"""The texts of ``show`` commands that tell how a headend fares: role, load, memory, time."""

from __future__ import annotations

from typing import Final

from headend.lab.box import Box
from headend.lab.clock import stamp
from headend.lab.identity import serial


def failover(box: Box) -> list[str]:
    """Return ``show failover``."""
    if box.role is None:
        return ["Failover Off", "Failover unit Secondary", "Failover LAN Interface: not Configured"]
    active = box.role == "active"
    ours, theirs = ("Active", "Standby Ready") if active else ("Standby Ready", "Active")
    unit, mate = ("Primary", "Secondary") if box.primary else ("Secondary", "Primary")
    mates = f"9ALAB{serial(box.mate)}" if box.mate else "9ALABMATE01"
    # The active unit's addresses go with the role.
    here, there = ("10", "2"), ("11", "3")
    if not active:
        here, there = there, here
    return [
        "Failover On ",
        f"Failover unit {unit}",
        "Failover LAN Interface: folink GigabitEthernet0/2 (up)",
        "Unit Poll frequency 1 seconds, holdtime 15 seconds",
        "Interface Poll frequency 5 seconds, holdtime 25 seconds",
        "Version: Ours 9.16(4), Mate 9.16(4)",
        f"Serial Number: Ours 9ALAB{serial(box)}, Mate {mates}",
        f"\tThis host: {unit} - {ours} ",
        "\t\tActive time: 871233 (sec)",
        f"\t\t  Interface outside (203.0.113.{here[0]}): Normal (Monitored)",
        f"\t\t  Interface inside (10.20.0.{here[1]}): Normal (Monitored)",
        f"\tOther host: {mate} - {theirs} ",
        "\t\tActive time: 0 (sec)",
        f"\t\t  Interface outside (203.0.113.{there[0]}): Normal (Monitored)",
        f"\t\t  Interface inside (10.20.0.{there[1]}): Normal (Monitored)",
    ]


def mode(box: Box) -> list[str]:
    """Return ``show mode``."""
    return [f"Security context mode: {'multiple' if box.spec.contexts else 'single'} "]


def contexts(box: Box) -> list[str] | None:
    """Return ``show context``: all of them from the admin context, else only the own one."""
    if not box.spec.contexts:
        return None
    names = list(box.spec.contexts)
    if box.context not in ("", names[0]):
        names = [box.context]
    return [
        "Context Name      Class      Interfaces           URL",
        *(
            f"{'*' if name == box.spec.contexts[0] else ' '}{name:<16} default    "
            f"GigabitEthernet0/{index}   disk0:/{name}.cfg"
            for index, name in enumerate(names)
        ),
        f"Total active Security Contexts: {len(names)}",
    ]


def cpu(box: Box) -> list[str]:
    """Return ``show cpu usage``."""
    load = box.cpu
    return [f"CPU utilization for 5 seconds = {load}%; 1 minute: {load}%; 5 minutes: {load}%"]


def memory(box: Box) -> list[str]:
    """Return ``show memory``."""
    total, free = 2147483648, box.spec.free_memory
    return [
        f"Free memory:       {total * free // 100:>10} bytes ({free:>2}%)",
        f"Used memory:       {total * (100 - free) // 100:>10} bytes ({100 - free:>2}%)",
        "-------------     ------------------",
        f"Total memory:      {total:>10} bytes (100%)",
    ]


def load_balancing(box: Box) -> list[str]:
    """Return ``show vpn load-balancing``: the cluster, and its members (public captures)."""
    peers = [one.spec.public_ip for one in box.cluster if one is not box]
    peers += box.spec.cluster_peers
    if not peers and not box.spec.cluster:
        return ["Status: disabled", f"Checked at {stamp()}"]
    rule = "-" * 74
    master = box.cluster[0] is box
    here = _member("Master" if master else "Backup", f"{box.spec.public_ip}*")
    others = [
        _member("Master" if peer == box.cluster[0].spec.public_ip else "Backup", peer)
        for peer in peers
    ]
    role = "Master" if master else "Backup"
    return [
        rule,
        "  Status     Role     Failover   Encryption   Peers     Cluster IP",
        rule,
        f"  Enabled    {role}   n/a        Enabled   {len(peers):>8}     203.0.113.100",
        "",
        "Peers:",
        rule,
        "  Role    Pri  Model           Load-Balancing Version  Public IP",
        rule,
        here,
        *others,
    ]


def _member(role: str, address: str) -> str:
    return f"  {role}   5   ASAv                        4           {address}"


_NTP: Final = [
    "Clock is synchronized, stratum 3, reference is 10.20.3.1",
    "nominal freq is 99.9984 Hz, actual freq is 99.9984 Hz, precision is 2**6",
    "clock offset is 0.4120 msec, root delay is 1.72 msec",
    "root dispersion is 11.10 msec, peer dispersion is 2.44 msec",
]


def ntp_status(box: Box) -> list[str]:
    """Return ``show ntp status``."""
    if box.spec.follows_ntp:
        return list(_NTP)
    return ["Clock is unsynchronized, stratum 16, no reference clock", *_NTP[1:]]
