"""``headend change apply``, ``verify`` and ``rollback``: what is typed on the headends."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headend.cli import options
from headend.cli.change_common import Change, change_named, principal, unbroken
from headend.config import Settings
from headend.errors import INTERRUPTED, NO_ATTEMPT, InputError, Refused

if TYPE_CHECKING:
    from nornir.core import Nornir
    from rich.console import Console

    from headend.incident.changes import ChangeFolder
    from headend.model.change import EndState, Plan
    from headend.workflow.application import Hands, Outcome
    from headend.workflow.carrying_out import Permission


def apply(
    change_id: Change,
    why: Annotated[
        str | None,
        typer.Option("--break-glass", metavar="WHY", help="Apply without approval; it is loud"),
    ] = None,
    inventory: options.Inventory = None,
    incidents: options.Incidents = None,
    *,
    with_unsaved: Annotated[
        bool, typer.Option("--with-unsaved", help="Though others have changes not saved yet")
    ] = False,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Apply an approved change in its window: the first headend alone, then the others."""
    from headend.model.change import EndState
    from headend.workflow import carrying_out

    settings = Settings.resolve(inventory, incidents)
    change, plan = change_named(change_id, incidents)
    if why is not None and not why.strip():
        raise InputError("The reason is empty", remedy="--break-glass 'nobody gets in'")
    granted = carrying_out.permission(change, plan, settings.allowed_signers, why or "")
    nornir = _chosen(settings, _headends(plan))
    with unbroken() as stopped, nornir:
        hands = _hands(nornir, stopped, allow_unsaved=with_unsaved)
        to_do = carrying_out.jobs(change, plan, granted, settings.inventory, hands)
        _say_why(change, granted)
        outcomes = carrying_out.carried_out(nornir, to_do, _teller(as_json=as_json))
    if all(outcome.state is EndState.APPLIED for outcome in outcomes):
        change.mark("applied")
        if not as_json:
            typer.echo(f"Not saved yet. Next, with the user: headend change verify {plan.id}")
    raise typer.Exit(_status(outcomes, EndState.APPLIED, stopped))


def _say_why(change: ChangeFolder, granted: Permission) -> None:
    """Record by whose signatures a change is applied, or say loudly that there are none."""
    if granted.approved is None:
        typer.echo("BREAK GLASS: nobody approved this; two people must, afterwards", err=True)
        return
    signers = granted.approved.signers
    change.audit(
        "approval holds",
        keys=granted.approved.keys,
        signers=str(signers.path),
        sha256=signers.sha256,
    )


