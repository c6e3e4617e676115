"""Who else fails: the sentence that comes first, and what it may not claim."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from headend.diagnosis import Diagnoser, outbreak
from headend.diagnosis.outbreak import Outbreak
from headend.diagnosis.outbreak_verdict import outages, told_of, verdict
from headend.diagnosis.outbreak_words import sentence
from headend.diagnosis.standing import Standing
from headend.model.diagnosis import Cause
from headend.model.outbreak import Ticket, Verdict
from headend.model.servers import AaaServer

DEAD = "%ASA-4-113014: AAA authentication server not accessible : server =  10.1.1.5 : user = {}"
REJECTED = (
    "%ASA-6-113005: AAA user authentication Rejected : reason = AAA failure : "
    "server =  10.1.1.5 : user = {} : user IP = 198.51.100.7"
)
ACCEPTED = (
    "%ASA-6-113004: AAA user authentication Successful : server =  10.1.1.5 : user = {}",
    "%ASA-6-113008: AAA transaction status ACCEPT : user = {}",
)


def log(headend: str, *logins: tuple[str, str, str]) -> list[str]:
    """Return what ``headend`` writes of logins, each a time, a kind and a user."""
    said = {"dead": (DEAD,), "rejected": (REJECTED,), "accepted": ACCEPTED}
    return [
        f"{time} {headend} : {message.format(user)}"
        for time, kind, user in logins
        for message in said[kind]
    ]


def counted(*logs: Iterable[str], user: str | None = None) -> Outbreak:
    found = Outbreak(user, lambda _: datetime(2026, 11, 25, tzinfo=UTC))
    diagnoser = Diagnoser(on_final=found.add)
    for number, lines in enumerate(logs):
        texts = list(lines)
        diagnoser.read(f"log {number}", texts, range(1, len(texts) + 1))
    diagnoser.finish()
    return found


def judged(found: Outbreak, ticket: Ticket | None = None, *now: Standing) -> tuple[Verdict, str]:
    ticket = ticket or Ticket()
    told = verdict(found, ticket, now)
    return told, sentence(told, ticket.user)


def at(clock: str, day: str = "Nov 23 2026") -> str:
    return f"{day} {clock}"


def now(headend: str, state: str, timeouts: int, accepts: int) -> Standing:
    counters = {"timeouts": timeouts, "accepts": accepts}
    return Standing(headend, (AaaServer("10.1.1.5", state=state, counters=counters),))


def test_a_user_who_fails_alone_is_told_so() -> None:
    lines = log("fw-1", (at("09:00:00"), "rejected", "jdoe"), (at("12:00:00"), "rejected", "jdoe"))
    told, said = judged(counted(lines), Ticket(Cause.BAD_CREDENTIALS, "CORP\\jdoe"))
    assert told.kind == "alone"
    assert "in the 3 h that the logs go back: it is this user's alone" in said


def test_hidden_names_are_counted_apart_and_never_as_a_person() -> None:
    lines = log(
        "fw-1",
        (at("09:00:00"), "rejected", "jdoe"),
        (at("09:01:00"), "rejected", "*****"),
        (at("09:02:00"), "rejected", "*****"),
    )
    told, said = judged(counted(lines), Ticket(Cause.BAD_CREDENTIALS, "jdoe"))
    assert (told.kind, told.names, told.hidden) == ("several", ("jdoe",), 2)
    assert "1 user and 2 logins of hidden names" in said


def test_an_outage_begins_behind_the_last_login_and_ends_before_the_next() -> None:
    """A stray time-out a day before is no beginning, and what came afterwards no contradiction."""
    lines = log(
        "fw-1",
        (at("08:00:00", "Nov 22 2026"), "dead", "early"),
        (at("08:00:00"), "accepted", "ann"),
        (at("09:00:00"), "dead", "ann"),
        (at("09:05:00"), "dead", "bob"),
        (at("09:30:00"), "dead", "cy"),
        (at("09:40:00"), "accepted", "ann"),
        (at("18:00:00"), "accepted", "bob"),
    )
    told, said = judged(counted(lines))
    assert (told.kind, told.users, told.over) == ("outage", 3, True)
    assert said == (
        "3 users on 1 headend failed at server 10.1.1.5 from 2026-11-23 09:00 to 09:30 "
        "(server-unreachable): an outage of that server"
    )


def test_an_answer_between_two_failures_is_no_outage() -> None:
    lines = log(
        "fw-1",
        (at("09:00:00"), "dead", "ann"),
        (at("09:00:01"), "accepted", "cy"),
        (at("09:00:02"), "dead", "bob"),
    )
    told, said = judged(counted(lines), Ticket(Cause.SERVER_UNREACHABLE))
    assert told.kind == "several"
    assert "it accepted 1 login meanwhile, so it is not down" in said


def test_a_server_that_answers_another_headend_is_down_as_seen_from_one() -> None:
    one = log("fw-1", (at("09:00:00"), "dead", "ann"), (at("09:09:00"), "dead", "bob"))
    other = log("fw-2", (at("09:05:00"), "accepted", "cy"))
    told, said = judged(counted(one, other))
    assert (told.kind, told.headends, told.accepted) == ("outage", ("fw-1",), (("fw-2", 1),))
    assert said.endswith("as seen from there; it accepted 1 login on fw-2 meanwhile")


def test_headends_that_fail_at_one_time_tell_of_one_outage() -> None:
    one = log("fw-1", (at("09:00:00"), "dead", "ann"))
    other = log("fw-2", (at("09:01:00"), "dead", "bob"))
    found = counted(one, other)
    (outage,) = (told_of(found, wave) for wave in outages(found))
    assert (outage.headends, outage.users) == (("fw-1", "fw-2"), 2)


def test_a_log_without_any_answered_login_makes_the_outage_unsure() -> None:
    lines = log("fw-1", (at("09:00:00"), "dead", "ann"), (at("09:01:00"), "dead", "bob"))
    told, _ = judged(counted(lines))
    assert [one.supports for one in told.weighed] == [None]


def test_a_server_marked_failed_makes_one_ticket_an_outage() -> None:
    found = counted(log("fw-1", (at("09:00:00"), "dead", "ann")))
    ticket = Ticket(Cause.SERVER_UNREACHABLE, "ann")
    assert judged(found, ticket)[0].kind == "alone"
    told, said = judged(found, ticket, now("fw-1", "FAILED", 3, 900))
    assert (told.kind, told.weighed[0].supports) == ("outage", True)
    assert said.startswith("1 user on 1 headend fails at server 10.1.1.5 since")


@pytest.mark.parametrize(
    ("timeouts", "accepts", "weighs"),
    (
        (0, 900, ("several", False)),
        (40, 3, ("outage", True)),
        (2, 900, ("outage", None)),
    ),
    ids=("clean", "silent", "between"),
)
def test_an_active_server_is_weighed_by_what_it_counts(
    timeouts: int, accepts: int, weighs: tuple[str, bool | None]
) -> None:
    lines = log(
        "fw-1",
        (at("08:00:00"), "accepted", "cy"),
        (at("09:00:00"), "dead", "ann"),
        (at("09:01:00"), "dead", "bob"),
    )
    told, _ = judged(counted(lines), None, now("fw-1", "ACTIVE", timeouts, accepts))
    assert (told.kind, told.weighed[0].supports) == weighs


def test_who_is_connected_by_the_same_group_supports_that_it_is_this_users() -> None:
    found = counted(log("fw-1", (at("09:00:00"), "rejected", "jdoe")))
    standing = Standing("fw-1", sessions={"STAFF": 12, "OTHER": 3})
    told, _ = judged(found, Ticket(Cause.BAD_CREDENTIALS, "jdoe", group="STAFF"), standing)
    (weighed,) = told.weighed
    assert weighed.supports
    assert weighed.said == "12 users are connected by tunnel group STAFF on fw-1 now"


def test_the_users_newest_failure_is_the_reason() -> None:
    lines = log(
        "fw-1",
        (at("09:00:00"), "rejected", "jdoe"),
        (at("10:00:00"), "dead", "CORP\\jdoe"),
        (at("11:00:00"), "rejected", "ann"),
    )
    found = counted(lines, user="jdoe")
    assert found.ticket is not None
    assert found.ticket.cause is Cause.SERVER_UNREACHABLE


def test_a_user_who_was_not_seen_to_fail_has_no_reason() -> None:
    lines = log("fw-1", (at("09:00:00"), "rejected", "ann"), (at("09:01:00"), "rejected", "*****"))
    found = counted(lines, user="jdoe")
    told, said = judged(found, Ticket(user="jdoe"))
    assert (told.kind, told.cause) == ("nobody", None)
    assert said.startswith("No failed login names jdoe")
    assert found.hidden == 1


def test_a_stamp_without_a_year_falls_in_the_last_one_before_its_file_was_written() -> None:
    lines = log("fw-1", ("Nov 23 09:00:00", "rejected", "ann"), ("Dec 24 09:00:00", "dead", "bob"))
    found = counted(lines)
    assert found.yearless == 2
    seconds = [
        second for marks in found.failures.values() for second, _ in marks.in_order() if second
    ]
    assert sorted(datetime.fromtimestamp(one, UTC).date().isoformat() for one in seconds) == [
        "2025-12-24",
        "2026-11-23",
    ]


def test_what_is_beyond_a_bound_is_said_and_the_outage_is_still_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A spray of made-up names is told coarser; it costs the outage nothing."""
    monkeypatch.setattr(outbreak, "FAILURES", 2_000)
    monkeypatch.setattr(outbreak, "NAMES", 500)
    spray = [
        (f"Nov 22 2026 {hour:02}:{minute:02}:{second:02}", "rejected", f"u{hour}.{minute}.{second}")
        for hour in range(20)
        for minute in range(60)
        for second in (0, 20, 40)
    ]
    dead = [(at(f"09:{minute:02}:00"), "dead", f"ann{minute}") for minute in range(60)]
    found = counted(log("fw-1", *spray, *dead, (at("10:00:00"), "accepted", "ann1")))
    assert sum(map(len, found.failures.values())) <= 2_000
    told, _ = judged(found)
    assert (told.kind, told.users, told.about, len(told.names)) == ("outage", 60, False, 60)
    assert told.first == datetime(2026, 11, 23, 9)  # noqa: DTZ001 - as the log has it
    cause, failures, users = next(one for one in found.causes() if one[0] is Cause.BAD_CREDENTIALS)
    assert failures == len(spray)
    assert 0.7 * len(spray) < users < 1.3 * len(spray)
    doubts = " ".join(found.bounds())
    assert f"so many failures by {cause}" in doubts
    assert "more than 500 users by bad-credentials" in doubts
    assert "server-unreachable" not in doubts


def test_failures_of_one_headend_at_two_servers_are_of_one_headend() -> None:
    lines = log("fw-1", (at("09:00:00"), "rejected", "ann"), (at("09:01:00"), "rejected", "bob"))
    lines[0] = lines[0].replace("10.1.1.5", "10.1.1.6")
    told, said = judged(counted(lines))
    assert told.headends == ("fw-1",)
    assert said.startswith("2 users on 1 headend failed")


def test_a_rise_of_everyday_failures_is_told_from_everyday() -> None:
    every = [(at(f"{hour:02}:00:00"), "rejected", f"ann{hour}") for hour in range(12)]
    rise = [(at(f"12:{minute:02}:00"), "rejected", f"bob{minute}") for minute in range(30)]
    assert "not more often than before" in judged(counted(log("fw-1", *every)))[1]
    assert "times as often as before" in judged(counted(log("fw-1", *every, *rise)))[1]
