"""The lines that nobody knew, written as parser cases that a template can be made from."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from headend.diagnosis.parser_case import excerpt, expectation, unknown_of
from headend.errors import InputError
from headend.incident.naming import folder_name
from headend.incident.private import FILE_MODE, make_directory, write_fully
from headend.model.diagnosis import Report
from headend.model.line import Line
from headend.workflow.offline import STDIN, lines_of


@dataclass(frozen=True, slots=True)
class UnknownCase:
    """A pair on disk: ``text`` and the ``.json`` beside it, and how many unknown lines it holds."""

    text: Path
    lines: int

    @property
    def expectation(self) -> Path:
        """The file that says what the readers make of the text."""
        return self.text.with_suffix(".json")


def export_unknown(report: Report, files: Sequence[str], folder: Path) -> list[UnknownCase]:
    """Write a case for each of ``files`` that has unknown lines; return what was written.

    The lines are redacted as they are everywhere, nobody else can read the files, and none that
    exists is changed. What was read from a pipe has no context any more. Raises ``InputError``
    where the folder cannot be written to.
    """
    written = []
    for file in dict.fromkeys(files):
        source = "stdin" if file == STDIN else file
        unknown = unknown_of(report, source)
        if not unknown:
            continue
        # Standard input, or a pipe that is named like a file, is read once.
        again = file != STDIN and Path(file).is_file()
        lines = lines_of(file) if again else _remembered(report, source)
        texts = excerpt(lines, unknown)
        try:
            path = _write(
                make_directory(folder), f"unknown-{folder_name(Path(source).stem)}", texts
            )
        except OSError as error:
            raise InputError(
                f"{folder} cannot be written to: {error.strerror or error}",
                remedy="Name a folder of your own: --export-unknown unknown",
            ) from error
        written.append(UnknownCase(path, len(unknown)))
    return written


def _remembered(report: Report, source: str) -> list[Line]:
    lines = (*report.unrecognised, *(each.example for each in report.unrecognised_shapes))
    known = {line.line: line.text for line in lines if line.source == source}
    return [Line(source, number, text) for number, text in sorted(known.items())]


def _write(folder: Path, name: str, texts: list[str]) -> Path:
    """Write the pair under the first name that is free, and return the path of its text."""
    for number in count(1):
        path = folder / f"{name}{f'-{number}' if number > 1 else ''}.txt"
        try:
            _create(path, "\n".join([*texts, ""]))
        except FileExistsError:
            continue
        try:
            _create(path.with_suffix(".json"), expectation(texts))
        except FileExistsError:
            path.unlink()
            continue
        return path
    raise AssertionError  # counting does not end


def _create(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    try:
        write_fully(descriptor, text.encode("utf-8", "backslashreplace"))
    finally:
        os.close(descriptor)
