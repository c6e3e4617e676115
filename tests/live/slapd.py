"""A real OpenLDAP server on loopback, with the attributes of an Active Directory."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

BASE = "DC=corp,DC=example"
BIND = f"CN=svc-headend,{BASE}"
PASSWORD = "Look-up-4711"
GROUP = f"CN=VPN-Users,OU=Groups,{BASE}"
SLAPD = shutil.which("slapd") or "/usr/sbin/slapd"
_MODULES = Path("/usr/lib/ldap")
_SCHEMA = Path("/etc/ldap/schema")
# Name, number in Microsoft's arc, and whether it is text.
_ATTRIBUTES = (
    ("sAMAccountName", "4.221", True),
    ("userPrincipalName", "4.656", True),
    ("userAccountControl", "4.8", False),
    ("msDS-User-Account-Control-Computed", "4.1460", False),
    ("msDS-UserPasswordExpiryTimeComputed", "4.1996", False),
    ("lockoutTime", "4.662", False),
    ("accountExpires", "4.159", False),
    ("pwdLastSet", "4.96", False),
    ("badPwdCount", "4.12", False),
    ("badPasswordTime", "4.49", False),
    ("maxPwdAge", "4.74", False),
    ("lockoutDuration", "4.60", False),
    ("memberOf", "2.102", True),
)
_TEXT = "EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15"
_NUMBER = "EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27"


def installed() -> bool:
    return Path(SLAPD).exists() and _SCHEMA.is_dir()


class Slapd:
    """The server, from generated files in ``folder``; it ends with the block."""

    def __init__(self, folder: Path, entries: str) -> None:
        self._folder = folder
        self.plain, self.tls = _free_port(), _free_port()
        (folder / "data").mkdir()
        self.authority = _certificate(folder)
        names = " $ ".join(name for name, _, _ in _ATTRIBUTES)
        types = "".join(
            f"attributetype ( 1.2.840.113556.1.{number} NAME '{name}' "
            f"{_TEXT if text else _NUMBER} )\n"
            for name, number, text in _ATTRIBUTES
        )
        (folder / "slapd.conf").write_text(
            f"""\
include {_SCHEMA}/core.schema
include {_SCHEMA}/cosine.schema
include {_SCHEMA}/inetorgperson.schema
{types}objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP inetOrgPerson STRUCTURAL MAY ( {names} ) )
objectclass ( 1.2.840.113556.1.5.67 NAME 'domainDNS' AUXILIARY MAY ( {names} ) )
modulepath {_MODULES}
moduleload back_mdb
TLSCertificateFile {self.authority}
TLSCertificateKeyFile {folder}/key.pem
database mdb
suffix "{BASE}"
directory {folder}/data
rootdn "{BIND}"
rootpw {PASSWORD}
"""
        )
        entries_file = folder / "entries.ldif"
        entries_file.write_text(entries)
        add = Path(SLAPD).with_name("slapadd")
        configuration = ("-f", str(folder / "slapd.conf"))
        subprocess.run([str(add), *configuration, "-l", str(entries_file)], check=True)

    def __enter__(self) -> Self:
        # At the second address it is a server that cannot prove itself.
        listeners = " ".join(
            (
                f"ldap://127.0.0.1:{self.plain}",
                f"ldaps://127.0.0.1:{self.tls}",
                f"ldaps://127.0.0.2:{self.tls}",
            )
        )
        self._process = subprocess.Popen(
            [SLAPD, "-f", str(self._folder / "slapd.conf"), "-h", listeners, "-d", "0"]
        )
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.tls), timeout=1).close()
            except OSError:
                assert self._process.poll() is None, "slapd ended"
                assert time.monotonic() < deadline, "slapd does not listen"
                time.sleep(0.02)
            else:
                return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _certificate(folder: Path) -> Path:
    """Write a certificate for 127.0.0.1 that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    here = x509.IPAddress(ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(pem))
    return path
