"""``headend demo``: the founding case on simulated headends, no set-up."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import typer

from headend.cli import investigate, options
from headend.cli.lab import need_lab

USER = "jdoe"
GROUP = "CORP"
DURATION = 25.0


def demo(
    incidents: options.Incidents = None,
    *,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Watch the whole journey: a login fails at the Windows logon screen, and why."""
    need_lab()
    from rich.text import Text

    from headend.config import Settings
    from headend.lab import Lab
    from headend.workflow.news import Ready

    started = time.monotonic()
    console = options.console()
    console.print(
        Text(
            f"{USER} gets 'Authentication Failed' at the Windows logon screen. Others connect. A\n"
            "hardware token works, and is no answer for every day. Three headends (simulated,\n"
            "real SSH on this machine) serve the company; one command finds out why.\n"
        )
    )
    with Lab() as lab:
        before = {name: os.environ.get(name) for name in lab.environment}
        os.environ.update(lab.environment)
        try:
            settings = Settings.resolve(Path(lab.environment["HEADEND_INVENTORY"]), incidents)
            console.print(Text(f"$ headend investigate {USER}", style="bold cyan"))
            run = investigate.prepare(USER, settings, duration=DURATION, started=started)
            client: list[threading.Thread] = []

            def log_in() -> None:
                seen = lab.attempt(USER, group=GROUP, certificate="user", logon_screen=True)
                shown = " ".join((*seen.prompts, seen.message))
                console.print(Text("client     ", "bold") + Text(f"{USER} sees: {shown}"))

            def on_news(news: object) -> None:
                if isinstance(news, Ready):
                    thread = threading.Thread(target=log_in, name="vpn-client")
                    thread.start()
                    client.append(thread)

            with investigate.stopped_by_signals(run):
                status = investigate.show(run, as_json=False, console=console, on_news=on_news)
            for thread in client:
                thread.join()
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
    console.print()
    raise typer.Exit(status)
