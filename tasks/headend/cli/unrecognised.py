"""The lines that no reader knew, on a terminal: the most frequent kinds first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.cli.layout import counted, print_columns, print_line, styled

if TYPE_CHECKING:
    from rich.console import Console

    from headend.model.diagnosis import Report

_SHOWN = 5


def render_unrecognised(report: Report, console: Console) -> None:
    """Print how many lines no reader knew, and of each kind its number and one line."""
    count = sum(source.unrecognised for source in report.sources)
    total = sum(source.lines for source in report.sources)
    if not count:
        return
    print_line(console, f"{counted(count, 'line')} of {total:,} that no reader knew:", style="dim")
    shown = report.unrecognised_shapes[:_SHOWN]
    rows = []
    for each in shown:
        line = each.example
        example = f"{line.source}:{line.line}  {line.text.strip()}"
        number = f"{each.count:6,}"
        if each.count > 1:
            rows.append((styled(number), styled(each.shape)))
            number = ""
        rows.append((styled(number), styled(example, "dim")))
    if rows:
        print_columns(console, rows, indent=2)
    left = count - sum(each.count for each in shown)
    if left:
        print_line(console, f"and {counted(left, 'line')} of other kinds", indent=4, style="dim")
