"""The commands of a headend, by mode and privilege."""

from __future__ import annotations

from typing import Final

from headend.lab.grammar import Grammar

_ANYWHERE: Final = (
    "show version",
    "show curpriv",
    "show clock",
    "show checksum",
    "show mode",
    "enable",
    "enable <word>",
    "exit",
    "quit",
    "logout",
    "help",
    "login",
)
_SHOW: Final = (
    "show cpu usage",
    "show memory",
    "show context",
    "show failover",
    "show ssh",
    "show ssh sessions",
    "show debug",
    "show logging",
    "show aaa-server",
    "show aaa-server <word>",
    "show running-config",
    "show running-config <line>",
    "show startup-config",
    "show vpn-sessiondb",
    "show vpn-sessiondb summary",
    "show vpn-sessiondb anyconnect",
    "show vpn-sessiondb anyconnect filter <line>",
    "show vpn-sessiondb detail anyconnect",
    "show vpn-sessiondb detail anyconnect filter <line>",
    "show terminal",
    "show pager",
    "show shun",
    "show ntp status",
    "show ntp associations",
    "show webvpn debug-condition",
    "show crypto debug-condition",
    "show crypto ca trustpoints",
    "show vpn load-balancing",
    "show threat-detection service",
    "show resource usage resource ssh",
)
# One entry a debug: its name without the level, which is last and optional.
DEBUGS: Final = (
    "aaa authentication",
    "aaa authorization",
    "aaa accounting",
    "aaa common",
    "aaa internal",
    "aaa shim",
    "aaa url-redirect",
    "ldap",
    "crypto ca",
    "crypto ca messages",
    "crypto ca transactions",
    "webvpn",
    "webvpn anyconnect",
    "webvpn request",
    "webvpn response",
    "webvpn session",
    "webvpn saml",
    "sdi",
)
PLAIN_DEBUGS: Final = (
    "radius",
    "radius all",
    "radius session",
    "radius decode",
    "dap trace",
    "dap errors",
    "tacacs",
    "tacacs session",
)
_CONDITIONS: Final = (
    "debug webvpn condition user <word>",
    "debug webvpn condition group <word>",
    "debug webvpn condition p-ipaddress <line>",
    "debug webvpn condition reset",
    "debug crypto condition peer <word>",
    "debug crypto condition user <word>",
    "debug crypto condition reset",
)
_PRIVILEGED: Final = (
    "changeto context <word>",
    "changeto system",
    "terminal pager <word>",
    "terminal monitor",
    "terminal no monitor",
    "configure terminal",
    "write memory",
    "write terminal",
    "copy running-config startup-config",
    "undebug all",
    "no debug all",
    "no terminal monitor",
    "ssh disconnect <word>",
    "shun <word>",
    "no shun <word>",
    "clear shun",
    "clear logging buffer",
    "clear aaa-server statistics",
    "clear aaa local user lockout <line>",
    "more system:running-config",
    "vpn-sessiondb logoff <word> <word> noconfirm",
    "vpn-sessiondb logoff all noconfirm",
    *(
        f"test {word} authentication <word>{host}{user}"
        for word in ("aaa-server", "aaa")
        for host in ("", " host <word>")
        for user in ("", " username <word>", " username <word> password <word>")
    ),
    "disable",
    *_CONDITIONS,
    "debug radius user <word>",
    "no debug radius user <word>",
    *(
        f"{verb}{name}{tail}"
        for name in DEBUGS
        for verb, tails in (("debug ", ("", " <word>")), ("no debug ", ("", " <word>")))
        for tail in tails
    ),
    *(f"{verb}{name}" for name in PLAIN_DEBUGS for verb in ("debug ", "no debug ")),
    "undebug <line>",
)

USER: Final = Grammar(_ANYWHERE)
PRIVILEGED: Final = Grammar((*_ANYWHERE, *_SHOW, *_PRIVILEGED))
# The system execution space has no AAA and no VPN, and so none of their commands.
SYSTEM: Final = Grammar(
    (
        *_ANYWHERE,
        *(
            one
            for one in _SHOW
            if not one.startswith(("show aaa", "show vpn", "show webvpn", "show crypto"))
        ),
        "changeto context <word>",
        "changeto system",
        "terminal pager <word>",
        "undebug all",
        "no debug all",
        "write memory",
    )
)
CONFIGURATION: Final = Grammar(
    (
        "end",
        "exit",
        "quit",
        "write memory",
        "undebug all",
        "no debug all",
        "clear shun",
        "terminal pager <word>",
        "terminal monitor",
        "copy running-config startup-config",
        "vpn-sessiondb logoff <word> <word> noconfirm",
        *(one for one in _ANYWHERE if one.startswith("show ")),
        *_SHOW,
    )
)
CLISH: Final = Grammar(("show version", "show managers", "show network", "exit", "logout"))
