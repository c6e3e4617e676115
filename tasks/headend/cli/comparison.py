"""Two attempts side by side on a terminal: where they part, and what they have in common."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from headend.cli.layout import mark, print_columns, print_line, print_title, styled
from headend.model.comparison import Comparison, Likeness, Point
from headend.model.diagnosis import Decided, Decision, Diagnosis, Outcome, Stage, StageState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console
    from rich.text import Text

# Narrower than this, two columns are two stubs: one stands below the other.
_TWO_COLUMNS = 72
_LABEL = 18
_OFFSET = 2 + 3 + _LABEL
_NAME = 24
_PARTING = ("✘", "x", "bold red")
# Mark, its stand-in where the terminal has no Unicode, style.
_MARKS = {
    Likeness.SAME: ("=", "=", "dim"),
    Likeness.DIFFERENT: ("≠", "!", ""),
    Likeness.ONE_SIDED: ("·", ".", "dim"),
}
_STAGES = {
    Decision.CERTIFICATE: Stage.CERTIFICATE,
    Decision.TUNNEL_GROUP: Stage.TUNNEL_GROUP,
    Decision.CHALLENGE: Stage.CHALLENGE,
    Decision.SECONDARY: Stage.SECONDARY,
    Decision.AUTHORIZATION: Stage.AUTHORIZATION,
    Decision.GROUP_POLICY: Stage.GROUP_POLICY,
    Decision.ACCESS_POLICY: Stage.GROUP_POLICY,
    Decision.SESSION: Stage.SESSION,
}


def render_comparison(comparison: Comparison, console: Console, notes: Iterable[str] = ()) -> None:
    """Print where two attempts part, both of them in columns, and the lines that prove it."""
    one, other = _names(comparison)
    parting = comparison.parting
    if parting is None:
        print_line(console, f"{one} and {other} part at no decision seen of both.", style="bold")
    else:
        said = f"{one} and {other} part at the {_label(parting)}."
        print_columns(console, [(styled(f"{mark(_PARTING, console)} {said}", "bold"),)], indent=0)
    for attempt in (comparison.first, comparison.second):
        if attempt.outcome is not Outcome.ACCEPTED:
            print_line(console, attempt.causes[0].summary, indent=2)
    console.print()
    _Table(console).show(comparison, one, other)
    if parting is not None:
        print_title(console, "Proof")
        proofs = ((one, parting.first), (other, parting.second))
        print_columns(console, [_proof(name, each) for name, each in proofs if each is not None])
        console.print()
    print_title(console, "Next")
    print_line(console, comparison.advice, indent=4)
    for note in notes:
        print_line(console, note, style="dim")


class _Table:
    """Rows of a mark, a label and two cells; on a narrow terminal the cells stand in one column."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._wide = console.width >= _TWO_COLUMNS
        free = console.width - _OFFSET
        self._cell = (free - 2) // 2 if self._wide else max(free, 16)

    def show(self, comparison: Comparison, one: str, other: str) -> None:
        first, second = comparison.first, comparison.second
        self._row("", "", "", (styled(one, "bold"), styled(other, "bold")))
        for describe in (_found, _span):
            self._row("", "", "", (styled(describe(first), "dim"), styled(describe(second), "dim")))
        for point in comparison.points:
            parts = point is comparison.parting
            state = _PARTING if parts else _MARKS[point.likeness]
            cells = (_value(point.first, point, first), _value(point.second, point, second))
            style = "bold" if parts else state[2]
            if point.likeness is Likeness.SAME and not self._wide:
                cells = (cells[0], "")
            self._row(
                mark(state, self._console),
                _label(point),
                state[2],
                (styled(cells[0], style), styled(cells[1], style)),
            )
        self._console.print()

    def _row(self, sign: str, label: str, style: str, cells: tuple[Text, Text]) -> None:
        head = styled(f"  {sign:3}{label:{_LABEL}}", style)
        for line in self._lines(cells):
            head.append_text(line)
            head.rstrip()
            self._console.print(head, soft_wrap=True)
            head = styled(" " * _OFFSET)

    def _lines(self, cells: tuple[Text, Text]) -> Iterator[Text]:
        one, other = (cell.wrap(self._console, self._cell, overflow="fold") for cell in cells)
        if not self._wide:
            yield from (*one, *(line for line in other if line))
            return
        for left, right in zip_longest(one, other, fillvalue=styled("")):
            left.rstrip()
            left.append(" " * (self._cell - left.cell_len + 2))
            yield left + right


def _names(comparison: Comparison) -> tuple[str, str]:
    """Return how the two are called: by user, and by id where that does not tell them apart."""
    first, second = comparison.first, comparison.second
    if first.user and second.user and first.user != second.user:
        return first.user, second.user
    one, other = (f"attempt {each.id} ({each.user or 'no name'})" for each in (first, second))
    return one, other


def _found(attempt: Diagnosis) -> str:
    cause = attempt.causes[0].cause.value
    return attempt.outcome.value if cause == "none" else f"{attempt.outcome.value}: {cause}"


def _span(attempt: Diagnosis) -> str:
    span = attempt.span
    return f"{span.source}:{span.first}-{span.last}" if span else ""


def _label(point: Point) -> str:
    return point.decision.value.replace("-", " ")


def _value(decided: Decided | None, point: Point, attempt: Diagnosis) -> str:
    if decided is not None:
        return decided.value
    stage = _STAGES.get(point.decision)
    ended = any(
        each.stage is stage and each.state is StageState.NOT_REACHED for each in attempt.stages
    )
    return "not reached" if ended else "unseen"


def _proof(name: str, decided: Decided) -> tuple[Text, ...]:
    line = decided.evidence
    short = styled(name)
    short.truncate(_NAME, overflow="ellipsis")
    return short, styled(f"{line.source}:{line.line}", "dim"), styled(line.text.strip())