def verify(
    change_id: Change,
    user: Annotated[
        str | None, typer.Option("--user", help="Who tries; the one for whom the change is made")
    ] = None,
    inventory: options.Inventory = None,
    incidents: options.Incidents = None,
    duration: options.For = 300.0,
    client_ip: options.ClientIp = None,
    *,
    with_unsaved: Annotated[
        bool, typer.Option("--with-unsaved", help="Save though others have changes not saved yet")
    ] = False,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Prove a change: the same user tries, the capture says how; what is proved is saved."""
    settings = Settings.resolve(inventory, incidents)
    change, plan = change_named(change_id, incidents)
    raise typer.Exit(
        prove(
            settings,
            change,
            plan,
            user=user,
            client_ip=client_ip,
            duration=duration,
            with_unsaved=with_unsaved,
            as_json=as_json,
        )
    )


def prove(
    settings: Settings,
    change: ChangeFolder,
    plan: Plan,
    *,
    user: str | None = None,
    client_ip: str | None = None,
    duration: float,
    with_unsaved: bool = False,
    as_json: bool = False,
    console: Console | None = None,
    on_news: Callable[[object], None] = lambda _news: None,
) -> int:
    """Capture the user's next login, judge it by the plan, save what it proves; the exit status.

    Raises ``Refused`` where others meet what the plan did not say, or the login is no proof.
    """
    from headend.cli import investigate
    from headend.incident.record import PROOF
    from headend.model.change import EndState
    from headend.workflow import approving, carrying_out, journal, proving

    approving.not_revoked(change)
    started = time.monotonic()
    names = [each.headend for each in plan.targets if journal.applied(change, each.headend)]
    if not names:
        raise Refused(
            f"Change {plan.id} is applied on no headend: there is nothing to prove",
            remedy=f"headend change apply {plan.id}",
        )
    caller = proving.meant(plan)
    who = user or (caller.user if caller else None)
    if who is None:
        raise InputError("Whose login proves this change?", remedy="--user jdoe")
    _no_strangers(settings, change, plan, names)
    run = investigate.prepare(
        who,
        settings,
        hosts=names,
        client_ip=client_ip,
        duration=duration,
        started=started,
        verb=PROOF,
    )
    with investigate.stopped_by_signals(run):
        investigate.show(run, as_json=as_json, console=console, on_news=on_news)
    conclusion = run.conclusion
    change.audit("verify", capture=conclusion.incident.id, status=conclusion.status)
    if not conclusion.chosen:
        return conclusion.status or NO_ATTEMPT
    wrong = proving.disproof(conclusion.chosen[-1], proving.expected(change, plan))
    if wrong:
        change.audit("not proved", why=wrong)
        raise Refused(
            f"Change {plan.id} is not proved: {wrong}",
            remedy=f"It stays unsaved. Take it back: headend change rollback {plan.id}",
        )
    with unbroken() as stopped, _chosen(settings, names) as chosen:
        outcomes = carrying_out.saved(
            chosen,
            change,
            plan,
            _hands(chosen, stopped, allow_unsaved=with_unsaved),
            _teller(as_json=as_json),
        )
    if all(outcome.state is EndState.VERIFIED for outcome in outcomes):
        change.mark("verified")
    return _status(outcomes, EndState.VERIFIED, stopped)


def _no_strangers(
    settings: Settings, change: ChangeFolder, plan: Plan, names: Sequence[str]
) -> None:
    """Raise ``Refused`` where others meet what the plan did not say."""
    from headend.workflow import proving
    from headend.workflow.places import gathered
    from headend.workflow.site_words import site_words

    with _chosen(settings, names) as chosen:
        found = gathered(chosen)
    for name, error in found.failed.items():
        typer.echo(f"headend: {name}: {error}", err=True)
    token_name = site_words(settings.inventory).token_group
    targets = {target.headend: target for target in plan.targets}
    for place in found.places:
        told = proving.strangers(change, targets[place.headend], place, token_name)
        if told:
            raise Refused(
                f"{place.headend}: others meet what the plan did not say: {'; '.join(told[:5])}",
                remedy=f"Look who changed it. Take ours back: headend change rollback {plan.id}",
            )


def rollback(
    change_id: Change,
    inventory: options.Inventory = None,
    incidents: options.Incidents = None,
    *,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Take a change back wherever it stands: its approval covers the way back."""
    from headend.model.change import EndState
    from headend.workflow import carrying_out

    settings = Settings.resolve(inventory, incidents)
    change, plan = change_named(change_id, incidents)
    with unbroken() as stopped, _chosen(settings, _headends(plan)) as chosen:
        outcomes = carrying_out.taken_back(
            chosen, change, plan, _hands(chosen, stopped), _teller(as_json=as_json)
        )
    raise typer.Exit(_status(outcomes, EndState.ROLLED_BACK, stopped))


def _headends(plan: Plan) -> list[str]:
    return [target.headend for target in plan.targets]


def _chosen(settings: Settings, names: Sequence[str]) -> Nornir:
    from headend.device import fleet

    return fleet.select(fleet.load(settings.inventory), (), names)


def _status(outcomes: Sequence[Outcome], wanted: EndState, stopped: Callable[[], bool]) -> int:
    from headend.workflow import carrying_out

    status = carrying_out.status_of(outcomes, wanted)
    return INTERRUPTED if stopped() and status == Refused.status else status


def _hands(chosen: Nornir, stopped: Callable[[], bool], *, allow_unsaved: bool = False) -> Hands:
    from headend.device import fleet
    from headend.workflow.application import Hands

    return Hands(principal(None), fleet.workers(chosen), allow_unsaved, None, stopped)


def _teller(*, as_json: bool) -> Any:
    def told(outcome: Outcome) -> None:
        if as_json:
            from dataclasses import asdict

            typer.echo(json.dumps({"event": "change", **asdict(outcome)}))
            return
        from headend.cli.render_change import render_outcome

        render_outcome(outcome, options.console())

    return told
