"""Ask all headends about their AAA servers, and let one of them test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from nornir.core import Nornir
from nornir.core.inventory import Host

from headend.device import servers, tasks
from headend.device.credentials import VAULT
from headend.device.servers import ProbeAccount
from headend.diagnosis.server_groups import COMMANDS, Replies, servers_of
from headend.diagnosis.server_remarks import DEFAULT_TIMEOUT
from headend.diagnosis.server_survey import survey
from headend.diagnosis.server_test import judge, worth_repeating
from headend.errors import HeadendError, InputError, Refused, SessionLost
from headend.model.servers import AaaServer, Outcome, ServerGroup, ServerTest, Survey
from headend.redact import redact_bytes

Teller = Callable[[str, ServerTest], None]


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One headend's survey, or why there is none."""

    headend: str
    survey: Survey | None
    error: HeadendError | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A server that one headend is to test."""

    headend: str
    group: ServerGroup
    server: AaaServer


def survey_all(chosen: Nornir) -> list[Surveyed]:
    """Ask every chosen headend at once; one that fails is named in the list."""
    results = chosen.run(task=tasks.snapshot, commands=servers.COMMANDS)
    chosen.close_connections(on_failed=True)
    found = []
    for name, multi in results.items():
        if isinstance(multi.exception, HeadendError):
            found.append(Surveyed(name, None, multi.exception))
        elif multi.exception:
            raise multi.exception
        else:
            replies: dict[str, str] = vars(multi[0])["replies"]
            found.append(_surveyed(name, Replies(*(replies[command] for command in COMMANDS))))
    return found


def _surveyed(name: str, replies: Replies) -> Surveyed:
    if COMMANDS.servers in replies.refused:
        return Surveyed(
            name,
            None,
            Refused(
                f"{name} does not answer {COMMANDS.servers!r} to this account",
                remedy="headend preflight --print-privileges shows what it must be allowed",
            ),
        )
    return Surveyed(name, survey(replies))


def targets(surveyed: list[Surveyed], wanted: str, *, every: bool) -> list[Target]:
    """Return the servers behind ``GROUP`` or ``GROUP/HOST``: one, unless ``every`` is wanted.

    Of a group the one that the headend would ask first is taken. Raises ``InputError`` where no
    headend has it, or several do and ``every`` is not wanted.
    """
    name, _, host = wanted.partition("/")
    found = []
    for each in surveyed:
        group = each.survey.group(name) if each.survey else None
        if group is not None:
            fitting = _candidates(group, host)
            found += [Target(each.headend, group, one) for one in fitting[: None if every else 1]]
    if not found:
        known = {group.name for each in surveyed if each.survey for group in each.survey.groups}
        raise InputError(
            f"No headend that answered has the server {wanted!r}",
            remedy=f"Write GROUP or GROUP/HOST; groups: {', '.join(sorted(known)) or 'none'}",
        )
    if len(found) > 1 and not every:
        raise InputError(
            f"{len(found)} headends could test {wanted!r}, and one test is one try of the account",
            remedy="Choose one with -H, or say --all-servers to test one after the other",
        )
    return found


def prepared(chosen: Nornir, wanted: list[Target]) -> dict[str, ProbeAccount]:
    """Return the probe account of each headend that is to test; see ``probe_account``."""
    names = dict.fromkeys(target.headend for target in wanted)
    return {name: servers.probe_account(chosen.inventory.hosts[name]) for name in names}


def run_tests(
    chosen: Nornir, wanted: list[Target], accounts: Mapping[str, ProbeAccount], tell: Teller
) -> list[tuple[str, HeadendError]]:
    """Test one server after the other and tell each outcome; return which headends failed.

    Anything but an acceptance or plain silence ends it, and so does a session that is lost: the
    same password, sent to another server, could lock the account.
    """
    errors: list[tuple[str, HeadendError]] = []
    for name, account in accounts.items():
        mine = [target for target in wanted if target.headend == name]
        try:
            for test in _tests_on(chosen.inventory.hosts[name], account, mine):
                tell(name, test)
                if _ends(test):
                    return errors
        except HeadendError as error:
            errors.append((name, error))
            if isinstance(error, SessionLost):
                return errors
    return errors


def _tests_on(host: Host, account: ProbeAccount, wanted: list[Target]) -> Iterator[ServerTest]:
    with servers.prober(host, account) as prober:
        for target in wanted:
            group, address = target.group, target.server.address
            limit = float(target.server.timeout or DEFAULT_TIMEOUT)
            for again in (False, True):
                before = _server(prober.counters(group.name), target)
                reply, asked = prober.test(group.name, address, limit)
                after = _server(prober.counters(group.name), target)
                clean = redact_bytes(reply.encode(), VAULT.known()).decode()
                test = judge(group, address, (clean, asked), (before, after), again=again)
                yield test
                if again or not worth_repeating(test, before):
                    break


def _candidates(group: ServerGroup, host: str) -> list[AaaServer]:
    if host:
        found = group.server(host)
        return [found] if found else []
    return sorted(group.servers, key=lambda server: not server.active)


def _server(reply: str, target: Target) -> AaaServer | None:
    return servers_of(target.group.name, reply).get(target.server.address)


def _ends(test: ServerTest) -> bool:
    kept = {Outcome.ACCEPTED, Outcome.SILENT}
    return test.outcome not in kept or (test.outcome is Outcome.SILENT and test.answered)
