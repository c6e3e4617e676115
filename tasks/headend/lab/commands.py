"""What exec commands do: everything that is neither configuration nor a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from headend.lab import show
from headend.lab.box import Box, Terminal
from headend.lab.grammar import Command
from headend.lab.vocabulary import DEBUGS, PLAIN_DEBUGS

NOT_ALLOWED: Final = "ERROR: Command authorization failed"
REDIRECTED: Final = (
    "INFO: 'logging debug-trace' is enabled. All debug messages are currently being "
    "redirected to syslog:711001 and will not appear in any monitor session"
)
_FULL: Final = 15
_LEVELS: Final = range(1, 256)
_WIDE: Final = frozenset({"ldap", "crypto ca"})


def debug_line(name: str, level: int) -> str:
    """Return how an armed debug is shown, for example ``debug ldap  enabled at level 255``."""
    if name in PLAIN_DEBUGS:
        return f"debug {name}"
    return f"debug {name}{' ' * (2 if name in _WIDE else 1)}enabled at level {level}"


@dataclass
class Commands:
    """The exec commands of one session on one headend."""

    box: Box
    session: Terminal
    privilege: Callable[[], int]

    def run(self, command: Command) -> list[str] | None:
        """Run one command and return its output; None when an argument was refused."""
        pattern, arguments = command.pattern, command.arguments
        if pattern.startswith(("debug ", "no debug ", "undebug ")):
            return self._debug(pattern, arguments)
        if pattern in show.FIXED:
            return show.FIXED[pattern](self.box)
        if pattern.startswith("show "):
            return self._show(pattern, arguments)
        return self._act(pattern, arguments)

    def _show(self, pattern: str, arguments: tuple[str, ...]) -> list[str] | None:
        box = self.box
        if pattern == "show debug":
            return [debug_line(*one) for one in sorted(self.session.debugs.items())]
        if pattern.startswith("show aaa-server"):
            group = arguments[0] if arguments else ""
            text = box.server_text(group)
            return text or [f"ERROR: aaa-server group {group} does not exist"]
        if pattern.startswith("show running-config"):
            return show.running_config(box, arguments[0])
        if pattern.startswith("show vpn-sessiondb"):
            return show.vpn_sessions(box, arguments[0] if arguments else "")
        if pattern == "show curpriv":
            level = self.privilege()
            mode = "P_PRIV" if level > 1 else "P_UNPR"
            return [
                f"Username : {self.session.username}",
                f"Current privilege level : {level}",
                f"Current Mode/s : {mode}",
            ]
        return []

    def _debug(self, pattern: str, arguments: tuple[str, ...]) -> list[str] | None:
        if self.privilege() < _FULL:
            return [NOT_ALLOWED]
        debugs = self.session.debugs
        if pattern in ("no debug all", "undebug <line>", "undebug all"):
            name = arguments[0] if arguments else "all"
            return self._disarm("" if name == "all" else name)
        verb, _, rest = pattern.partition("debug ")
        name = rest.removesuffix(" <word>")
        if " condition " in name:
            return self._condition(name, arguments)
        if verb == "no ":
            return self._disarm(name)
        level = int(arguments[0]) if arguments and arguments[0].isdecimal() else 1
        if level not in _LEVELS or (arguments and not arguments[0].isdecimal()):
            return None
        debugs[name] = level
        self.box.notify()
        reply = [debug_line(name, level)] if name in DEBUGS else []
        return [REDIRECTED, *reply] if self.box.log.traces else reply

    def _disarm(self, name: str) -> list[str]:
        for armed in list(self.session.debugs):
            if not name or armed == name or armed.startswith(f"{name} "):
                del self.session.debugs[armed]
        self.box.notify()
        return []

    def _condition(self, name: str, arguments: tuple[str, ...]) -> list[str]:
        feature = name.partition(" ")[0]
        conditions = self.box.conditions
        if name.endswith("reset"):
            conditions[:] = [one for one in conditions if not one.startswith(feature)]
            return []
        conditions.append(f"{name} {' '.join(arguments)}")
        return [f"INFO: {feature} conditional debug turned on"]

    def _act(self, pattern: str, arguments: tuple[str, ...]) -> list[str] | None:
        box = self.box
        if pattern == "terminal monitor":
            self.session.monitoring = True
        elif pattern in ("terminal no monitor", "no terminal monitor"):
            self.session.monitoring = False
        elif pattern in ("write memory", "copy running-config startup-config"):
            digest = box.save()
            size = len(box.configuration.text())
            return [
                "Building configuration...",
                show.checksum_line(digest),
                "",
                f"{size} bytes copied in 0.330 secs",
                "[OK]",
            ]
        elif pattern == "write terminal":
            return show.running_config(box)
        elif pattern == "more system:running-config":
            return show.running_config(box, masked=False)
        elif pattern == "ssh disconnect <word>":
            return self._disconnect(arguments[0])
        elif pattern == "shun <word>":
            box.shunned.append(arguments[0])
            return [f"Shun {arguments[0]} added in context: single_vf"]
        elif pattern == "no shun <word>":
            box.shunned[:] = [one for one in box.shunned if one != arguments[0]]
        elif pattern == "clear shun":
            box.shunned.clear()
        elif pattern == "clear logging buffer":
            box.log.clear()
        elif pattern == "clear aaa-server statistics":
            box.counters.states.clear()
        elif pattern.startswith("vpn-sessiondb logoff"):
            column = {"name": "user", "tunnel-group": "tunnel_group", "all": "all"}
            word = arguments[0] if arguments else "all"
            count = box.end_vpn(column.get(word, word), arguments[1] if arguments else "")
            return [f"INFO: Number of sessions of type logged off : {count}"]
        return []

    def _disconnect(self, sid: str) -> list[str]:
        for one in self.box.living:
            if str(one.sid) == sid:
                one.end("Terminated by operator")
                return []
        return [f"ERROR: SSH session {sid} does not exist"]
