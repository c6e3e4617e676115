"""The texts of ``show`` commands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

from headend.lab import show_health
from headend.lab.box import Box
from headend.lab.clock import clock_line, now
from headend.lab.identity import serial
from headend.lab.modes import ROOTS
from headend.lab.spec import LOGIN

_VERSION: Final = """\
Cisco Adaptive Security Appliance Software Version 9.16(4)
SSP Operating System Version 2.10(1.217)
Device Manager Version 7.18(1)

Compiled on Thu 13-Oct-22 05:51 GMT by builders
System image file is "boot:/asa9164-smp-k8.bin"
Config file at boot was "startup-config"

{name} up 41 days 19 hours

Hardware:   ASAv, 2048 MB RAM, CPU Xeon 4100 series 2400 MHz,
Model Id:   ASAv10
Internal ATA Compact Flash, 8192MB
Slot 1: ATA Compact Flash, 8192MB
BIOS Flash Firmware Hub @ 0x0, 0KB

 0: Ext: Management0/0       : address is 0050.56aa.0010, irq 11
 1: Ext: GigabitEthernet0/0  : address is 0050.56aa.0011, irq 11
 2: Ext: GigabitEthernet0/1  : address is 0050.56aa.0012, irq 10

License mode: Smart Licensing
ASAv Platform License State: Licensed

Licensed features for this platform:
Maximum VLANs                     : 50
Failover                          : Active/Standby
Encryption-3DES-AES               : Enabled
AnyConnect Premium Peers          : 250
AnyConnect Essentials             : Disabled
Total VPN Peers                   : 250
Cluster                           : Disabled

Serial Number: 9ALAB{serial}

Image type          : Release
Key version         : A

Configuration last modified by {admin} at 09:12:01.123 UTC Mon Nov 23 2026"""

_FTD_VERSION: Final = """\
-------------------[ {name} ]--------------------
Model                     : Cisco Firepower Threat Defense for VMware (75) Version 7.4.1 (Build 172)
UUID                      : 2f1c4d88-7b11-11ee-9c1f-a5d3c0ffee01
LSP version               : lsp-rel-20231011-1536
VDB version               : 376
----------------------------------------------------"""


def version(box: Box) -> list[str]:
    """Return ``show version``; on Threat Defense the management shell's."""
    if box.spec.ftd:
        return _FTD_VERSION.format(name=box.spec.name).split("\n")
    text = _VERSION.format(name=box.hostname, serial=serial(box), admin=LOGIN.username)
    return text.split("\n")


def running_config(box: Box, section: str = "", *, masked: bool = True) -> list[str] | None:
    """Return ``show running-config``, or one section of it; None for an unknown section."""
    words = section.split()
    if words[:1] == ["all"]:
        words = words[1:]
    if words:
        known = ROOTS | {node.tokens[0] for node in box.configuration.root.children}
        begun = [word for word in sorted(known) if word.startswith(words[0])]
        if not begun:
            return None
        words[0] = words[0] if words[0] in known else begun[0]
        return box.configuration.text(masked=masked, section=words).splitlines()
    return [
        ": Saved",
        "",
        ": ",
        f": Serial Number: 9ALAB{serial(box)}",
        ": Hardware:   ASAv, 2048 MB RAM, CPU Xeon 4100 series 2400 MHz",
        ":",
        "ASA Version 9.16(4) ",
        "!",
        *box.configuration.text(masked=masked).splitlines(),
        f"Cryptochecksum:{box.configuration.checksum()}",
        ": end",
    ]


def startup_config(box: Box) -> list[str]:
    """Return ``show startup-config``: what was saved last."""
    return [
        ": Saved",
        ": Written by enable_15 at 09:12:31.547 UTC Tue Nov 24 2026",
        "!",
        "ASA Version 9.16(4) ",
        "!",
        *box.saved_text.splitlines(),
        f"Cryptochecksum:{box.saved_checksum}",
    ]


def checksum_line(digest: str) -> str:
    """Return a checksum as ``show checksum`` and ``write memory`` print it: four words."""
    return "Cryptochecksum: " + " ".join(digest[at : at + 8] for at in range(0, 32, 8))


def ssh_sessions(box: Box) -> list[str]:
    """Return ``show ssh sessions``: two rows a session, one a direction.

    A context lists what logged in at its own address, and here everybody does at the admin's.
    """
    out = ["SID Client IP       Version Mode Encryption Hmac     State            Username"]
    for one in box.living if box.context in ("", *box.spec.contexts[:1]) else ():
        tail = f"aes256-ctr sha256   SessionStarted   {one.username}"
        out.append(f"{one.sid:<3} {one.client_ip:<15} 2.0     IN   {tail}")
        out.append(f"{'':<28}OUT  {tail}")
    return out


def ssh_settings(box: Box) -> list[str]:
    """Return ``show ssh``: the idle time-out is what an engineer looks for."""
    minutes = " ".join(box.configuration.value("ssh", "timeout") or ["5"])
    return [
        f"Timeout: {minutes} minutes",
        "Version allowed: 2",
        "Cipher encryption algorithms enabled: aes256-ctr aes128-ctr",
        "Cipher integrity algorithms enabled: hmac-sha2-256",
        "",
        "Hosts allowed to ssh into the system:",
        "0.0.0.0 0.0.0.0 inside",
    ]


