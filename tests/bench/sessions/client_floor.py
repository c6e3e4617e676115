"""The floor: paramiko, with all that has to be typed sent before the shell was granted.

No real client may do that, for it would type the enable password blindly.
"""

from __future__ import annotations

import re
import socket
from contextlib import ExitStack, closing

import paramiko

from bench.sessions.client import DEBUG, HOST, OFF, Access, Watch

_PROMPTS = re.compile(rb"^[\w/-]+# ?", re.MULTILINE)
# After "enable", after the pager, after the debug.
_EXPECTED = 3


def prepare(access: Access) -> None:
    del access


def run(access: Access, watch: Watch) -> None:
    with ExitStack() as stack:
        channels = [_armed(access, port, stack) for port in access.ports]
        watch.held()
        for channel in channels:
            channel.sendall(f"{OFF}\nexit\n".encode())
            while channel.recv(65536):
                pass


def _armed(access: Access, port: int, stack: ExitStack) -> paramiko.Channel:
    wire = socket.create_connection((HOST, port))
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    transport = stack.enter_context(closing(paramiko.Transport(wire)))
    transport.start_client()
    known = paramiko.HostKeys(str(access.known_hosts))
    if not known.check(f"[{HOST}]:{port}", transport.get_remote_server_key()):
        raise RuntimeError("a host key has changed")
    transport.auth_password(access.username, access.password)
    channel = transport.open_session()
    channel.get_pty()
    _ask_for_shell(transport, channel)
    channel.sendall(f"enable\n{access.enable}\nterminal pager 0\n{DEBUG}\n".encode())
    seen = b""
    while len(_PROMPTS.findall(seen)) < _EXPECTED:
        seen += channel.recv(65536)
    return channel


def _ask_for_shell(transport: paramiko.Transport, channel: paramiko.Channel) -> None:
    """Ask without waiting for the answer, which ``invoke_shell`` would do."""
    asked = paramiko.Message()
    asked.add_byte(paramiko.common.cMSG_CHANNEL_REQUEST)
    asked.add_int(channel.remote_chanid)
    asked.add_string("shell")
    asked.add_boolean(b=False)
    transport._send_user_message(asked)  # type: ignore[attr-defined]  # noqa: SLF001 - no other way
