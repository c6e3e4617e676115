"""Reports and incidents on a terminal: the answer first, in words, without decoration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from headend.cli.layout import (
    counted,
    mark,
    print_columns,
    print_line,
    print_rows,
    print_table,
    print_title,
    styled,
)
from headend.cli.unrecognised import render_unrecognised
from headend.incident.report import confidence_words
from headend.model.diagnosis import (
    Agreement,
    Diagnosis,
    Evidence,
    Finding,
    Outcome,
    Report,
    StageState,
)
from headend.model.line import visible

if TYPE_CHECKING:  # rich takes a tenth of a second, which --help need not pay
    from rich.console import Console
    from rich.text import Text

    from headend.incident import Incident, IncidentSummary

_PROOFS = 6

_OUTCOMES = {
    Outcome.ACCEPTED: "accepted",
    Outcome.REJECTED: "rejected",
    Outcome.CHALLENGED: "challenged, and the answer never came",
    Outcome.TIMEOUT: "no server answered",
    Outcome.ERROR: "the headend could not ask",
    Outcome.INCOMPLETE: "not decided before the capture ended",
}
_COLOURS = {Outcome.ACCEPTED: "green", Outcome.INCOMPLETE: "yellow"}
# Mark, its stand-in where the terminal has no Unicode, style.
_STATES = {
    StageState.PASSED: ("✔", "+", "green"),
    StageState.FAILED: ("✘", "x", "bold red"),
    StageState.UNSEEN: ("·", ".", "dim"),
    StageState.NOT_REACHED: ("–", "-", "dim"),  # noqa: RUF001 - the dash is meant
}


def render_report(
    report: Report,
    console: Console,
    *,
    user: str | None = None,
    asked: Callable[[Diagnosis], bool] = lambda _attempt: True,
    others: int = 0,
) -> None:
    """Print each attempt of a report that was ``asked`` about, ``user``'s as a rule.

    ``others`` is the number of attempts that were left out of the report.
    """
    attempts = [each for each in report.attempts if asked(each)]
    for attempt in attempts:
        _render_attempt(attempt, console)
    if not attempts:
        whose = f" of {visible(user)}" if user is not None else ""
        print_line(console, f"No login attempt{whose} was seen.", style="bold")
        console.print()
    others += len(report.attempts) - len(attempts)
    if others:
        print_line(console, f"Not shown: {counted(others, 'other attempt')}.", style="dim")
    render_unrecognised(report, console)


def render_incident(incident: Incident, console: Console, report: Report | None = None) -> None:
    """Print what is known of one incident, its report, and the files that hold the rest."""
    record = incident.record
    whose = record["user"] or "no single user"
    print_line(console, f"{incident.id}  {record['verb']}  {whose}", style="bold")
    if record["note"]:
        print_line(console, record["note"], indent=2)
    console.print()
    if report is not None:
        render_report(report, console)
        console.print()
    if record["headends"]:
        print_title(console, "Headends")
        print_rows(console, ((name, _facts(facts)) for name, facts in record["headends"].items()))
    print_title(console, "When")
    timing = incident.timing
    rows = (
        (name.replace("_", " "), f"{at}{_after(timing.get(f'seconds_to_{name}'))}")
        for name, at in record["milestones"].items()
    )
    print_rows(console, rows)
    problems = incident.verify_audit()
    if problems:
        print_title(console, "The audit log was changed")
        for problem in problems:
            print_line(console, problem, indent=4, style="red")
        console.print()
    print_title(console, f"Files in {incident.path}")
    for words in _files(incident):
        print_line(console, words, indent=4)


def _files(incident: Incident) -> list[str]:
    """Return the files, those of a ``show`` folder counted: they are many on a fleet."""
    files = incident.files
    shown = Counter(path.parent for path in files if path.parent.name == "show")
    single = [str(path) for path in files if path.parent not in shown]
    return sorted(
        [*single, *(f"{path}/ ({counted(number, 'file')})" for path, number in shown.items())]
    )


def render_incident_list(summaries: Sequence[IncidentSummary], console: Console) -> None:
    """Print incidents, one a line."""
    if not summaries:
        print_line(console, "No incidents.")
        return
    print_table(
        console, ("incident", "found", "state", "user and headends"), map(_listed, summaries)
    )


def _listed(each: IncidentSummary) -> tuple[str, str, str, str]:
    if each.damaged:
        return each.id, "-", "damaged record", "-"
    found = each.cause if each.cause not in {None, "none"} else each.outcome
    whose = ", ".join((each.user or "-", *each.headends))
    return each.id, found or "-", (each.state or "-").replace("_", " "), whose


def headline(attempt: Diagnosis, console: Console) -> Text:
    """Return who it was and how it ended, in a line."""
    colour = _COLOURS.get(attempt.outcome, "red")
    state = _STATES[StageState.PASSED if colour == "green" else StageState.FAILED]
    words = styled(f"{mark(state, console)} {attempt.user or 'unknown user'}: ", "bold")
    return words.append(_OUTCOMES[attempt.outcome], f"bold {colour}")


def _render_attempt(attempt: Diagnosis, console: Console) -> None:
    first, *others = attempt.causes
    print_columns(console, [(headline(attempt, console),)], indent=0)
    print_line(console, first.summary, indent=2, style="bold")
    sure = f"{first.cause.value}, {confidence_words(first.confidence)}"
    where = f", failed at {attempt.stage.value}" if attempt.stage else ""
    print_line(console, f"{sure}{where}", indent=2)
    print_line(console, _place(attempt), indent=2, style="dim")
    _render_doubts(attempt, console)
    console.print()
    _render_proof(first, console)
    if first.advice:
        print_title(console, "Next")
        print_rows(console, ((f"{n}.", step) for n, step in enumerate(first.advice, start=1)))
    if others:
        print_title(console, "Fits as well")
        for finding in others:
            print_line(console, f"{finding.summary}", indent=4)
            print_line(
                console,
                f"{finding.cause.value}, {confidence_words(finding.confidence)}",
                indent=6,
                style="dim",
            )
            _evidence(console, finding.evidence, indent=6)
        console.print()
    _render_ruled_out(attempt, console)
    _render_stages(attempt, console)


def _render_doubts(attempt: Diagnosis, console: Console) -> None:
    """Print what the witnesses say together, and how much of the attempt was not understood."""
    for note in attempt.notes:
        print_line(console, note, indent=2, style="yellow")
    told = attempt.corroboration
    if told is not None:
        style = "yellow" if told.state is Agreement.CONTRADICT else "dim"
        print_line(console, told.said, indent=2, style=style)
    if attempt.unknown_lines:
        were = "was" if attempt.unknown_lines == 1 else "were"
        said = (
            f"{counted(attempt.unknown_lines, 'line')} within this attempt {were} not understood."
        )
        print_line(console, said, indent=2, style="yellow")


def _render_proof(finding: Finding, console: Console) -> None:
    if not finding.evidence:
        return
    print_title(console, "Proof")
    _evidence(console, finding.evidence)
    console.print()


def _render_stages(attempt: Diagnosis, console: Console) -> None:
    print_title(console, "Stages")
    rows = []
    for each in attempt.stages:
        style = _STATES[each.state][2]
        note = f": {each.hint}" if each.hint and each.state is StageState.UNSEEN else ""
        sign = mark(_STATES[each.state], console)
        cells = (sign, each.stage.value, f"{each.state.value}{note}")
        rows.append(tuple(styled(cell, style) for cell in cells))
    print_columns(console, rows)
    console.print()


def _render_ruled_out(attempt: Diagnosis, console: Console) -> None:
    if not attempt.ruled_out:
        return
    print_title(console, "Ruled out")
    rows = []
    for each in attempt.ruled_out:
        lines = ", ".join(f"{line.source}:{line.line}" for line in each.evidence)
        rows.append((each.cause.value, f"{each.reason} ({lines})"))
    print_rows(console, rows)


def _evidence(console: Console, lines: Sequence[Evidence], *, indent: int = 4) -> None:
    if not lines:
        return
    rows = (
        (styled(f"{line.source}:{line.line}", "dim"), styled(line.text.strip()))
        for line in lines[:_PROOFS]
    )
    print_columns(console, rows, indent=indent)
    left = len(lines) - _PROOFS
    if left > 0:
        print_line(console, f"and {counted(left, 'more line')}", indent=indent, style="dim")


def _place(attempt: Diagnosis) -> str:
    server = " ".join(filter(None, (attempt.server_group, attempt.server)))
    values = (
        ("on", attempt.headend),
        ("from", attempt.client_ip),
        ("tunnel group", attempt.tunnel_group),
        ("policy", attempt.group_policy),
        ("server", server),
        ("at", attempt.started and attempt.started.partition(".")[0].replace("T", " ")),
        ("by", "an administrator, not a VPN user" if attempt.admin_login else None),
    )
    return ", ".join(f"{name} {value}" for name, value in values if value)


def _facts(facts: dict[str, object]) -> str:
    words = ", ".join(
        _told(value) if name == "state" else f"{name.replace('_', ' ')} {_told(value)}"
        for name, value in facts.items()
        if value is not None
    )
    return words or "-"


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _after(seconds: float | None) -> str:
    return f"  (+{seconds:.1f} s)" if seconds is not None else ""
