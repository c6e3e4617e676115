"""``headend policy``: what a user, a group or a certificate would meet at login, and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headend.cli import options
from headend.config import Settings
from headend.errors import InputError

if TYPE_CHECKING:
    from headend.model.policy import Caller, ClientCertificate
    from headend.workflow.planning import Place

_LARGEST = 64 << 20


def policy(
    user: Annotated[str | None, typer.Argument(help="The user who would log in")] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", metavar="FILE", help="A saved configuration, '-' for standard input"
        ),
    ] = None,
    group: Annotated[
        str | None, typer.Option(metavar="NAME", help="The tunnel group or alias that is chosen")
    ] = None,
    url: Annotated[str | None, typer.Option(help="The group URL that is opened")] = None,
    certificate: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES", help="A certificate: 'cn=jdoe,issuer.cn=ca-01,upn=jdoe@corp.example'"
        ),
    ] = None,
    interface: Annotated[
        str | None, typer.Option(metavar="NAME", help="Where the login comes in: 'outside'")
    ] = None,
    inventory: options.Inventory = None,
    filters: options.Filters = None,
    hosts: options.Hosts = None,
    *,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Tell what a login would meet: certificate, password, token, servers, policy, limits."""
    from headend.model.policy import Caller
    from headend.workflow.meeting import met

    settings = Settings.resolve(inventory)
    shown = _certificate(certificate) if certificate else None
    caller = Caller(user, group, url, shown, interface)
    encounters = met(_places(settings, file, filters, hosts), caller, settings.inventory)
    if as_json:
        documents = {
            name: {"answers": [asdict(one) for one in each.answers], "warnings": each.warnings}
            for name, each in encounters.items()
        }
        typer.echo(
            json.dumps(
                {"schema": "headend.policy/1", "caller": asdict(caller), "headends": documents},
                indent=2,
            )
        )
        return
    from headend.cli.layout import print_line
    from headend.cli.render_change import render_encounter

    console = options.console()
    for name, encounter in encounters.items():
        print_line(console, f"{name}: {_asked(caller)}", style="bold")
        console.print()
        render_encounter(encounter, console)
        console.print()


def _places(
    settings: Settings, file: Path | None, filters: list[str] | None, hosts: list[str] | None
) -> Sequence[Place]:
    from headend.workflow.meeting import saved

    if file is not None:
        return [saved(str(file), _text(file))]
    from headend.device import fleet
    from headend.workflow.places import gathered

    with fleet.select(fleet.load(settings.inventory), filters or (), hosts or ()) as chosen:
        found = gathered(chosen)
    for name, error in found.failed.items():
        typer.echo(f"headend: {name}: {error}", err=True)
    if not found.places:
        raise next(iter(found.failed.values()))
    return found.places


def _text(file: Path) -> str:
    try:
        data = (
            typer.get_binary_stream("stdin").read(_LARGEST)
            if str(file) == "-"
            else file.read_bytes()
        )
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror or error}") from error
    if not data.strip() or b"\0" in data[:4096]:
        raise InputError(
            f"{file} is no configuration text", remedy="Save show running-config as text"
        )
    return data[:_LARGEST].decode("utf-8", "backslashreplace")


def _certificate(names: str) -> ClientCertificate:
    from headend.model.policy import ClientCertificate

    subject: dict[str, str] = {}
    issuer: dict[str, str] = {}
    upn = ""
    for part in names.split(","):
        name, equals, value = part.strip().partition("=")
        if not equals or not name or not value:
            raise InputError(
                f"{part[:60]!r} is not NAME=VALUE", remedy="--certificate cn=jdoe,issuer.cn=ca-01"
            )
        if name.lower() == "upn":
            upn = value
        elif name.lower().startswith("issuer."):
            issuer[name.lower().removeprefix("issuer.")] = value
        else:
            subject[name.lower()] = value
    return ClientCertificate(subject, issuer, upn)


def _asked(caller: Caller) -> str:
    parts = [caller.user or "somebody"]
    if caller.group:
        parts.append(f"through {caller.group}")
    if caller.url:
        parts.append(f"by {caller.url}")
    if caller.interface:
        parts.append(f"at {caller.interface}")
    parts.append("with a certificate" if caller.certificate else "without a certificate")
    return " ".join(parts)
