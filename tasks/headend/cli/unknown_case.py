"""What was exported of the unknown lines, and what to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.cli.layout import counted, print_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from headend.workflow.unknown_case import UnknownCase

_STEPS = (
    "Look through the .txt: secrets are replaced, names and addresses are as they were.",
    "Move the pair to tests/parse/cases/FACILITY/ and put the events that you want into the .json.",
    "Write the rule that reads them: CONTRIBUTING.md shows a whole facility in ten lines.",
)


def render_unknown_cases(cases: Sequence[UnknownCase], console: Console) -> None:
    """Print which files were written, and the way from there to a reader."""
    console.print()
    if not cases:
        print_line(console, "Every line was known: there is nothing to export.", style="bold")
        return
    print_line(console, "Written as parser cases, for your eyes only:", style="bold")
    for case in cases:
        said = f"{case.text} and {case.expectation.name}: {counted(case.lines, 'unknown line')}"
        print_line(console, said, indent=2)
    for number, step in enumerate(_STEPS, 1):
        print_line(console, f"{number}. {step}", indent=2)
