"""``headend change new`` and ``show``: a change to review; nothing is typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headend.cli import options
from headend.cli.change_common import Change, change_named, principal
from headend.config import Settings
from headend.errors import InputError

if TYPE_CHECKING:
    from headend.incident.changes import ChangeFolder
    from headend.model.change import Plan


def new(
    kind: Annotated[
        str | None, typer.Argument(help="The change; left out: what is proposed")
    ] = None,
    pairs: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A parameter; repeatable"),
    ] = None,
    incident: Annotated[
        str | None, typer.Option(metavar="ID", help="The incident that it mends, or 'last'")
    ] = None,
    ticket: Annotated[str, typer.Option(metavar="ID", help="The ticket it belongs to")] = "",
    expires: Annotated[
        str | None, typer.Option(metavar="DATE", help="Until when an exception may stand")
    ] = None,
    author: Annotated[str | None, typer.Option("--as", metavar="WHO", help="Who plans it")] = None,
    inventory: options.Inventory = None,
    incidents: options.Incidents = None,
    filters: options.Filters = None,
    hosts: options.Hosts = None,
    *,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Plan a change for review: lines, way back, whom it reaches; nothing is typed."""
    from headend.device import fleet
    from headend.incident import IncidentStore
    from headend.workflow import changing
    from headend.workflow.places import gathered
    from headend.workflow.planning import Request
    from headend.workflow.site_words import site_words

    settings = Settings.resolve(inventory, incidents)
    store = IncidentStore(settings.incidents)
    source = changing.origin(store, incident) if incident else None
    if kind is None:
        _propose(source, as_json=as_json)
        return
    names = list(hosts or ()) or ([] if filters or source is None else list(source.headends))
    if not names and not filters:
        raise InputError("A change names its headends", remedy="-H vpn-1, or -f site=north")
    request = Request(
        kind,
        changing.parameters(pairs or (), source.known(kind) if source else {}),
        principal(author),
        ticket,
        source.incident.id if source else "",
        _date(expires),
    )
    with fleet.select(fleet.load(settings.inventory), filters or (), names) as chosen:
        found = gathered(chosen)
    words = site_words(settings.inventory)
    change, plan = changing.new_change(
        store, request, found, source.incident if source else None, words.token_group
    )
    _shown(change, plan, "json" if as_json else "text")
    if not as_json:
        typer.echo(f"Review: {change.path / 'review.html'}")
        typer.echo(f"Next: headend change approve {plan.id} --approver WHO --window WHEN --key KEY")


def show(
    change_id: Change = "last",
    form: Annotated[
        str, typer.Option("--format", metavar="text|markdown|html|json", help="How it is shown")
    ] = "text",
    incidents: options.Incidents = None,
    *,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Show a change as it is reviewed, and where it stands."""
    change, plan = change_named(change_id, incidents)
    _shown(change, plan, "json" if as_json else form)


def _propose(source: Any, *, as_json: bool) -> None:
    from dataclasses import asdict

    if source is None:
        from headend.workflow.changing import KINDS

        raise InputError(
            "Which change? Name one, or the incident whose diagnosis proposes some",
            remedy=f"--incident last, or one of {', '.join(KINDS)}",
        )
    if as_json:
        found = [asdict(one) for one in source.proposals]
        options.print_json({"schema": "headend.proposals/1", "proposals": found})
        return
    from headend.cli.render_change import render_proposals

    render_proposals(source.proposals, source.incident.id, options.console())


def _shown(change: ChangeFolder, plan: Plan, form: str) -> None:
    if form == "text":
        from headend.cli.render_change import render_plan

        render_plan(plan, options.console())
        return
    from headend.incident.review import html_review, markdown_review
    from headend.workflow.changing import document

    forms = {
        "markdown": lambda: markdown_review(plan),
        "html": lambda: html_review(plan),
        "json": lambda: json.dumps({**document(plan), "path": str(change.path)}, indent=2) + "\n",
    }
    if form not in forms:
        raise InputError(f"{form!r} is no format", remedy="text, markdown, html or json")
    typer.echo(forms[form](), nl=False)


def _date(text: str | None) -> str | None:
    from datetime import UTC, date, datetime

    try:
        given = date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"{text!r} is no date", remedy="--expires 2026-12-31") from None
    if given is not None and given < datetime.now(UTC).date():
        raise InputError(f"{given} is past", remedy="Name the last day of the exception")
    return given.isoformat() if given else None
