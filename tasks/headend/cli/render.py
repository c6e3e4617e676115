"""Reports and incidents on a terminal: the answer first, in words, without decoration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from headend.incident.report import confidence_words
from headend.model.diagnosis import Diagnosis, Evidence, Finding, Outcome, Report, StageState
from headend.model.line import visible

if TYPE_CHECKING:  # rich takes a tenth of a second, which --help need not pay
    from rich.console import Console
    from rich.text import Text

    from headend.incident import Incident, IncidentSummary

_WIDEST_CELL = 30
_PROOFS = 6
_UNRECOGNISED = 3

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
) -> None:
    """Print each attempt of a report that was ``asked`` about, ``user``'s as a rule."""
    attempts = [each for each in report.attempts if asked(each)]
    for attempt in attempts:
        _render_attempt(attempt, console)
    if not attempts:
        whose = f" of {visible(user)}" if user is not None else ""
        _line(console, f"No login attempt{whose} was seen.", style="bold")
        console.print()
    others = len(report.attempts) - len(attempts)
    if others:
        _line(console, f"Not shown: {_count(others, 'other attempt')}.", style="dim")
    _render_unrecognised(report, console)


def render_incident(incident: Incident, console: Console, report: Report | None = None) -> None:
    """Print what is known of one incident, its report, and the files that hold the rest."""
    record = incident.record
    whose = record["user"] or "no single user"
    _line(console, f"{incident.id}  {record['verb']}  {whose}", style="bold")
    if record["note"]:
        _line(console, record["note"], indent=2)
    console.print()
    if report is not None:
        render_report(report, console)
        console.print()
    if record["headends"]:
        _title(console, "Headends")
        _rows(console, ((name, _facts(facts)) for name, facts in record["headends"].items()))
    _title(console, "When")
    timing = incident.timing
    rows = (
        (name.replace("_", " "), f"{at}{_after(timing.get(f'seconds_to_{name}'))}")
        for name, at in record["milestones"].items()
    )
    _rows(console, rows)
    problems = incident.verify_audit()
    if problems:
        _title(console, "The audit log was changed")
        for problem in problems:
            _line(console, problem, indent=4, style="red")
        console.print()
    _title(console, f"Files in {incident.path}")
    for words in _files(incident):
        _line(console, words, indent=4)


def _files(incident: Incident) -> list[str]:
    """Return the files, those of a ``show`` folder counted: they are many on a fleet."""
    files = incident.files
    shown = Counter(path.parent for path in files if path.parent.name == "show")
    single = [str(path) for path in files if path.parent not in shown]
    return sorted(
        [*single, *(f"{path}/ ({_count(number, 'file')})" for path, number in shown.items())]
    )


def render_incident_list(summaries: Sequence[IncidentSummary], console: Console) -> None:
    """Print incidents, one a line."""
    if not summaries:
        _line(console, "No incidents.")
        return
    rows = [
        tuple(_text(name, "dim") for name in ("incident", "found", "state", "user and headends"))
    ]
    for each in summaries:
        if each.damaged:
            cells = (each.id, "-", "damaged record", "-")
        else:
            found = each.cause if each.cause not in {None, "none"} else each.outcome
            whose = ", ".join((each.user or "-", *each.headends))
            state = (each.state or "-").replace("_", " ")
            cells = (each.id, found or "-", state, whose)
        rows.append(tuple(_text(cell) for cell in cells))
    _columns(console, rows, indent=0)


def _render_attempt(attempt: Diagnosis, console: Console) -> None:
    first, *others = attempt.causes
    colour = _COLOURS.get(attempt.outcome, "red")
    mark = _STATES[StageState.PASSED if colour == "green" else StageState.FAILED]
    headline = _text(f"{_mark(mark, console)} {attempt.user or 'unknown user'}: ", "bold")
    headline.append(_OUTCOMES[attempt.outcome], f"bold {colour}")
    _columns(console, [(headline,)], indent=0)
    _line(console, first.summary, indent=2, style="bold")
    sure = f"{first.cause.value}, {confidence_words(first.confidence)}"
    where = f", failed at {attempt.stage.value}" if attempt.stage else ""
    _line(console, f"{sure}{where}", indent=2)
    _line(console, _place(attempt), indent=2, style="dim")
    console.print()
    _render_proof(first, console)
    if first.advice:
        _title(console, "Next")
        _rows(console, ((f"{n}.", step) for n, step in enumerate(first.advice, start=1)))
    if others:
        _title(console, "Fits as well")
        for finding in others:
            _line(console, f"{finding.summary}", indent=4)
            _line(
                console,
                f"{finding.cause.value}, {confidence_words(finding.confidence)}",
                indent=6,
                style="dim",
            )
            _evidence(console, finding.evidence, indent=6)
        console.print()
    _render_ruled_out(attempt, console)
    _render_stages(attempt, console)


