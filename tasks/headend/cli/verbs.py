"""A list of verbs in which each says its whole sentence."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

_WHOLE = 1000


class Verbs(TyperGroup):
    """A group whose help wraps what Typer would cut off with dots."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the verbs that are not hidden, in the order in which they were added."""
        verbs = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [
            (name, verb.get_short_help_str(_WHOLE))
            for name, verb in verbs
            if verb and not verb.hidden
        ]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)
