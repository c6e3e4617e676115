"""The verbs of the lab: run simulated headends, and try to log in at their VPN."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from headend.errors import InputError

app = typer.Typer(no_args_is_help=True, help="Simulated headends: a place to try everything.")

_EXAMPLES = (
    ("a token is asked for at the Windows logon screen", "jdoe --logon-screen"),
    ("the same person with the token", "jdoe --token 314159"),
    ("a locked account", "m.rossi --group STAFF"),
)


def need_lab() -> ModuleType:
    """Return the lab package; raise InputError when the extra is not installed."""
    # Imported when a lab is wanted: every other verb starts without its SSH and RADIUS libraries.
    try:
        import headend.lab
    except ModuleNotFoundError as error:
        raise InputError(
            f"The lab needs {error.name}, which is not installed",
            remedy="In the checkout: pip install '.[lab]'",
        ) from error
    return headend.lab


def _socket(directory: Path) -> Path:
    return directory / "control.sock"


@app.command()
def up(
    port: Annotated[
        int,
        typer.Option(min=0, max=65533, help="The first headend's SSH port; the others follow it."),
    ] = 2201,
) -> None:
    """Run three simulated headends in the foreground until Ctrl-C."""
    lab = need_lab()
    directory = lab.runtime_directory()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    stop = threading.Event()
    previous = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        with lab.Lab(lab.default_specs(port)) as running:
            running.serve_control(_socket(directory))
            for name, one in running.headends.items():
                typer.echo(f"# {name}  {one.host}:{one.port}  {one.fingerprint}")
            for name, value in running.environment.items():
                typer.echo(f"export {name}='{value}'")
            typer.echo("# In another terminal, while a capture waits for the user:")
            for what, arguments in _EXAMPLES:
                typer.echo(f"headend lab attempt {arguments}    # {what}")
            typer.echo("# Ctrl-C ends the lab.")
            stop.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@app.command()
def attempt(
    user: Annotated[str, typer.Argument(help="Who logs in, for example jdoe.")],
    *,
    password: Annotated[
        str | None, typer.Option(help="What is typed; without it the right one.")
    ] = None,
    token: Annotated[
        list[str] | None,
        typer.Option(help="Answer to the token server's question; repeat for the next question."),
    ] = None,
    certificate: Annotated[
        str | None, typer.Option(help="user, machine, expired, untrusted or revoked.")
    ] = None,
    group: Annotated[str, typer.Option(help="The tunnel group that the client chose.")] = "CORP",
    logon_screen: Annotated[
        bool, typer.Option("--logon-screen", help="Before Windows logon: no user certificates.")
    ] = False,
    headend: Annotated[str | None, typer.Option(help="Which headend; else the first.")] = None,
    client_ip: Annotated[str, typer.Option(help="The client's address.")] = "198.51.100.7",
) -> None:
    """Log in at the VPN of a lab that runs in another terminal."""
    lab = need_lab()
    from headend.lab import control

    kinds = ("user", "machine", "expired", "untrusted", "revoked")
    if certificate is not None and certificate not in kinds:
        raise InputError(
            f"There is no certificate {certificate!r}", remedy=f"Choose one of {', '.join(kinds)}"
        )
    result = control.ask(
        _socket(lab.runtime_directory()),
        {
            "headend": headend,
            "user": user,
            "password": password,
            "answers": token or [],
            "certificate": certificate,
            "group": group,
            "logon_screen": logon_screen,
            "client_ip": client_ip,
        },
    )
    for prompt in result.prompts:
        typer.echo(f"{result.headend}  {prompt}")
    typer.echo(f"{result.headend}  {result.message}")
