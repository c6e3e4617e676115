"""``headend survey``: who else fails for this reason, since when and where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from headend.cli import options
from headend.config import Settings
from headend.errors import InputError

if TYPE_CHECKING:
    from headend.model.outbreak import Ticket


def survey(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE...", help="Syslog files, .gz too; alone: no headend"),
    ] = None,
    incident_id: Annotated[
        str | None, typer.Option("--incident", metavar="ID", help="Its reason, user and time")
    ] = None,
    cause: Annotated[str | None, typer.Option(metavar="CAUSE", help="This reason")] = None,
    user: Annotated[
        str | None,
        typer.Option(help="Whose ticket it is; without --cause, why their newest login failed"),
    ] = None,
    group: options.Group = None,
    inventory: options.Inventory = None,
    filters: options.Filters = None,
    hosts: options.Hosts = None,
    incidents: options.Incidents = None,
    *,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Who else fails for this reason? Headends' logs and syslog files are read, and no more."""
    from headend.workflow import surveying
    from headend.workflow.site_words import site_words

    settings = Settings.resolve(inventory, incidents)
    ticket = _ticket(settings, incident_id, cause, user)
    if group:
        ticket = replace(ticket, group=group)
    chosen = None
    if filters or hosts or not files:
        from headend.device import fleet

        chosen = fleet.select(fleet.load(settings.inventory), filters or (), hosts or ())
    found = surveying.survey(chosen, files or (), ticket, site_words(settings.inventory))
    if as_json:
        from headend.cli.survey_document import document

        options.print_json(document(found))
    else:
        from headend.cli.survey_page import render

        render(found, options.console())
    raise typer.Exit(surveying.status_of(found))


def _ticket(
    settings: Settings, incident_id: str | None, cause: str | None, user: str | None
) -> Ticket:
    from headend.model.diagnosis import Cause
    from headend.model.outbreak import Ticket

    if incident_id is not None:
        if cause is not None or user is not None:
            raise InputError(
                "--incident names its reason and its user itself",
                remedy="Leave --cause and --user out, or --incident",
            )
        from headend.incident import IncidentStore
        from headend.workflow.surveying import ticket_of

        return ticket_of(IncidentStore(settings.incidents).get(incident_id))
    try:
        return Ticket(Cause(cause) if cause else None, user)
    except ValueError:
        raise InputError(
            f"{cause!r} is no cause", remedy=f"Causes are {', '.join(Cause)}"
        ) from None
