"""Signatures of SSH keys over a document: OpenSSH makes and checks them, we only ask it.

``ssh-keygen -Y sign`` and ``verify`` (OpenSSH 8.2 and later): engineers have the keys, agents and
hardware keys work, and no cryptography is ours.
"""

from __future__ import annotations

import hashlib
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from headend.errors import InputError, Refused

_WAIT = 120.0  # a hardware key waits for a touch, a key file for its passphrase
_PROGRAM = "ssh-keygen"


@dataclass(frozen=True, slots=True)
class Signers:
    """The allowed-signers file that an administrator keeps, and its hash when it was read."""

    path: Path
    sha256: str
    text: bytes = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> Signers:
        """Read the file; raises ``Refused`` where it is missing or others may write to it."""
        try:
            data = path.read_bytes()
            mode = path.stat().st_mode
        except OSError as error:
            raise Refused(
                f"The allowed-signers file {path} cannot be read: {error.strerror or error}",
                remedy="An administrator names it: HEADEND_ALLOWED_SIGNERS",
            ) from error
        if mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise Refused(
                f"The allowed-signers file {path} may be written by others than its owner",
                remedy=f"chmod 644 {path}: whoever writes it decides who approves",
            )
        wide = _wide(data)
        if wide:
            raise Refused(
                f"The allowed-signers file {path} has an entry for {wide}: one person with two "
                "keys could be both author and approver",
                remedy="Write one line for each person, with the whole name",
            )
        return cls(path, hashlib.sha256(data).hexdigest(), data)


def _wide(data: bytes) -> str:
    """Return the first entry that stands for more than one person; empty where there is none."""
    for line in data.decode("utf-8", "backslashreplace").splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if any(sign in words[0] for sign in "*?!,"):
            return words[0]
        if any("cert-authority" in word for word in words[1:3]):
            return "a certificate authority"
    return ""


def sign(document: bytes, key: Path, namespace: str) -> bytes:
    """Return the signature of ``document`` with a private key, or the agent's key of a public one.

    Raises ``InputError`` where OpenSSH cannot sign.
    """
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "approval.json"
        text.write_bytes(document)
        done = _run(["-Y", "sign", "-n", namespace, "-f", str(key), str(text)], document=None)
        signature = text.with_name(f"{text.name}.sig")
        if done.returncode or not signature.is_file():
            raise InputError(
                f"ssh-keygen did not sign with {key}: {_said(done)}",
                remedy="Name a private key, or a public one whose key is in the agent: --key",
            )
        return signature.read_bytes()


def verify(
    document: bytes, signature: bytes, principal: str, namespace: str, signers: Signers
) -> str:
    """Return the fingerprint of the key with which ``principal`` signed ``document``.

    Raises ``Refused`` where the signature is bad, is another's, or the key may not sign for this.
    """
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "approval.sig"
        kept.write_bytes(signature)
        # What is asked is what the recorded hash is of, whoever writes to the file meanwhile.
        allowed = Path(folder) / "allowed_signers"
        allowed.write_bytes(signers.text)
        done = _run(
            [
                *("-Y", "verify", "-n", namespace, "-I", principal),
                *("-f", str(allowed), "-s", str(kept)),
            ],
            document,
        )
    if done.returncode:
        raise Refused(
            f"The signature of {principal} for {namespace} is not good: {_said(done)}",
            remedy=f"The key must stand in {signers.path}, allowed for this namespace",
        )
    # Good "headend-change" signature for anna@example.net with ED25519 key SHA256:...
    return done.stdout.decode("utf-8", "replace").strip().rpartition(" ")[2]


def _run(arguments: list[str], document: bytes | None) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which(_PROGRAM)
    if program is None:
        raise InputError(
            "ssh-keygen is not installed", remedy="Install the OpenSSH client, 8.2 or newer"
        )
    try:
        # Without a document the terminal stays where a passphrase or a PIN may be asked for.
        return subprocess.run(  # noqa: S603 - the arguments are a list, and no shell reads them
            [program, *arguments], input=document, capture_output=True, timeout=_WAIT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputError(f"ssh-keygen gave no answer: {type(error).__name__}") from error


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
    return said.splitlines()[-1] if said else f"status {done.returncode}"