def _render_proof(finding: Finding, console: Console) -> None:
    if not finding.evidence:
        return
    _title(console, "Proof")
    _evidence(console, finding.evidence)
    console.print()


def _render_stages(attempt: Diagnosis, console: Console) -> None:
    _title(console, "Stages")
    rows = []
    for each in attempt.stages:
        style = _STATES[each.state][2]
        note = f": {each.hint}" if each.hint and each.state is StageState.UNSEEN else ""
        mark = _mark(_STATES[each.state], console)
        cells = (mark, each.stage.value, f"{each.state.value}{note}")
        rows.append(tuple(_text(cell, style) for cell in cells))
    _columns(console, rows)
    console.print()


def _render_ruled_out(attempt: Diagnosis, console: Console) -> None:
    if not attempt.ruled_out:
        return
    _title(console, "Ruled out")
    rows = []
    for each in attempt.ruled_out:
        lines = ", ".join(f"{line.source}:{line.line}" for line in each.evidence)
        rows.append((each.cause.value, f"{each.reason} ({lines})"))
    _rows(console, rows)


def _render_unrecognised(report: Report, console: Console) -> None:
    count = len(report.unrecognised)
    total = sum(source.lines for source in report.sources)
    if not count:
        return
    _line(console, f"{_count(count, 'line')} of {total} that no reader knew:", style="dim")
    _evidence(console, report.unrecognised[:_UNRECOGNISED], style="dim", more=count)


def _evidence(
    console: Console,
    lines: Sequence[Evidence],
    *,
    indent: int = 4,
    style: str = "",
    more: int | None = None,
) -> None:
    if not lines:
        return
    rows = (
        (_text(f"{line.source}:{line.line}", "dim"), _text(line.text.strip(), style))
        for line in lines[:_PROOFS]
    )
    _columns(console, rows, indent=indent)
    left = (len(lines) if more is None else more) - min(len(lines), _PROOFS)
    if left > 0:
        _line(console, f"and {_count(left, 'more line')}", indent=indent, style="dim")


def _rows(console: Console, rows: Iterable[tuple[str, str]]) -> None:
    _columns(console, ((_text(name), _text(value)) for name, value in rows))
    console.print()


def _columns(console: Console, rows: Iterable[tuple[Text, ...]], *, indent: int = 4) -> None:
    """Print rows in columns; a long last cell goes on below itself, and no line ends in blanks."""
    from rich.text import Text

    kept = list(rows)
    widths = [max(cell.cell_len for cell in cells) for cells in zip(*kept, strict=True)][:-1]
    for *leading, last in kept:
        head = Text(" " * indent)
        for cell, width in zip(leading, widths, strict=True):
            head.append_text(cell)
            head.append(" " * max(min(width, _WIDEST_CELL) - cell.cell_len + 2, 0))
        offset = indent + sum(min(width, _WIDEST_CELL) + 2 for width in widths)
        if head.cell_len > offset:
            # A long path stands alone, and what belongs to it a little further in below.
            console.print(head, soft_wrap=True)
            offset = indent + 2
            head = Text(" " * offset)
        lines = last.wrap(console, max(console.width - offset, 20), overflow="fold")
        for line in lines or [last]:
            line.rstrip()
            console.print(Text.assemble(head, line), soft_wrap=True)
            head = Text(" " * offset)


def _title(console: Console, words: str) -> None:
    _line(console, words, indent=2, style="bold")


def _line(console: Console, words: str, *, indent: int = 0, style: str = "") -> None:
    if words:
        _columns(console, [(_text(words, style),)], indent=indent)


def _text(words: str, style: str = "") -> Text:
    """Return received or own words as text: no markup, no control character."""
    from rich.text import Text

    return Text(visible(words), style=style, overflow="fold")


def _mark(state: tuple[str, str, str], console: Console) -> str:
    return state[0] if console.encoding.lower().startswith("utf") else state[1]


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
        str(value) if name == "state" else f"{name.replace('_', ' ')} {value}"
        for name, value in facts.items()
        if value is not None
    )
    return words or "-"


def _after(seconds: float | None) -> str:
    return f"  (+{seconds:.1f} s)" if seconds is not None else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
