"""Why an SSH session did not come about: asyncssh's errors and the kernel's, in our words."""

from __future__ import annotations

import os
import socket

import asyncssh

from headend.device.login import AUTH_WAIT, CONNECT_WAIT, Login
from headend.device.peer import Peer
from headend.errors import HeadendError, LoginRefused, SessionQuotaFull, Unreachable

PATH = "Check the address, the port and the path from here to its management interface"


def refused(peer: Peer, login: Login) -> LoginRefused:
    """Return our error for a login that the server said no to."""
    username = peer.identity.username
    if login.unanswered:
        return LoginRefused(
            f"{peer.where} asks {username!r} for {login.unanswered!r}, and no credential answers",
            remedy="Give a passcode credential: otp:prompt or otp:command:LINE",
        )
    if not login.sent:
        return LoginRefused(
            f"{peer.where} takes neither password nor key from {username!r} in any way that we "
            "have a credential for",
            remedy="Log in by hand and look what it asks for",
        )
    return LoginRefused(
        f"{peer.where} refused the login of {username!r}",
        remedy="It was tried once and is not tried again; correct the password and start again",
    )


def failed(peer: Peer, login: Login, error: Exception) -> HeadendError:
    """Return our error for a connection that did not come about."""
    late = isinstance(error, TimeoutError)
    lost = isinstance(error, (asyncssh.ConnectionLost, OSError))
    if login.connection is None:
        reason = f"no answer within {CONNECT_WAIT:.0f} s" if late else text(error)
        return Unreachable(
            f"{peer.where} cannot be reached: {reason}",
            remedy=PATH,
        )
    if not login.connection.get_extra_info("server_version"):
        if late:
            return Unreachable(
                f"{peer.where} takes the connection and sends no SSH greeting",
                remedy="Check that this is the management address, and what stands in between",
            )
        if lost:
            return SessionQuotaFull(
                f"{peer.where} accepted the connection and closed it before the SSH greeting: its "
                "management sessions (five as a rule) are most likely all taken",
                remedy="Have one closed (show ssh sessions), then try again; it was not tried "
                "twice",
            )
    if isinstance(error, asyncssh.HostKeyNotVerifiable) and login.offered:
        return peer.pins.refusal(login.offered)
    if not login.begun:
        reason = f"nothing came for {CONNECT_WAIT:.0f} s" if late else text(error)
        return Unreachable(
            f"{peer.where} answers, but no SSH session came about: {reason}",
            remedy=peer.algorithms.remedy(str(error)),
        )
    return Unreachable(
        f"{peer.where} did not say whether it takes the login of {peer.identity.username!r}: "
        + (f"no answer within {AUTH_WAIT:.0f} s" if late else text(error)),
        remedy="Look whether its AAA servers answer; the login was not tried twice",
    )


def text(error: Exception) -> str:
    """Return one line of an error's text, in the kernel's words where it has any."""
    if isinstance(error, socket.gaierror):
        return str(error.strerror)
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return " ".join(str(error).split()) or type(error).__name__
