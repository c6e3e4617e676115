"""A change on a terminal: whom it reaches, what is typed, the way back, who has to say yes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from headend.cli.layout import (
    mark,
    print_columns,
    print_line,
    print_rows,
    print_title,
    styled,
)
from headend.incident.review import alike, effects, reach
from headend.model.change import EndState, Plan, Proposal, Target

if TYPE_CHECKING:  # rich takes a tenth of a second, which --help need not pay
    from rich.console import Console

    from headend.model.policy import Encounter
    from headend.workflow.application import Outcome

_GOOD = ("✔", "+", "green")
_BAD = ("✘", "x", "bold red")
_EXPOSURE = ("nobody", "one person or device", "a group of people", "a whole tunnel group")


def render_plan(plan: Plan, console: Console) -> None:
    """Print the review of a plan."""
    print_line(console, plan.title, style="bold")
    console.print()
    rows = [
        ("change", f"{plan.id} ({plan.kind})"),
        ("ticket", plan.ticket or "none"),
        ("incident", plan.incident or "none"),
        ("author", plan.author),
        ("ends", plan.expires or "stays until it is rolled back"),
    ]
    if plan.removes_factor:
        rows.append(("factor", "a factor goes: the approver needs the role for it"))
    if plan.irreversible:
        rows.append(("undo", "cannot be undone: it acts at once"))
    print_rows(console, rows)
    print_title(console, "Without any change on the headend")
    _bullets(console, plan.instead)
    print_title(console, "Risks")
    _bullets(console, plan.risks)
    for names, target in alike(plan):
        _render_target(names, target, console)


def _render_target(names: str, target: Target, console: Console) -> None:
    print_title(console, names)
    print_line(console, reach(target), indent=4)
    console.print()
    touched = [("others", one) for one in effects(target.radius.others)]
    touched += [("meant", one) for one in effects(target.radius.meant)]
    rows = [
        (
            styled(whose, "bold red" if whose == "others" else "dim"),
            styled(one.point),
            styled(f"{one.before} -> {one.after}"),
        )
        for whose, one in touched
    ]
    if rows:
        print_columns(console, rows)
        console.print()
    for title, lines in (("Lines to type", target.lines), ("The way back", target.inverse)):
        print_title(console, title)
        for line in lines:
            console.print(styled(f"    {line.text}"), soft_wrap=True)
        if not lines:
            print_line(console, "none", indent=4)
        console.print()


def render_proposals(proposals: Sequence[Proposal], incident: str, console: Console) -> None:
    """Print what would have let the attempt through, and how to plan it."""
    if not proposals:
        print_line(console, "No change of the headend would have let this attempt through.")
        return
    print_line(console, "What would have let the attempt through, the least exposure first:")
    console.print()
    for number, one in enumerate(proposals, 1):
        title = (
            one.title if one.kind is None else f"{one.kind}  (reaches {_EXPOSURE[one.exposure]})"
        )
        print_line(console, f"{number}. {title}", indent=2, style="bold")
        print_line(console, one.why, indent=5)
        if one.kind is not None:
            print_line(
                console,
                f"headend change new {one.kind} --incident {incident}",
                indent=5,
                style="dim",
            )
        console.print()


def render_outcome(outcome: Outcome, console: Console) -> None:
    """Print where a headend stands."""
    good = outcome.state in {EndState.APPLIED, EndState.VERIFIED, EndState.ROLLED_BACK}
    state = _GOOD if good else _BAD
    head = f"{mark(state, console)} {outcome.headend}: {outcome.state}"
    print_line(console, head, style=state[2])
    for line in outcome.why.splitlines():
        print_line(console, line, indent=4)
    for warning in outcome.warnings:
        print_line(console, warning, indent=4, style="yellow")


def render_encounter(encounter: Encounter, console: Console) -> None:
    """Print what somebody would meet at login, and which line decides each answer."""
    rows = []
    for answer in encounter.answers:
        style = "" if answer.known == "yes" else "yellow"
        rows.append((styled(answer.point), styled(answer.value, style)))
        if answer.note:
            rows.append((styled(""), styled(answer.note, "yellow" if style else "dim")))
        rows.extend(
            (styled(""), styled(f"line {line.number}: {line}", "dim")) for line in answer.lines
        )
        if not answer.lines:
            rows.append((styled(""), styled("no line: the headend's own default", "dim")))
    print_columns(console, rows)
    for warning in encounter.warnings:
        console.print()
        print_line(console, warning, indent=4, style="bold red")


def _bullets(console: Console, lines: Sequence[str]) -> None:
    print_columns(console, ((styled("-"), styled(line)) for line in lines))
    console.print()
