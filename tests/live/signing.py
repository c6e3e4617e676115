"""Two engineers with keys of their own, and the file in which an administrator allows them."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROLES = "headend-change,headend-mfa-exception"


class Engineers:
    """``anna`` plans, ``bob`` approves and has the role, ``carl`` approves and lacks it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.signers = folder / "allowed_signers"
        lines = []
        for name, namespaces in (("anna", ROLES), ("bob", ROLES), ("carl", "headend-change")):
            command = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name)
            subprocess.run([*command, "-f", str(self.key(name))], check=True)
            public = " ".join(self.key(name).with_suffix(".pub").read_text().split()[:2])
            lines.append(f'{name} namespaces="{namespaces}" {public}\n')
        self.signers.write_text("".join(lines))
        self.signers.chmod(0o644)

    def key(self, name: str) -> Path:
        return self.folder / name


def window(begins: float = -60, lasts: float = 3600) -> str:
    """Return a change window that began so many seconds from now, and how long it is."""
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=begins)
    return f"{start.isoformat()}/{(start + timedelta(seconds=lasts)).isoformat()}"
