"""Text in columns on a terminal, where nothing that was received is more than text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from headend.model.line import visible

if TYPE_CHECKING:  # rich takes a tenth of a second, which --help need not pay
    from rich.console import Console
    from rich.text import Text

_WIDEST_CELL = 30


def print_columns(console: Console, rows: Iterable[tuple[Text, ...]], *, indent: int = 4) -> None:
    """Print rows in columns; a long last cell goes on below itself, and no line ends in blanks."""
    from rich.text import Text

    kept = list(rows)
    widths = [max(cell.cell_len for cell in cells) for cells in zip(*kept, strict=True)][:-1]
    printed = [line for cells in kept for line in _lines(console, cells, widths, indent)]
    if printed:
        console.print(Text("\n").join(printed), soft_wrap=True)


def print_table(console: Console, names: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Print rows of words in columns below their ``names``, as ``print_columns`` does.

    Of ten thousand rows nearly all fit as they are: those never become styled text, which takes
    ten times as long.
    """
    from rich.cells import cell_len

    kept = [tuple(map(visible, cells)) for cells in rows]
    widths = [max(map(cell_len, cells)) for cells in zip(names, *kept, strict=True)][:-1]
    offset = sum(min(width, _WIDEST_CELL) + 2 for width in widths)
    room = console.width - offset
    fitting: list[str] = []

    def print_fitting() -> None:
        console.file.write("".join(fitting))
        fitting.clear()

    def print_styled(cells: Iterable[Text]) -> None:
        for line in _lines(console, tuple(cells), widths, 0):
            console.print(line, soft_wrap=True)

    print_styled(styled(name, "dim") for name in names)
    for *leading, last in kept:
        head = "".join(
            cell + " " * (min(width, _WIDEST_CELL) + 2 - cell_len(cell))
            for cell, width in zip(leading, widths, strict=True)
        )
        if cell_len(head) == offset and cell_len(last) <= room and "\t" not in last:
            fitting.append(f"{head}{last}".rstrip() + "\n")
        else:
            print_fitting()
            print_styled(map(styled, (*leading, last)))
    print_fitting()


def _lines(
    console: Console, cells: tuple[Text, ...], widths: Sequence[int], indent: int
) -> Iterator[Text]:
    from rich.text import Text

    *leading, last = cells
    head = Text(" " * indent)
    for cell, width in zip(leading, widths, strict=True):
        head.append_text(cell)
        head.append(" " * max(min(width, _WIDEST_CELL) - cell.cell_len + 2, 1))
    offset = indent + sum(min(width, _WIDEST_CELL) + 2 for width in widths)
    if head.cell_len > offset:
        # A long path stands alone, and what belongs to it a little further in below.
        head.rstrip()
        yield head
        offset = indent + 2
        head = Text(" " * offset)
    room = max(console.width - offset, 20)
    fits = last.cell_len <= room and "\n" not in last.plain and "\t" not in last.plain
    for line in (last,) if fits else last.wrap(console, room, overflow="fold") or (last,):
        line.rstrip()
        yield Text.assemble(head, line)
        head = Text(" " * offset)


def print_rows(console: Console, rows: Iterable[tuple[str, str]]) -> None:
    """Print names and values in two columns, and a blank line."""
    print_columns(console, ((styled(name), styled(value)) for name, value in rows))
    console.print()


def print_title(console: Console, words: str) -> None:
    """Print the heading of a part."""
    print_line(console, words, indent=2, style="bold")


def print_line(console: Console, words: str, *, indent: int = 0, style: str = "") -> None:
    """Print words, wrapped at the terminal's width; nothing where there are none."""
    if words:
        print_columns(console, [(styled(words, style),)], indent=indent)


def styled(words: str, style: str = "") -> Text:
    """Return received or own words as text: no markup, no control character."""
    from rich.text import Text

    return Text(visible(words), style=style, overflow="fold")


def mark(state: tuple[str, str, str], console: Console) -> str:
    """Return a mark, or its stand-in where the terminal has no Unicode."""
    return state[0] if console.encoding.lower().startswith("utf") else state[1]


def counted(number: int, noun: str) -> str:
    """Return a number with its noun (``1 line``, ``12,000 lines``)."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
