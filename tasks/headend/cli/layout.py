"""Text in columns on a terminal, where nothing that was received is more than text."""

from __future__ import annotations

from collections.abc import Iterable
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
    whole = console.width
    printed: list[Text] = []
    for *leading, last in kept:
        head = Text(" " * indent)
        for cell, width in zip(leading, widths, strict=True):
            head.append_text(cell)
            head.append(" " * max(min(width, _WIDEST_CELL) - cell.cell_len + 2, 1))
        offset = indent + sum(min(width, _WIDEST_CELL) + 2 for width in widths)
        if head.cell_len > offset:
            # A long path stands alone, and what belongs to it a little further in below.
            head.rstrip()
            printed.append(head)
            offset = indent + 2
            head = Text(" " * offset)
        room = max(whole - offset, 20)
        fits = last.cell_len <= room and "\n" not in last.plain and "\t" not in last.plain
        for line in (last,) if fits else last.wrap(console, room, overflow="fold") or (last,):
            line.rstrip()
            printed.append(Text.assemble(head, line))
            head = Text(" " * offset)
    if printed:
        # Once: ten thousand incidents are ten thousand lines.
        console.print(Text("\n").join(printed), soft_wrap=True)


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
