"""Replies to ``show`` commands as rows."""

from __future__ import annotations

from headend.errors import InputError
from headend.parse.fsm import Template
from headend.parse.prompt import match_prompt

# Our own templates throughout: ntc-templates lacks most of these, needs its index and a platform
# driver for the rest, and gives up a whole table for one line that it does not know.
_TEMPLATES = {
    "show ssh sessions": "cisco_asa_show_ssh_sessions.textfsm",
    "show debug": "cisco_asa_show_debug.textfsm",
    "show curpriv": "cisco_asa_show_curpriv.textfsm",
    "show cpu usage": "cisco_asa_show_cpu_usage.textfsm",
    "show failover": "cisco_asa_show_failover.textfsm",
    "show mode": "cisco_asa_show_mode.textfsm",
    "show clock": "cisco_asa_show_clock.textfsm",
    "show version": "cisco_asa_show_version.textfsm",
    "show checksum": "cisco_asa_show_checksum.textfsm",
    "show logging": "cisco_asa_show_logging.textfsm",
    "show aaa-server": "cisco_asa_show_aaa-server.textfsm",
    "show running-config aaa-server": "cisco_asa_show_running-config_aaa-server.textfsm",
    "show running-config ssh": "cisco_asa_show_running-config_ssh.textfsm",
    "show ssh": "cisco_asa_show_running-config_ssh.textfsm",
    "show vpn-sessiondb anyconnect": "cisco_asa_show_vpn-sessiondb_anyconnect.textfsm",
}
KNOWN = tuple(sorted(_TEMPLATES))


def rows(command: str, text: str) -> list[dict[str, str]]:
    """Return the reply ``text`` of ``command`` as rows with lower-case keys.

    ``command`` is spelt out (``show aaa-server``); a group's name may follow ``show aaa-server``.
    A prompt and an echo around the reply are skipped. A value that the reply does not show is
    missing from its row. ``InputError`` where the command is not known.
    """
    wanted = " ".join(command.split()).lower()
    name = _TEMPLATES.get(wanted)
    if name is None and wanted.startswith("show aaa-server "):
        name = _TEMPLATES["show aaa-server"]
    if name is None:
        raise InputError(
            f"No parser for the command {command!r}", remedy=f"Known: {', '.join(KNOWN)}"
        )
    template = Template(name)
    found: list[dict[str, str]] = []
    for line in text.split("\n"):
        plain = line.strip("\r")
        if match_prompt(plain) is None:
            found.extend(dict(row) for row in template.feed(plain).rows)
        if template.ended:
            return _completed(wanted, text, found)
    found.extend(dict(row) for row in template.close())
    return _completed(wanted, text, found)


def _completed(command: str, text: str, found: list[dict[str, str]]) -> list[dict[str, str]]:
    if command == "show version":
        product = "FTD" if "Threat Defense" in text else "ASA"
        return [row | {"product": product} for row in found if "version" in row]
    if command == "show running-config aaa-server":
        return _servers(found)
    return found


def _servers(found: list[dict[str, str]]) -> list[dict[str, str]]:
    """Give each server what its group says; a group without a server keeps its own row."""
    groups = {row["group"]: row for row in found if "protocol" in row}
    peopled = {row["group"] for row in found if "host" in row}
    return [
        groups.get(row["group"], {}) | row
        for row in found
        if "host" in row or row["group"] not in peopled
    ]
