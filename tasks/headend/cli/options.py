"""The options that verbs share, and the console they print to."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headend.errors import INTERRUPTED, Refused

if TYPE_CHECKING:
    from rich.console import Console


@dataclass
class _Choice:
    """What -v and --no-color said; they hold for the whole process."""

    verbose: bool = False
    color: bool = True


CHOICE = _Choice()


def _verbose(value: bool) -> None:  # noqa: FBT001 - Typer's signature
    CHOICE.verbose = CHOICE.verbose or value


def _address(value: str | None) -> str | None:
    if value is None:
        return None
    from ipaddress import ip_address

    from headend.errors import InputError

    try:
        return str(ip_address(value.strip()))
    except ValueError:
        raise InputError(f"--client-ip {value!r} is not an IP address") from None


def _no_color(value: bool) -> None:  # noqa: FBT001 - likewise
    CHOICE.color = CHOICE.color and not value


Inventory = Annotated[
    Path | None,
    typer.Option(help="Nornir inventory folder [env: HEADEND_INVENTORY; default: ./inventory]"),
]
Incidents = Annotated[
    Path | None,
    typer.Option(help="Folder of the incidents [env: HEADEND_INCIDENTS; default: ./incidents]"),
]
Filters = Annotated[
    list[str] | None,
    typer.Option(
        "-f", "--filter", metavar="KEY=VALUE", help="name, group, or inventory data; repeatable"
    ),
]
Hosts = Annotated[
    list[str] | None,
    typer.Option("-H", "--host", metavar="GLOB", help="Headends by name; repeatable"),
]
ClientIp = Annotated[
    str | None, typer.Option(callback=_address, help="The client's public address")
]
Group = Annotated[str | None, typer.Option(help="Only attempts in this tunnel group")]
For = Annotated[
    float, typer.Option("--for", metavar="SECONDS", min=1, max=3600, help="Listen at most so long")
]
Debugs = Annotated[
    list[str] | None,
    typer.Option("--debug", metavar="NAME", help="Arm this ('radius all') instead; repeatable"),
]
MaxCpu = Annotated[
    float,
    typer.Option(
        metavar="PERCENT", min=1, max=100, help="Above this load nothing is armed, or stays so"
    ),
]
IncidentId = Annotated[
    str, typer.Argument(metavar="ID", help="An id, the beginning of one, or 'last'")
]
MaxLines = Annotated[
    int,
    typer.Option(metavar="LINES", min=0, help="End a headend's capture after so many; 0: never"),
]
Idle = Annotated[
    float,
    typer.Option(
        metavar="SECONDS", min=0, help="End when the attempt has been silent so long; 0: never"
    ),
]
Lines = Annotated[bool, typer.Option("--lines", help="Show each line of debug as it comes")]
Json = Annotated[bool, typer.Option("--json", help="JSON, for scripts")]
Verbose = Annotated[
    bool,
    typer.Option("-v", "--verbose", callback=_verbose, expose_value=False, help="Show tracebacks"),
]
NoColor = Annotated[
    bool,
    typer.Option("--no-color", callback=_no_color, expose_value=False, help="Plain text"),
]


def console(*, stderr: bool = False) -> Console:
    """Return the console for text; ``NO_COLOR`` and ``--no-color`` make it plain."""
    from rich.console import Console

    plain = not CHOICE.color or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    stream = sys.stderr if stderr else sys.stdout
    return Console(
        file=stream,
        # Not no_color=: that still prints bold and dim.
        color_system=None if plain else "auto",
        highlight=False,
        emoji=False,
        markup=False,
        # Without a terminal the width is the reader's business: do not cut evidence lines.
        width=None if stream.isatty() else 100,
    )


def print_json(document: Mapping[str, object]) -> None:
    """Print a document as ``--json`` shows it."""
    typer.echo(json.dumps(document, indent=2))


def confirmed(question: str) -> bool:
    """Ask yes or no; Ctrl-C ends the verb, and where nobody can answer that is said."""
    try:
        return typer.confirm(question)
    except typer.Abort:
        if sys.stdin.isatty():
            raise typer.Exit(INTERRUPTED) from None
        raise Refused(
            "A question stands open and nobody can be asked here",
            remedy="Say --yes where you know the answer",
        ) from None
