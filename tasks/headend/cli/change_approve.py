"""``headend change approve`` and ``revoke``: two people sign one document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headend.cli import options
from headend.cli.change_common import Change, change_named, principal
from headend.config import Settings
from headend.errors import InputError
from headend.model.line import visible


def approve(
    change_id: Change,
    key: Annotated[Path, typer.Option(metavar="FILE", help="Your SSH key, or its public half")],
    approver: Annotated[
        str | None, typer.Option(metavar="WHO", help="The other person, who approves")
    ] = None,
    window: Annotated[
        str | None,
        typer.Option(
            metavar="START/END ZONE", help="2026-11-26T22:00/2026-11-26T23:30 Europe/Berlin"
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="When the approval ends; the window's end")
    ] = None,
    signer: Annotated[str | None, typer.Option("--as", metavar="WHO", help="Who signs")] = None,
    incidents: options.Incidents = None,
    *,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Sign an approval: the author draws it up (--approver, --window), the other signs it too."""
    from headend.workflow import approving

    change, plan = change_named(change_id, incidents)
    who = principal(signer)
    if approver is not None or window is not None:
        if approver is None or window is None:
            raise InputError("An approval names both --approver and --window")
        approving.may_sign(who, plan.author, approver)  # before the older approval falls
        approval = approving.draw_up(change, plan, approver, window, until)
    else:
        approval = approving.document_of(change)
    approving.sign(change, plan, approval, who, key)
    doubt = approving.doubt(change, approval, who, Settings.resolve().allowed_signers)
    if doubt:
        typer.echo(visible(f"It does not count here yet: {doubt}"), err=True)
    signed = approving.signed_by(change, approval)
    missing = [each for each in (approval.author, approval.approver) if each not in signed]
    if missing:
        typer.echo(f"Signed by {who}. Still to sign: {', '.join(missing)}")
        typer.echo(f"  headend change approve {plan.id} --as {missing[0]} --key KEY")
        return
    typer.echo(f"Signed by {' and '.join(signed)}. Window: {approval.window}")
    if doubt:
        typer.echo(f"Until that signature counts, headend change apply {plan.id} is refused")
        return
    change.mark("approved")
    typer.echo(f"Next: headend change apply {plan.id}")


def revoke(
    change_id: Change,
    why: Annotated[str, typer.Option(metavar="WHY", help="The reason, for the record")],
    who: Annotated[str | None, typer.Option("--as", metavar="WHO", help="Who revokes")] = None,
    incidents: options.Incidents = None,
    *,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Take an approval back; what was applied stays until it is rolled back."""
    from headend.workflow import approving

    change, plan = change_named(change_id, incidents)
    if not why.strip():
        raise InputError("The reason is empty", remedy="--why 'wrong server'")
    approving.revoke(change, principal(who), why)
    typer.echo(f"The approval of change {plan.id} is revoked")