def vpn_sessions(box: Box, narrow: str = "") -> list[str]:
    """Return ``show vpn-sessiondb anyconnect``; ``narrow`` is what follows ``filter``."""
    rows = box.vpn.rows
    words = narrow.split()
    column = {"name": "user", "tunnel-group": "tunnel_group", "p-ipaddress": "public_ip"}
    if len(words) > 1:
        name = column.get(words[0], "group_policy")
        rows = [row for row in rows if str(getattr(row, name)).lower() == words[1].lower()]
    if not rows:
        kind = " of the type specified" if words else ""
        return [f"INFO: There are presently no active sessions{kind}"]
    return ["", "Session Type: AnyConnect", *(line for row in rows for line in row.text())]


def vpn_summary(box: Box) -> list[str]:
    """Return ``show vpn-sessiondb summary``."""
    count = len(box.vpn.rows)
    rule = "-" * 75
    return [
        rule,
        "VPN Session Summary",
        rule,
        "                               Active : Cumulative : Peak Concur : Inactive",
        f"AnyConnect Client            : {count:>6} : {count:>10} : {count:>11} :        0",
        f"  SSL/TLS/DTLS               : {count:>6} : {count:>10} : {count:>11} :        0",
        rule,
    ]


def shuns(box: Box) -> list[str]:
    """Return ``show shun``."""
    return [f"shun (outside) {address} 0.0.0.0 0 0 0" for address in box.shunned]


FIXED: Final[dict[str, Callable[[Box], list[str] | None]]] = {
    "show version": version,
    "show clock": lambda box: [clock_line(now() + timedelta(seconds=box.spec.clock_offset))],
    "show checksum": lambda box: [checksum_line(box.saved_checksum)],
    "show mode": show_health.mode,
    "show context": show_health.contexts,
    "show cpu usage": show_health.cpu,
    "show memory": show_health.memory,
    "show failover": show_health.failover,
    "show ssh": ssh_settings,
    "show ssh sessions": ssh_sessions,
    "show logging": lambda box: box.log.text(),
    "show running-config": lambda box: running_config(box) or [],
    "show startup-config": startup_config,
    "show vpn-sessiondb": vpn_summary,
    "show vpn-sessiondb summary": vpn_summary,
    "show shun": shuns,
    "show ntp status": show_health.ntp_status,
    "show ntp associations": lambda _: [
        "      address         ref clock     st  when  poll reach  delay  offset    disp",
        "*~10.20.3.1         10.20.3.254      2    31    64  377     1.7     0.41     2.4",
    ],
    "show webvpn debug-condition": lambda box: (
        [one for one in box.conditions if one.startswith("webvpn")]
        or ["INFO: Webvpn conditional debug is turned OFF"]
    ),
    "show crypto debug-condition": lambda box: (
        [one for one in box.conditions if one.startswith("crypto")]
        or ["Crypto conditional debug is turned OFF"]
    ),
    "show crypto ca trustpoints": lambda box: [
        line
        for node in box.configuration.find("crypto", "ca", "trustpoint")
        for line in (f"Trustpoint {node.tokens[3]}:", "    Configured for manual enrollment.")
    ],
    "show vpn load-balancing": show_health.load_balancing,
    "show threat-detection service": lambda _: [],
    "show resource usage resource ssh": lambda box: [
        "Resource                 Current        Peak      Limit        Denied Context",
        (
            f"SSH Server {len(box.living):>21} {len(box.living):>11} {box.spec.quota:>10} "
            "            0 System"
        ),
    ],
}


def filtered(lines: Iterable[str], clause: str) -> list[str] | None:
    """Apply ``include X``, ``exclude X``, ``begin X`` or ``grep [-v] X``; None when malformed."""
    word, _, pattern = clause.strip().partition(" ")
    names = [one for one in ("begin", "exclude", "grep", "include") if one.startswith(word)]
    if len(names) != 1 or not word or not pattern:
        return None
    inverted = names[0] == "exclude"
    if names[0] == "grep" and pattern.startswith("-v "):
        inverted, pattern = True, pattern.removeprefix("-v ")
    try:
        wanted = re.compile(pattern)
    except re.error:
        wanted = re.compile(re.escape(pattern))
    lines = list(lines)
    if names[0] == "begin":
        first = next((at for at, line in enumerate(lines) if wanted.search(line)), len(lines))
        return lines[first:]
    return [line for line in lines if bool(wanted.search(line)) is not inverted]


def login_notice(box: Box, username: str) -> list[str]:
    """Return what a headend prints between a login and the first prompt (public captures)."""
    return [
        f"User {username} logged in to {box.hostname}",
        "Logins over the last 12 days: 41.  Last login: 07:49:07 UTC Nov 23 2026 from 10.20.9.14",
        "Failed logins since the last login: 0.  ",
        "Type help or '?' for a list of available commands.",
    ]
