"""A login attempt as the person at the VPN client makes it."""

from __future__ import annotations

from dataclasses import dataclass

from headend.lab.directory import CertificateKind
from headend.lab.saml import Assertion


@dataclass(frozen=True)
class Attempt:
    """What one person types and owns; ``answers`` are the replies to challenges, in order."""

    user: str
    password: str
    answers: tuple[str, ...] = ()
    certificate: CertificateKind | None = None
    group: str = "CORP"
    logon_screen: bool = False
    client_ip: str = "198.51.100.7"
    patience: float = 1.0
    assertion: Assertion = "valid"
    context: str = ""


class Cancelled(Exception):
    """The person at the client gave up before an answer."""
