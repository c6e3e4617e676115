"""``headend account``: what the directory says of a user's account, read-only."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headend.cli import options
from headend.config import Settings
from headend.errors import InputError

if TYPE_CHECKING:
    from headend.model.account import Account

_NOT_SEEN = 10


def account(
    user: Annotated[str, typer.Argument(help="The user, with or without domain or realm")],
    inventory: options.Inventory = None,
    *,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Tell whether the directory would let the user in: disabled, locked, expired, must change."""
    from headend.workflow.accounts import account as look_up

    if not user.strip():
        raise InputError("The user name is empty", remedy="headend account jdoe")
    found = look_up(Settings.resolve(inventory).inventory, user)
    if as_json:
        document = {"schema": "headend.account/1", "account": asdict(found) if found else None}
        typer.echo(json.dumps(document, indent=2, default=_plain))
    else:
        _print(user, found)
    if found is None:
        raise typer.Exit(_NOT_SEEN)


def _print(user: str, found: Account | None) -> None:
    from headend.cli.layout import mark, print_line, print_rows

    console = options.console()
    if found is None:
        line = f"{mark(('✘', 'x', ''), console)} {user}: the directory has no such account"
        print_line(console, line, style="bold red")
        return
    if found.troubles:
        print_line(console, f"{mark(('✘', 'x', ''), console)} {user}", style="bold red")
        for one in found.troubles:
            print_line(console, f"{one.summary} ({one.cause}, by {one.attribute})", indent=4)
    else:
        line = f"{mark(('✔', '+', ''), console)} {user}: the directory would let this account in"
        print_line(console, line, style="green")
    console.print()
    rows = [("entry", found.dn)]
    for name, at in (
        ("account expires", found.expires),
        ("password set", found.password_set),
        ("password expires", found.password_expires),
        ("last bad password", found.last_bad_password),
    ):
        rows.append((name, f"{at:%Y-%m-%d %H:%M} UTC" if at else "not told, or never"))
    if found.bad_passwords is not None:
        rows.append(("bad passwords", str(found.bad_passwords)))
    rows += [
        (group.partition(",")[0].partition("=")[2], "a member" if inside else "NOT a member")
        for group, inside in found.member_of
    ]
    print_rows(console, rows)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
