"""A plain SSH client that types and waits for what it expects."""

import base64
import re
from types import TracebackType
from typing import Self

import paramiko

from headend.lab import LOGIN, Headend

PROMPT = r"vpn-\d(/\S+)?(\([\w-]+\))?[>#] $"
PATIENCE = 10.0


class Client:
    def __init__(self, headend: Headend, password: str = LOGIN.password) -> None:
        self._ssh = paramiko.SSHClient()
        self._ssh.get_host_keys().add(
            f"[{headend.host}]:{headend.port}",
            "ssh-ed25519",
            paramiko.Ed25519Key(data=base64.b64decode(headend.known_hosts_line.split()[2])),
        )
        self._ssh.connect(
            headend.host,
            headend.port,
            LOGIN.username,
            password,
            look_for_keys=False,
            allow_agent=False,
            timeout=PATIENCE,
        )
        self._channel = self._ssh.invoke_shell()
        self._channel.settimeout(PATIENCE)
        self.text = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ssh.close()

    def type(self, keys: str) -> None:
        self._channel.send(keys.encode())

    def until(self, pattern: str = PROMPT) -> str:
        """Return what came up to and with the pattern, and forget it."""
        while not (found := re.search(pattern, self.text)):
            data = self._channel.recv(65536)
            if not data:
                raise EOFError(self.text)
            self.text += data.decode()
        taken, self.text = self.text[: found.end()], self.text[found.end() :]
        return taken

    def run(self, command: str) -> list[str]:
        """Type one command and return its output, without echo and prompt."""
        self.type(f"{command}\r")
        return self.until().split("\r\n")[1:-1]

    def enable(self) -> Self:
        self.until(r"> $")
        self.type("enable\r")
        self.until("Password: $")
        self.type(f"{LOGIN.enable}\r")
        self.until(r"# $")
        self.run("terminal pager 0")
        return self

    def ends(self) -> str:
        """Wait for the end of the session and return its last words."""
        while data := self._channel.recv(65536):
            self.text += data.decode()
        return self.text
