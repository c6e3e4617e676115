"""A real OpenSSH server on loopback, with a configuration of its own."""

import getpass
import os
import shutil
import socket
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import asyncssh

PROGRAM = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
_SEPARATION = Path("/run/sshd")
_PATIENCE = 10.0
_CONFIGURATION = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
AllowTcpForwarding yes
LogLevel VERBOSE
MaxSessions 10
"""


class Sshd:
    """A jump host: takes the key ``folder/id_jump`` of the account that runs the tests."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.user = getpass.getuser()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        host = asyncssh.generate_private_key("ssh-ed25519")
        own = asyncssh.generate_private_key("ssh-ed25519")
        for name, key in (("host_key", host), ("id_jump", own)):
            (folder / name).write_bytes(key.export_private_key())
            (folder / name).chmod(0o600)
        (folder / "authorized_keys").write_bytes(own.export_public_key())
        (folder / "sshd_config").write_text(_CONFIGURATION.format(port=self.port, folder=folder))
        self.fingerprint = host.get_fingerprint()
        self.key = folder / "id_jump"
        self.logins = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def place(self) -> str:
        """Return ``user@host:port``."""
        return f"{self.user}@127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        assert PROGRAM
        if os.getuid() == 0:
            _SEPARATION.mkdir(exist_ok=True)  # as its service does; an ordinary user needs none
        command = [PROGRAM, "-D", "-e", "-f", str(self.folder / "sshd_config")]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self._process.stderr
        for line in self._process.stderr:
            if "Server listening" in line:
                return self
        raise AssertionError("sshd did not start")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._process
        self._process.terminate()
        self.log = self._process.communicate(timeout=_PATIENCE)[1]
