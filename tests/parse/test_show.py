"""Show replies as rows."""

from __future__ import annotations

import pytest

from headend.errors import InputError
from headend.parse.show import rows

SESSIONS = """vpn-1# show ssh sessions

SID Client IP       Version Mode Encryption Hmac     State            Username
0   10.10.1.1       2.0     IN   aes256-ctr sha2-256 SessionStarted   admin
                            OUT  aes256-ctr sha2-256 SessionStarted   admin
3   2001:db8::7     1.99    -    aes128-cbc sha1     SessionStarted   j doe
vpn-1# """

SERVERS = """Server Group:\t RSA
Server Protocol: radius
Server Address:  10.1.1.5
Server port:     1645(authentication), 1646(accounting)
Server status:   ACTIVE, Last transaction at 03:25:51 UTC Tue Jul 9 2024
Average round trip time                 61ms
Number of rejects                       4
Number of bad authenticators            1
A line of a later release

Server Address:  10.1.1.6
Server status:   FAILED, Server disabled at 12:28:46 SAST Tue Feb 26 2019
Number of timeouts                      9

Server Group:    AD
Server Protocol: ldap
Server Hostname: dc1.example.com
Server Address:  10.1.1.7
"""

RUNNING = """aaa-server RSA protocol radius
 max-failed-attempts 5
aaa-server RSA (inside) host 10.1.1.5
 timeout 60
 key Sup3rSecret
aaa-server RSA (inside) host 10.1.1.6
 key *****
aaa-server EMPTY protocol ldap
"""

ANYCONNECT = """Session Type: AnyConnect

Username     : k lee                  Index        : 9
Assigned IP  : 198.18.1.41            Public IP    : 203.0.113.13
A line of a later release : 7
Group Policy : GP-A                   Tunnel Group : STAFF
Login Time   : 13:13:03 UTC Tue Feb 14 2017

Username     : m                      Index        : 10
"""


def test_ssh_sessions() -> None:
    found = rows("show ssh sessions", SESSIONS)
    assert [(row["sid"], row["client_ip"], row["username"]) for row in found] == [
        ("0", "10.10.1.1", "admin"),
        ("3", "2001:db8::7", "j doe"),
    ]


def test_debug_lines() -> None:
    text = (
        "debug aaa authentication enabled at level 255\ndebug ldap  enabled at level 1\ndebug dap\n"
    )
    assert rows("show debug", text) == [
        {"debug": "aaa authentication", "level": "255"},
        {"debug": "ldap", "level": "1"},
        {"debug": "dap"},
    ]
    assert rows("show debug", "vpn-1# show debug\nvpn-1# ") == []


def test_aaa_servers_keep_their_own_counters() -> None:
    one, two, three = rows("show aaa-server RSA", SERVERS)
    assert (one["group"], one["rejects"], one["bad_authenticators"]) == ("RSA", "4", "1")
    assert (two["group"], two["status"], two["timeouts"]) == ("RSA", "FAILED", "9")
    assert "rejects" not in two
    assert (three["group"], three["protocol"], three["hostname"]) == (
        "AD",
        "ldap",
        "dc1.example.com",
    )


def test_configured_servers_without_their_keys() -> None:
    found = rows("show running-config aaa-server", RUNNING)
    assert [(row["group"], row.get("host"), row["protocol"]) for row in found] == [
        ("RSA", "10.1.1.5", "radius"),
        ("RSA", "10.1.1.6", "radius"),
        ("EMPTY", None, "ldap"),
    ]
    assert found[0]["max_failed_attempts"] == "5"
    assert "Sup3rSecret" not in str(found)


def test_an_unknown_line_does_not_cost_the_sessions() -> None:
    found = rows("show vpn-sessiondb anyconnect", ANYCONNECT)
    assert [(row["username"], row["index"]) for row in found] == [("k lee", "9"), ("m", "10")]
    assert found[0]["tunnel_group"] == "STAFF"


@pytest.mark.parametrize(
    ("command", "text", "row"),
    (
        ("show mode", "Security context mode: multiple \n", {"mode": "multiple"}),
        (
            "show context",
            (
                "Context Name      Class      Interfaces           URL\n"
                "*admin            default    Gi0/0,Gi0/1          disk0:/admin.cfg\n"
                "                                                  Gi0/2\n"
                "Total active Security Contexts: 1\n"
            ),
            {"admin": "*", "name": "admin", "class": "default"},
        ),
        (
            "show curpriv",
            "Username : svc\nCurrent privilege level : 15\nCurrent Mode/s : P_PRIV\n",
            {"username": "svc", "privilege": "15", "modes": "P_PRIV"},
        ),
        (
            "show cpu usage",
            "CPU utilization for 5 seconds = 11%; 1 minute: 10%; 5 minutes: 9%\n",
            {"five_seconds": "11", "one_minute": "10", "five_minutes": "9"},
        ),
        (
            "show checksum",
            "Cryptochecksum: abcdef01 44444444 12345678 98765432\n",
            {"checksum": "abcdef01 44444444 12345678 98765432"},
        ),
        (
            "show running-config ssh",
            "ssh timeout 30\nssh stack ciscossh\n",
            {"timeout": "30", "stack": "ciscossh"},
        ),
        ("show ssh", "Idle Timeout: 5 minutes\n", {"timeout": "5"}),
        (
            "show failover",
            (
                "Failover On\nFailover unit Secondary\n\tThis host: Secondary - Standby Ready \n"
                "\tOther host: Primary - Active\n"
            ),
            {
                "failover": "On",
                "unit": "Secondary",
                "this_host_role": "Secondary",
                "this_host_state": "Standby Ready",
                "other_host_role": "Primary",
                "other_host_state": "Active",
            },
        ),
        (
            "show failover",
            "Failover Off\nFailover unit Primary\n",
            {"failover": "Off", "unit": "Primary"},
        ),
        (
            "show version",
            (
                "Cisco Adaptive Security Appliance Software Version 9.16(2) <context>\n\n"
                "vpn-1 up 2 hours 12 mins\nfailover cluster up 3 days\n\n"
                "Hardware:   ASAv, 2048 MB RAM\n"
            ),
            {
                "version": "9.16(2)",
                "hostname": "vpn-1",
                "uptime": "2 hours 12 mins",
                "hardware": "ASAv",
            },
        ),
        (
            "show clock",
            "11:00:00.123 UTC Fri Nov 20 2026\n",
            {
                "time": "11:00:00.123",
                "timezone": "UTC",
                "weekday": "Fri",
                "month": "Nov",
                "day": "20",
                "year": "2026",
            },
        ),
        (
            "show logging",
            (
                "Syslog logging: enabled\n    Hide Username logging: enabled\n"
                "    Debug-trace logging: disabled\n"
                "    Buffer logging: level warnings, 1 messages logged\n"
            ),
            {
                "syslog": "enabled",
                "hide_username": "enabled",
                "debug_trace": "disabled",
                "buffer": "level warnings, 1 messages logged",
            },
        ),
    ),
)
def test_one_row_replies(command: str, text: str, row: dict[str, str]) -> None:
    assert rows(command, text) == [row]


def test_unknown_command_names_the_known_ones() -> None:
    with pytest.raises(InputError, match="show aaa-server"):
        rows("show weather", "")
