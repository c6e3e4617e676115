"""``headend servers``: the AAA servers of the headends, who depends on them, and a test of one."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from headend.cli import options
from headend.errors import INTERRUPTED

if TYPE_CHECKING:
    from nornir.core import Nornir

    from headend.errors import HeadendError
    from headend.model.servers import ServerTest
    from headend.workflow.servers import Surveyed, Target

_CAUTION = (
    "It counts like a login: a wrong password counts towards the account's lock-out.",
    "A one-time code that is sent with it is used up.",
    "It is not the request of a VPN login: no tunnel group, client address or posture goes along.",
)


def servers(
    inventory: options.Inventory = None,
    filters: options.Filters = None,
    hosts: options.Hosts = None,
    *,
    test: Annotated[
        str | None,
        typer.Option(metavar="GROUP[/HOST]", help="Have a headend log in with the probe account"),
    ] = None,
    all_servers: Annotated[
        bool,
        typer.Option("--all-servers", help="Test each server that fits, one after the other"),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Test without asking")] = False,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Show whether the AAA servers answer, what they count, and which tunnel groups need them."""
    from headend.config import Settings
    from headend.device import fleet
    from headend.errors import InputError, Refused
    from headend.workflow.servers import survey_all

    if all_servers and test is None:
        raise InputError("--all-servers says what to test with --test GROUP")
    if test is not None and not yes and not sys.stdin.isatty():
        raise Refused(
            "A test counts as a login of the probe account, and nobody can be asked here",
            remedy="Say --yes if it may run",
        )
    settings = Settings.resolve(inventory)
    with fleet.select(fleet.load(settings.inventory), filters or (), hosts or ()) as chosen:
        surveyed = survey_all(chosen)
        tests: list[tuple[str, ServerTest]] = []
        failed: list[tuple[str, HeadendError]] = []
        if test is None:
            if not as_json:
                _print(surveyed)
        else:
            try:
                tests, failed = _test(
                    chosen, surveyed, test, every=all_servers, ask=not yes, quiet=as_json
                )
            except (KeyboardInterrupt, typer.Abort):
                typer.echo("\nInterrupted: a test that had begun may count as a try", err=True)
                raise typer.Exit(INTERRUPTED) from None
    if as_json:
        options.print_json(_document(surveyed, tests, failed))
    errors = [*(each.error for each in surveyed if each.error), *(error for _, error in failed)]
    _exit(errors, [each for _, each in tests], whole=len(errors) == len(surveyed))


def _test(
    chosen: Nornir, surveyed: list[Surveyed], wanted: str, *, every: bool, ask: bool, quiet: bool
) -> tuple[list[tuple[str, ServerTest]], list[tuple[str, HeadendError]]]:
    from headend.cli import server_tables
    from headend.errors import Refused
    from headend.workflow.servers import prepared, run_tests, targets

    console = options.console()
    found = targets(surveyed, wanted, every=every)
    accounts = prepared(chosen, found)
    if not quiet:
        for each in surveyed:
            if each.error:
                server_tables.print_error(console, each.headend, each.error)
        for name in dict.fromkeys(target.headend for target in found):
            groups = {target.group.name: target.group for target in found if target.headend == name}
            server_tables.print_groups(console, name, list(groups.values()))
    names = {name: account.username for name, account in accounts.items()}
    plan = tuple(_plan(found, names))
    server_tables.print_cautions(options.console(stderr=True), plan, _CAUTION)
    if ask and not typer.confirm("Test?", err=True):
        raise Refused("Not confirmed: nothing was tested")
    typer.echo(err=True)
    tests: list[tuple[str, ServerTest]] = []

    def tell(headend: str, result: ServerTest) -> None:
        tests.append((headend, result))
        if not quiet:
            server_tables.print_test(console, headend, result)

    failed = run_tests(chosen, found, accounts, tell)
    if not quiet:
        for name, error in failed:
            server_tables.print_error(console, name, error)
    return tests, failed


def _plan(found: Sequence[Target], accounts: dict[str, str]) -> Iterator[str]:
    for target in found:
        group, server = target.group, target.server
        where = f"{server.address} of {group.name} ({group.protocol})"
        out = "" if server.active else f"; it is {server.state}: if it stays silent, once more"
        yield f"{target.headend} is to log in at {where} as {accounts[target.headend]!r}{out}"
    if len(found) > 1:
        yield "One after the other; the first reject ends it."


def _print(surveyed: Sequence[Surveyed]) -> None:
    from headend.cli import server_tables

    console = options.console()
    for each in surveyed:
        if each.survey:
            server_tables.print_survey(console, each.headend, each.survey)
        elif each.error:
            server_tables.print_error(console, each.headend, each.error)
    server_tables.print_sum(console, [(each.headend, each.survey) for each in surveyed])


def _document(
    surveyed: Sequence[Surveyed],
    tests: Sequence[tuple[str, ServerTest]],
    failed: Sequence[tuple[str, HeadendError]],
) -> dict[str, object]:
    return {
        "schema": "headend.servers/1",
        "headends": [
            {"headend": each.headend, "error": str(each.error) if each.error else None}
            | (
                asdict(each.survey)
                if each.survey
                else {"groups": [], "remarks": [], "refused": [], "standby": None}
            )
            for each in surveyed
        ],
        "tests": [{"headend": name} | asdict(test) for name, test in tests],
        "test_errors": [{"headend": name, "error": str(error)} for name, error in failed],
    }


def _exit(errors: Sequence[HeadendError], tests: Sequence[ServerTest], *, whole: bool) -> None:
    from headend.errors import InputError, LoginError, Refused
    from headend.model.servers import Outcome

    outcomes = {test.outcome for test in tests}
    if any(isinstance(error, Refused) for error in errors) or Outcome.REFUSED in outcomes:
        raise typer.Exit(Refused.status)
    if errors and all(isinstance(error, InputError) for error in errors) and whole:
        raise typer.Exit(InputError.status)
    if errors:
        raise typer.Exit(LoginError.status if whole else 14)
    if Outcome.UNKNOWN in outcomes:
        raise typer.Exit(11)
