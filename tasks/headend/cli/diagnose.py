"""``headend diagnose``: the diagnosis of files or standard input."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from headend.cli import options
from headend.config import Settings
from headend.errors import INCONCLUSIVE, InputError

if TYPE_CHECKING:
    from headend.model.diagnosis import Diagnosis, Report
    from headend.workflow.tally import Tally


def diagnose(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files, or - for stdin")],
    user: Annotated[str | None, typer.Option(help="Only this user's attempts")] = None,
    client_ip: options.ClientIp = None,
    group: options.Group = None,
    inventory: options.Inventory = None,
    *,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare",
            help="Two attempts side by side: FILE --compare jdoe asmith, or GOOD BAD --compare",
        ),
    ] = False,
    export_unknown: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the lines that no reader knew as parser cases"),
    ] = None,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Say why logins failed, from any mix of pasted debug, syslog and show output."""
    from headend.workflow.offline import diagnose_files
    from headend.workflow.selection import Selection
    from headend.workflow.site_words import site_words
    from headend.workflow.tally import Tally

    if inventory is not None and not inventory.is_dir():
        raise InputError(
            f"There is no inventory folder {inventory}", remedy="Leave --inventory out"
        )
    words = site_words(Settings.resolve(inventory).inventory)
    tally = Tally(Selection(user, client_ip, group).takes)
    if compare:
        _compare(files, tally, partial(diagnose_files, words=words), as_json=as_json)
    read = partial(diagnose_files, files, words=words)
    if as_json:
        report = _as_json(read, tally)
    else:
        report = read(on_final=tally.add)
        _as_text(report, tally, user)
    if export_unknown is not None:
        _export(report, files, export_unknown, stderr=as_json)
    raise typer.Exit(tally.status)


def _export(report: Report, files: list[str], folder: Path, *, stderr: bool) -> None:
    from headend.cli.unknown_case import render_unknown_cases
    from headend.workflow.unknown_case import export_unknown

    cases = export_unknown(report, files, folder)
    render_unknown_cases(cases, options.console(stderr=stderr))


def _as_json(read: Callable[..., Report], tally: Tally) -> Report:
    from headend.cli.streamed import StreamedDocument

    document = StreamedDocument(sys.stdout)

    def add(diagnosis: Diagnosis) -> None:
        if tally.add(diagnosis):
            document.add(diagnosis)

    report = read(on_final=add)
    document.finish(report)
    return report


def _compare(
    words: list[str], tally: Tally, read: Callable[..., Report], *, as_json: bool
) -> NoReturn:
    from headend.cli.comparison import render_comparison
    from headend.model.comparison import comparison_document
    from headend.model.document import report_document
    from headend.workflow.pairing import Pairing, files_and_names

    files, names = files_and_names(words)
    pairing = Pairing(files, names)

    def add(diagnosis: Diagnosis) -> None:
        if tally.add(diagnosis):
            pairing.add(diagnosis)

    report = read(files, on_final=add)
    comparison = pairing.compared()
    if as_json:
        both = dataclasses.replace(report, attempts=(comparison.first, comparison.second))
        document = report_document(both) | {"comparison": comparison_document(comparison)}
        options.print_json(document)
    else:
        render_comparison(comparison, options.console(), pairing.notes)
    raise typer.Exit(0 if comparison.parting is not None else INCONCLUSIVE)


def _as_text(report: Report, tally: Tally, user: str | None) -> None:
    from headend.cli.overview import render_overview
    from headend.cli.render import render_report
    from headend.cli.unrecognised import render_unrecognised

    console = options.console()
    if tally.whole:
        found = dataclasses.replace(report, attempts=tally.newest)
        render_report(found, console, user=user, others=tally.others)
    else:
        render_overview(tally, console)
        render_unrecognised(report, console)
