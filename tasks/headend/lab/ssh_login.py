"""Who may log in to a headend's SSH server: password, questions, one-time codes, a public key."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

import asyncssh

from headend.lab.box import Box
from headend.lab.spec import LOGIN

Question = tuple[str, str, str, Sequence[tuple[str, bool]]]

_PASSWORD: Question = ("", "", "", (("Password: ", False),))
_CODE: Question = ("", "", "", (("Enter PASSCODE: ", False),))


class Guard:
    """Judge one login; each code of the headend opens one login only."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._spec = box.spec.ssh
        self._asks_code = False

    def offers(self, method: str) -> bool:
        """Whether the headend takes this method (``password``, ``publickey``, ...)."""
        return method in self._spec.methods

    def password(self, username: str, password: str) -> bool:
        """Check a password, or the code in its place."""
        if username != LOGIN.username:
            return False
        if self._spec.codes and not self._spec.code_behind_password:
            return self._box.use_code(password)
        return password == LOGIN.password

    def question(self) -> Question:
        """Return the first question of a login with questions."""
        self._asks_code = False
        return _PASSWORD

    def answer(self, username: str, answers: Sequence[str]) -> bool | Question:
        """Judge the answer to a question: right, wrong, or the next question."""
        (answer,) = answers or ("",)
        if self._asks_code:
            return self._box.use_code(answer)
        right = self.password(username, answer)
        if right and self._spec.code_behind_password:
            self._asks_code = True
            return _CODE
        return right

    def key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Check a public key."""
        if username != LOGIN.username or not self._spec.public_key:
            return False
        return key == asyncssh.import_public_key(self._spec.public_key)


# What a release of ten years ago offers, and nothing else.
_OLD: Final[dict[str, list[str]]] = {
    "kex_algs": ["diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1"],
    "encryption_algs": ["aes256-cbc", "aes128-cbc"],
    "mac_algs": ["hmac-sha1"],
}


def host_key(box: Box) -> asyncssh.SSHKey:
    """Return a new host key: RSA for an old release."""
    if box.spec.ssh.old:
        return asyncssh.generate_private_key("ssh-rsa", comment=box.spec.name, key_size=2048)
    return asyncssh.generate_private_key("ssh-ed25519", comment=box.spec.name)


def server_options(
    box: Box, key: asyncssh.SSHKey, door: Callable[[], asyncssh.SSHServer]
) -> asyncssh.SSHServerConnectionOptions:
    """Return the options of a headend's SSH server; ``door`` makes the object of a connection."""
    options = asyncssh.SSHServerConnectionOptions(
        server_host_keys=[key],
        server_factory=door,
        host_based_auth=False,
        gss_host=None,
        encoding=None,
        line_editor=False,
        agent_forwarding=False,
        allow_scp=False,
        login_timeout=30,
        server_version="Cisco-1.25",
        **(_OLD if box.spec.ssh.old else {}),
    )
    if box.spec.ssh.old:  # RSA with SHA-1 alone
        pair = options.server_host_keys[b"ssh-rsa"]
        options.server_host_keys = OrderedDict({b"ssh-rsa": pair})
    return options
