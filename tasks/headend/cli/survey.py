"""``headend survey``: who else fails for this reason, since when and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from headend.cli import options
from headend.config import Settings
from headend.errors import InputError

if TYPE_CHECKING:
    from headend.workflow.surveying import Reason, Surveyed


def survey(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="Syslog files; alone: no headend")
    ] = None,
    incident_id: Annotated[
        str | None, typer.Option("--incident", metavar="ID", help="Its reason and its user")
    ] = None,
    cause: Annotated[str | None, typer.Option(metavar="CAUSE", help="This reason")] = None,
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
    reason = _reason(settings, incident_id, cause)
    chosen = None
    if filters or hosts or not files:
        from headend.device import fleet

        chosen = fleet.select(fleet.load(settings.inventory), filters or (), hosts or ())
    found = surveying.survey(chosen, files or (), reason, site_words(settings.inventory))
    if as_json:
        options.print_json(_document(found))
    else:
        _print(found)
    raise typer.Exit(surveying.status_of(found))


def _reason(settings: Settings, incident_id: str | None, cause: str | None) -> Reason:
    from headend.incident import IncidentStore
    from headend.model.diagnosis import Cause
    from headend.workflow.surveying import Reason, reason_of

    if incident_id is not None:
        if cause is not None:
            raise InputError("--incident and --cause are two reasons", remedy="Give one of them")
        return reason_of(IncidentStore(settings.incidents).get(incident_id))
    if cause is None:
        return Reason()
    try:
        return Reason(Cause(cause))
    except ValueError:
        raise InputError(
            f"{cause!r} is no cause", remedy=f"Causes are {', '.join(Cause)}"
        ) from None


def _document(found: Surveyed) -> dict[str, object]:
    verdict = found.verdict
    rate = verdict.rate
    return {
        "schema": "headend.survey/1",
        "verdict": {
            "kind": verdict.kind,
            "sentence": verdict.sentence,
            "cause": verdict.cause,
            "server": verdict.server,
            "users": len(verdict.users),
            "failures": verdict.failures,
            "hidden": verdict.hidden,
            "headends": list(verdict.headends),
            "first": verdict.first.isoformat() if verdict.first else None,
            "last": verdict.last.isoformat() if verdict.last else None,
            "per_hour": {"now": rate.now, "before": rate.before} if rate else None,
            "accepted": verdict.accepted,
        },
        "attempts": found.attempts,
        "causes": [
            {"cause": one, "failures": count, "users": users} for one, count, users in found.causes
        ],
        "headends": [
            {
                "name": each.headend,
                "log_lines": each.lines,
                "log_bytes": each.size,
                "sessions": each.sessions,
                "servers": [{"address": one, "state": state} for one, state in each.servers],
                "error": str(each.error) if each.error else None,
            }
            for each in found.asked
        ],
        "files": [{"name": name, "lines": lines} for name, lines in found.read],
    }


def _print(found: Surveyed) -> None:
    from rich.text import Text

    from headend.model.line import visible

    console = options.console()
    verdict = found.verdict
    style = {"outage": "bold red", "several": "yellow"}.get(verdict.kind, "green")
    console.print(Text(visible(verdict.sentence), style=f"bold {style}"))
    rows = [("failures", f"{verdict.failures} of {found.attempts} logins")]
    if verdict.first and verdict.last:
        rows.append(("time", f"{verdict.first:%Y-%m-%d %H:%M:%S} to {verdict.last:%H:%M:%S}"))
    if verdict.rate:
        before = "nothing seen" if verdict.rate.before is None else f"{verdict.rate.before:g}"
        rows.append(("an hour", f"{verdict.rate.now:g} now, before: {before}"))
    if verdict.server:
        rows.append(("accepted", f"{verdict.accepted} logins by {verdict.server} in that time"))
    rows.append(("headends", ", ".join(verdict.headends) or "none"))
    shown = [one for one, _, _ in found.causes if one is not verdict.cause]
    rows += [
        ("also", f"{cause}: {count} failures, {users} users")
        for cause, count, users in found.causes
        if cause in shown
    ]
    for each in found.asked:
        down = [f"{address} is {state}" for address, state in each.servers if state != "ACTIVE"]
        told = f"{each.headend}: {each.lines} lines of show logging ({each.size} bytes), "
        told += f"{each.sessions} sessions" + "".join(f", {one}" for one in down)
        rows.append(("read", f"{each.headend}: {each.error}" if each.error else told))
    rows += [("read", f"{name}: {lines} lines") for name, lines in found.read]
    for label, text in rows:
        console.print(Text(f"  {label:9}{visible(text)}"), soft_wrap=True)
