"""AAA servers on a terminal: each group with its servers and its users, then what stands out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from headend.cli.layout import counted, mark, print_columns, print_line, styled
from headend.errors import HeadendError
from headend.model.servers import (
    ANSWERS,
    LOCAL,
    AaaServer,
    Gravity,
    Outcome,
    ServerGroup,
    ServerTest,
    Survey,
    Use,
)

if TYPE_CHECKING:
    from rich.console import Console

_GOOD = ("✔", "+", "green")
_BAD = ("✘", "x", "bold red")
_WARN = ("!", "!", "yellow")
_UNSEEN = ("?", "?", "yellow")
_NOTE = ("·", "-", "dim")
_GRAVITY = {Gravity.FAULT: _BAD, Gravity.WARNING: _WARN, Gravity.NOTE: _NOTE}
_OUTCOME = {
    Outcome.ACCEPTED: _GOOD,
    Outcome.REJECTED: _WARN,
    Outcome.CHALLENGED: _GOOD,
    Outcome.SILENT: _BAD,
    Outcome.REFUSED: _BAD,
    Outcome.UNKNOWN: _UNSEEN,
}
_REQUESTS = ("authentication", "authorization", "accounting")
_UNUSABLE = ("bad authenticators", "malformed responses", "unrecognized responses")
_MARK = 2


def print_survey(console: Console, headend: str, survey: Survey) -> None:
    """Print a headend's server groups, and what stands out below them, where the eye ends."""
    print_groups(console, headend, survey.groups)
    if survey.standby:
        words = "This is the standby unit: no VPN login comes here, and its counters are its own"
        _marked(console, _WARN, words, "Ask the active unit")
    for command in survey.refused:
        words = f"{command}: the headend did not answer, so what it tells is unseen"
        _marked(console, _UNSEEN, words, "")
    for remark, following in zip_longest(survey.remarks, survey.remarks[1:]):
        shared = following is not None and following.remedy == remark.remedy
        remedy = "" if shared else remark.remedy  # said once, under the last one
        _marked(console, _GRAVITY[remark.gravity], remark.reason, remedy)
    if not (survey.remarks or survey.refused or survey.standby):
        _marked(console, _GOOD, "Nothing stands out", "")
    console.print()


def print_groups(console: Console, headend: str, groups: Sequence[ServerGroup]) -> None:
    """Print the groups with their servers."""
    print_line(console, headend, style="bold")
    for group in groups:
        print_line(console, _heading(group), indent=2, style="bold")
        rows = [row for server in group.servers for row in _rows(console, server)]
        used = _users(group.uses) if group.uses is not None else "unseen"
        rows.append(("  used by", used or "nobody", ""))
        print_columns(
            console, ((styled(name, style), styled(words)) for name, words, style in rows)
        )
    console.print()


def print_cautions(console: Console, plan: Sequence[str], cautions: Sequence[str]) -> None:
    """Print what a test is going to do, and what it costs."""
    for sentence in plan:
        print_line(console, sentence)
    for sentence in cautions:
        print_columns(console, [(styled("-"), styled(sentence))], indent=2)


def print_test(console: Console, headend: str, test: ServerTest) -> None:
    """Print what one test came to, with the headend's own words."""
    reason = f"{'once more, ' if test.again else ''}{test.outcome}: {test.reason}"
    _marked(console, _OUTCOME[test.outcome], reason, "")
    said = f"{headend} says: {test.words or 'nothing'}"
    for words in (said, test.witness):
        print_line(console, words, indent=4, style="dim")
    _remedy(console, test.remedy)


def print_error(console: Console, headend: str, error: HeadendError) -> None:
    """Print why a headend gave no answer."""
    print_line(console, headend, style="bold")
    _marked(console, _BAD, error.message, error.remedy)
    console.print()


def print_sum(console: Console, surveys: Sequence[tuple[str, Survey | None]]) -> None:
    """Print which of several headends need a look."""
    if len(surveys) > 1:
        faulty = [
            name
            for name, survey in surveys
            if survey is None or any(one.gravity is Gravity.FAULT for one in survey.remarks)
        ]
        named = f"; faults on {', '.join(faulty)}" if faulty else ", none with a fault"
        print_line(console, f"{counted(len(surveys), 'headend')}{named}", style="bold")


def _heading(group: ServerGroup) -> str:
    if group.name == LOCAL:
        return f"{group.name}  the headend's own users"
    tries = group.max_failed_attempts
    usual = "" if tries else " (default)" if group.reactivation else ""
    allowed = f"max-failed-attempts {tries or 3}{usual}"
    mode = group.reactivation or f"depletion ({'default' if tries else 'defaults'})"
    return f"{group.name}  {group.protocol}, {allowed}, {mode}"


def _rows(console: Console, server: AaaServer) -> Iterator[tuple[str, str, str]]:
    state = _GOOD if server.active else _BAD if server.state else _UNSEEN
    host = f"[{server.address}]" if ":" in server.address else server.address
    name = f"{mark(state, console)} {host}{f':{server.port}' if server.port else ''}"
    yield name, _state(server), state[2]
    counts = server.counters
    limit = f"{server.timeout} s" if server.timeout else "10 s (default)"
    if counts and not any(counts.values()):
        yield "  counters", f"all zero; time-out {limit}", ""
        return
    requests = [f"{_plain(counts.get(f'{kind} requests'))} {kind}" for kind in _REQUESTS]
    yield "  requests", f"{', '.join(requests)}; {_plain(server.pending)} pending", ""
    trip = f"round trip {_plain(server.round_trip)} ms"
    yield "  answers", f"{_some(counts, *ANSWERS)}; {trip}", ""
    silent = f"{_some(counts, 'timeouts')} of {limit}, {_some(counts, 'retransmissions')}"
    yield "  no answer", silent, ""
    yield "  unusable", _some(counts, *_UNUSABLE).replace(" responses", ""), ""


def _state(server: AaaServer) -> str:
    since = "" if server.since in {None, "Unknown"} else server.since
    what = "last transaction" if server.active else "out of service since"
    named = f" ({server.hostname})" if server.hostname else ""
    return f"{server.state or 'state unseen'}{f', {what} {since}' if since else ''}{named}"


def _some(counts: Mapping[str, int], *names: str) -> str:
    return ", ".join(f"{_plain(counts.get(name))} {name}" for name in names)


def _plain(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"


def _users(uses: Sequence[Use]) -> str:
    how: dict[str, list[str]] = {}
    for use in uses:
        words = [use.role.value]
        if use.inherited_from:
            words.append(f"from {use.inherited_from}")
        if use.local_fallback:
            words.append("then LOCAL")
        if not use.asked:
            words.append("but its logins ask for no password")
        how.setdefault(use.by, []).append(" ".join(words))
    alike: dict[str, list[str]] = {}
    for name, said in how.items():
        alike.setdefault(", ".join(said), []).append(name)
    return "; ".join(f"{', '.join(names)} ({said})" for said, names in alike.items())


def _marked(console: Console, state: tuple[str, str, str], words: str, remedy: str) -> None:
    print_columns(console, [(styled(mark(state, console), state[2]), styled(words))], indent=_MARK)
    _remedy(console, remedy)


def _remedy(console: Console, remedy: str) -> None:
    if remedy:
        arrow = mark(("→", "->", ""), console)
        print_columns(console, [(styled(arrow), styled(remedy))], indent=_MARK + 3)
