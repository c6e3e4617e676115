"""``headend demo``: the founding case on simulated headends, from the failure to the way back."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from headend.cli import change_apply, change_approve, change_new, investigate, options
from headend.cli.change_common import change_named
from headend.cli.lab import need_lab

if TYPE_CHECKING:
    from rich.console import Console

    from headend.config import Settings
    from headend.lab import Lab

USER = "jdoe"
GROUP = "CORP"
DEVICE = "laptop-0042.corp.example"
DURATION = 25.0
_STORY = (
    f"{USER} gets 'Authentication Failed' at the Windows logon screen. Others connect. A hardware "
    "token works, and is no answer for every day. Three headends (simulated, real SSH on this "
    "machine) serve the company; one command finds out why."
)
_CHANGE = (
    "The policy wants a token, and at the logon screen only the machine's certificate can be "
    "read. The smallest change that lets this device in is planned, for somebody else to review."
)
_APPROVAL = (
    "anna planned it, and bob approves it with a key of his own: both sign one document. A change "
    "that takes a factor away needs a signer with the role for it."
)


def demo(
    incidents: options.Incidents = None,
    *,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Watch the whole journey: a login fails, why, the reviewed change, the user gets in."""
    need_lab()
    from headend.lab import Lab

    with (
        tempfile.TemporaryDirectory() as folder,
        Lab() as lab,
        _environment({**lab.environment, **_engineers(Path(folder))}),
    ):
        status = _Demo(lab, Path(folder), incidents).play()
    raise typer.Exit(status)


class _Demo:
    """The story, act by act; each command is the one that an engineer would type."""

    def __init__(self, lab: Lab, folder: Path, incidents: Path | None) -> None:
        from headend.config import Settings

        self._lab = lab
        self._folder = folder
        self._incidents = incidents
        self._clients: list[threading.Thread] = []
        self._console: Console = options.console()
        inventory = Path(lab.environment["HEADEND_INVENTORY"])
        self._settings: Settings = Settings.resolve(inventory, incidents)

    def play(self) -> int:
        """Play all acts and return the exit status of the first that went wrong."""
        self._say(_STORY)
        status = self._investigate()
        if status:
            return status
        self._say(_CHANGE)
        for act in (self._plan, self._approve, self._apply, self._verify, self._roll_back):
            status = act()
            if status:
                return status
        self._say("And back: nothing of it is left on any headend.")
        return 0

    def _investigate(self) -> int:
        self._command(f"investigate {USER}")
        run = investigate.prepare(USER, self._settings, duration=DURATION, started=time.monotonic())
        return self._captured(run, lambda: self._log_in("user"))

    def _plan(self) -> int:
        settings = ("exception=0042", f"subject={DEVICE}", "issuer=issuing-ca-01")
        words = " ".join(f"--set {each}" for each in settings)
        self._command(f"change new certificate-for-device --incident last {words} --expires ...")
        return self._called(
            change_new.new,
            "certificate-for-device",
            [*settings, f"tunnel_group={GROUP}"],
            incident="last",
            ticket="CHG-0042",
            expires=(datetime.now(UTC).date() + timedelta(days=14)).isoformat(),
            author="anna",
            hosts=list(self._lab.headends),
            incidents=self._incidents,
        )

    def _approve(self) -> int:
        self._say(_APPROVAL)
        start = datetime.now(UTC).replace(microsecond=0)
        window = f"{start.isoformat()}/{(start + timedelta(hours=1)).isoformat()}"
        self._command("change approve last --as anna --approver bob --window ... --key anna")
        status = self._called(
            change_approve.approve,
            "last",
            self._folder / "anna",
            approver="bob",
            window=window,
            signer="anna",
            incidents=self._incidents,
        )
        self._command("change approve last --as bob --key bob")
        return status or self._called(
            change_approve.approve,
            "last",
            self._folder / "bob",
            signer="bob",
            incidents=self._incidents,
        )

    def _apply(self) -> int:
        self._command("change apply last")
        return self._called(change_apply.apply, "last", incidents=self._incidents)

    def _verify(self) -> int:
        self._command("change verify last")
        change, plan = change_named("last", self._incidents)
        tries = self._when_ready(lambda: self._log_in("machine"))
        status = change_apply.prove(
            self._settings,
            change,
            plan,
            duration=DURATION,
            console=self._console,
            on_news=tries,
        )
        self._joined()
        return status

    def _roll_back(self) -> int:
        self._command("change rollback last")
        return self._called(change_apply.rollback, "last", incidents=self._incidents)

    def _log_in(self, certificate: Any) -> None:
        from rich.text import Text

        seen = self._lab.attempt(USER, group=GROUP, certificate=certificate, logon_screen=True)
        shown = " ".join((*seen.prompts, seen.message))
        self._console.print(Text("client     ", "bold") + Text(f"{USER} sees: {shown}"))

    def _captured(self, run: Any, attempt: Callable[[], None]) -> int:
        with investigate.stopped_by_signals(run):
            # One console: what the client's thread prints must not meet the status line.
            status = investigate.show(
                run, as_json=False, console=self._console, on_news=self._when_ready(attempt)
            )
        self._joined()
        return status

    def _joined(self) -> None:
        for client in self._clients:
            client.join()
        self._clients.clear()

    def _when_ready(self, attempt: Callable[[], None]) -> Callable[[object], None]:
        from headend.workflow.news import Ready

        def on_news(news: object) -> None:
            if isinstance(news, Ready):
                self._clients.append(threading.Thread(target=attempt, name="vpn-client"))
                self._clients[-1].start()

        return on_news

    @staticmethod
    def _called(verb: Callable[..., None], *arguments: Any, **named: Any) -> int:
        try:
            verb(*arguments, **named)
        except typer.Exit as end:
            return end.exit_code
        return 0

    def _command(self, words: str) -> None:
        from rich.text import Text

        self._console.print()
        self._console.print(Text(f"$ headend {words}", style="bold cyan"))

    def _say(self, words: str) -> None:
        from rich.text import Text

        self._console.print()
        self._console.print(Text(words, style="italic"))


def _engineers(folder: Path) -> dict[str, str]:
    """Make two keys, and the file in which an administrator would allow them."""
    lines = []
    for name, role in (("anna", "headend-change"), ("bob", "headend-change,headend-mfa-exception")):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name]
        subprocess.run([*command, "-f", str(folder / name)], check=True)  # noqa: S603 - no shell
        public = " ".join((folder / f"{name}.pub").read_text().split()[:2])
        lines.append(f'{name} namespaces="{role}" {public}\n')
    signers = folder / "allowed_signers"
    signers.write_text("".join(lines))
    signers.chmod(0o644)
    return {"HEADEND_ALLOWED_SIGNERS": str(signers), "HEADEND_PRINCIPAL": "anna"}


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
