"""``headend change``: from a plan that is reviewed to a change that is proved, and back."""

from __future__ import annotations

import typer

from headend.cli import change_apply, change_approve, change_list, change_new
from headend.cli.verbs import Verbs

app = typer.Typer(
    cls=Verbs,
    help="Plan a policy change, have it approved, apply it, prove it, take it back.",
    no_args_is_help=True,
)
app.command("new")(change_new.new)
app.command("show")(change_new.show)
app.command("approve")(change_approve.approve)
app.command("revoke")(change_approve.revoke)
app.command("apply")(change_apply.apply)
app.command("verify")(change_apply.verify)
app.command("rollback")(change_apply.rollback)
app.command("list")(change_list.list_changes)
