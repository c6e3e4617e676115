"""The command line: the only place that prints and sets an exit status."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from typing import Annotated, NoReturn

import typer

from headend.cli import (
    account,
    change,
    demo,
    diagnose,
    incident,
    investigate,
    kpi,
    lab,
    policy,
    preflight,
    servers,
    survey,
    sweep,
    trust,
)
from headend.cli.options import CHOICE
from headend.cli.verbs import Verbs
from headend.errors import HeadendError, InputError
from headend.model.line import visible


def _version(value: bool) -> None:  # noqa: FBT001 - Typer's signature
    if value:
        from importlib.metadata import version

        typer.echo(f"headend {version('headend')}")
        raise typer.Exit


app = typer.Typer(
    name="headend",
    cls=Verbs,
    help="Find out why a remote-access VPN user cannot log in, and prove it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help, at half the start-up time
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version"),
    ] = False,
) -> None:
    """Take the options that stand before a verb."""


app.command("demo")(demo.demo)
app.command("investigate")(investigate.investigate)
app.command("diagnose")(diagnose.diagnose)
app.command("preflight")(preflight.preflight)
app.command("account")(account.account)
app.command("policy")(policy.policy)
app.command("servers")(servers.servers)
app.command("kpi")(kpi.kpi)
app.command("survey")(survey.survey)
app.command("sweep")(sweep.sweep)
app.command("trust")(trust.trust)
app.add_typer(change.app, name="change")
app.add_typer(incident.app, name="incident")
app.add_typer(lab.app, name="lab")


def main() -> None:
    """Run a verb; every error becomes a sentence and its exit status."""
    if sys.stdout is None or sys.stderr is None:  # closed by the caller: >&-
        sys.exit(HeadendError.status)
    try:
        app()
    except HeadendError as error:
        _explain(error)
        sys.exit(error.status)
    except BrokenPipeError:
        # The reader (head, less) went away; Python would complain again while it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(HeadendError.status)
    except OSError as error:
        # A file's rights or a full disk are the world's state, and no bug of ours.
        if error.filename is None and error.errno != errno.ENOSPC:
            _unexpected(error)
        what = error.filename or "The output"
        _explain(InputError(f"{what} cannot be used: {error.strerror}"))
        sys.exit(InputError.status)
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user who did not ask
        _unexpected(error)


def _unexpected(error: Exception) -> NoReturn:
    _explain(HeadendError(f"Unexpected {type(error).__name__}: {error}"))
    if not CHOICE.verbose:
        sys.stderr.write("Run it again with -v for the traceback, and please report it.\n")
    sys.exit(HeadendError.status)


def _explain(error: HeadendError) -> None:
    sys.stderr.write(f"headend: {visible(error.message)}\n")
    if error.remedy:
        sys.stderr.write(f"  {visible(error.remedy)}\n")
    if CHOICE.verbose:
        traceback.print_exc()
