"""The texts of ``show`` commands that tell how a headend fares: role, load, memory, time."""

from __future__ import annotations

from typing import Final

from headend.lab.box import Box
from headend.lab.clock import stamp
from headend.lab.identity import serial


def failover(box: Box) -> list[str]:
    """Return ``show failover``."""
    if box.spec.failover_role is None:
        return ["Failover Off", "Failover unit Secondary", "Failover LAN Interface: not Configured"]
    active = box.spec.failover_role == "active"
    ours, theirs = ("Active", "Standby Ready") if active else ("Standby Ready", "Active")
    unit, mate = ("Primary", "Secondary") if active else ("Secondary", "Primary")
    return [
        "Failover On ",
        f"Failover unit {unit}",
        "Failover LAN Interface: folink GigabitEthernet0/2 (up)",
        "Unit Poll frequency 1 seconds, holdtime 15 seconds",
        "Interface Poll frequency 5 seconds, holdtime 25 seconds",
        "Version: Ours 9.16(4), Mate 9.16(4)",
        f"Serial Number: Ours 9ALAB{serial(box)}, Mate 9ALABMATE01",
        f"\tThis host: {unit} - {ours} ",
        "\t\tActive time: 871233 (sec)",
        "\t\t  Interface outside (203.0.113.10): Normal (Monitored)",
        "\t\t  Interface inside (10.20.0.2): Normal (Monitored)",
        f"\tOther host: {mate} - {theirs} ",
        "\t\tActive time: 0 (sec)",
        "\t\t  Interface outside (203.0.113.11): Normal (Monitored)",
        "\t\t  Interface inside (10.20.0.3): Normal (Monitored)",
    ]


def cpu(box: Box) -> list[str]:
    """Return ``show cpu usage``."""
    load = box.spec.cpu
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
    if not box.spec.cluster_peers:
        return ["Status: disabled", f"Checked at {stamp()}"]
    rule = "-" * 74
    count = len(box.spec.cluster_peers)
    return [
        rule,
        "  Status     Role     Failover   Encryption   Peers     Cluster IP",
        rule,
        f"  Enabled    Master   n/a        Enabled   {count:>8}     203.0.113.100",
        "",
        "Peers:",
        rule,
        "  Role    Pri  Model           Load-Balancing Version  Public IP",
        rule,
        "  Master   5   ASAv                        4           203.0.113.10*",
        *(
            f"  Backup   5   ASAv                        4           {peer}"
            for peer in box.spec.cluster_peers
        ),
    ]


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
