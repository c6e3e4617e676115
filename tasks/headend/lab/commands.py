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
    if name in PLAIN_DEBUGS or name.startswith("radius user "):
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
        name = rest.partition(" <")[0]
        if name == "radius user":
            name, arguments = f"{name} {arguments[0]}", ()
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
        silent: dict[str, Callable[[], object]] = {
            "terminal monitor": lambda: self._watch(on=True),
            "terminal no monitor": lambda: self._watch(on=False),
            "no terminal monitor": lambda: self._watch(on=False),
            "no shun <word>": lambda: (
                box.shunned.remove(arguments[0]) if arguments[0] in box.shunned else None
            ),
            "clear shun": box.shunned.clear,
            "clear logging buffer": box.log.clear,
            "clear aaa-server statistics": box.counters.states.clear,
        }
        spoken: dict[str, Callable[[], list[str] | None]] = {
            "write memory": self._save,
            "copy running-config startup-config": self._save,
            "write terminal": lambda: show.running_config(box),
            "more system:running-config": lambda: show.running_config(box, masked=False),
            "ssh disconnect <word>": lambda: self._disconnect(arguments[0]),
            "shun <word>": lambda: self._shun(arguments[0]),
        }
        if pattern in spoken:
            return spoken[pattern]()
        if pattern.startswith("vpn-sessiondb logoff"):
            return self._log_off(arguments)
        silent.get(pattern, list)()
        return []

    def _watch(self, *, on: bool) -> None:
        self.session.monitoring = on

    def _shun(self, address: str) -> list[str]:
        self.box.shunned.append(address)
        return [f"Shun {address} added in context: single_vf"]

    def _save(self) -> list[str]:
        return [
            "Building configuration...",
            show.checksum_line(self.box.save()),
            "",
            f"{len(self.box.configuration.text())} bytes copied in 0.330 secs",
            "[OK]",
        ]

    def _log_off(self, arguments: tuple[str, ...]) -> list[str]:
        word, value = arguments or ("all", "")
        column = {"name": "user", "tunnel-group": "tunnel_group"}.get(word, word)
        if column not in ("user", "tunnel_group", "index", "all"):
            return ["ERROR: % Invalid input detected at '^' marker."]
        count = self.box.end_vpn(column, value)
        return [f"INFO: Number of sessions logged off : {count}"]

    def _disconnect(self, sid: str) -> list[str]:
        for one in self.box.living:
            if str(one.sid) == sid:
                one.end("Terminated by operator")
                return []
        return [f"ERROR: SSH session {sid} does not exist"]
