"""The syslog of a headend: its buffer and the sessions that watch it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from headend.lab.clock import log_stamp
from headend.lab.configuration import Configuration

LEVELS: Final = [
    "emergencies",
    "alerts",
    "critical",
    "errors",
    "warnings",
    "notifications",
    "informational",
    "debugging",
]
_DEBUG_TRACE: Final = 711001


class Logbook:
    """Format messages, keep those that ``logging buffered`` asks for, and pass them on."""

    def __init__(self, configuration: Configuration, watch: Callable[[str], None]) -> None:
        self._configuration = configuration
        self._watch = watch
        self._lines: deque[str] = deque()
        self._size = 0
        self.count = 0

    @property
    def hides_names(self) -> bool:
        """Whether names of users that were not validated are printed as ``*****``."""
        return self._configuration.first("no", "logging", "hide", "username") is None

    @property
    def traces(self) -> bool:
        """Whether debug output is redirected to message 711001."""
        return self._configuration.first("logging", "debug-trace") is not None

    def level(self, destination: str) -> int:
        """Return the severity up to which ``buffered`` or ``monitor`` take messages; -1 is off."""
        value = self._configuration.value("logging", destination)
        if not value or self._configuration.first("logging", "enable") is None:
            return -1
        return int(value[0]) if value[0].isdecimal() else LEVELS.index(value[0])

    def hidden(self, user: str) -> str:
        """Return how a user name that was not validated is logged."""
        return "*****" if self.hides_names else user

    def add(self, severity: int, number: int, text: str) -> None:
        """Log one message."""
        stamped = self._configuration.first("logging", "timestamp") is not None
        device = self._configuration.first("logging", "device-id", "hostname") is not None
        name = (self._configuration.value("hostname") or ["asa"])[0]
        head = f"{log_stamp()}{f' {name} ' if device else ''}: " if stamped else ""
        line = f"{head}%ASA-{severity}-{number}: {text}"
        if severity <= self.level("buffered"):
            self.count += 1
            self._keep(line)
        if severity <= self.level("monitor"):
            self._watch(line)

    def trace(self, line: str) -> None:
        """Log one debug line, as ``logging debug-trace`` does."""
        self.add(7, _DEBUG_TRACE, line)

    def _keep(self, line: str) -> None:
        limit = int((self._configuration.value("logging", "buffer-size") or ["4096"])[0])
        self._lines.append(line)
        self._size += len(line) + 1
        while self._size > limit and self._lines:
            self._size -= len(self._lines.popleft()) + 1

    def clear(self) -> None:
        """Empty the buffer: ``clear logging buffer``."""
        self._lines.clear()
        self._size = 0

    def text(self) -> list[str]:
        """Return ``show logging``: the settings, then the buffer."""
        buffered, monitor = self.level("buffered"), self.level("monitor")

        def state(level: int) -> str:
            if level < 0:
                return "disabled"
            return f"level {LEVELS[level]}, {self.count} messages logged"

        def switch(*, on: bool) -> str:
            return "enabled" if on else "disabled"

        enabled = self._configuration.first("logging", "enable") is not None
        stamped = self._configuration.first("logging", "timestamp") is not None
        return [
            f"Syslog logging: {switch(on=enabled)}",
            "    Facility: 20",
            f"    Timestamp logging: {switch(on=stamped)}",
            f"    Hide Username logging: {switch(on=self.hides_names)}",
            "    Standby logging: disabled",
            f"    Debug-trace logging: {switch(on=self.traces)}",
            "    Console logging: disabled",
            f"    Monitor logging: {state(monitor)}",
            f"    Buffer logging: {state(buffered)}",
            "    Trap logging: disabled",
            "    Permit-hostdown logging: disabled",
            "    History logging: disabled",
            "    Device ID: disabled",
            "    Mail logging: disabled",
            "    ASDM logging: disabled",
            *self._lines,
        ]
