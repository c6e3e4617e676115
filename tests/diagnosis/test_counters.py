"""The counters around an attempt: a witness, where they can be one."""

from __future__ import annotations

import pytest

from diagnosis.scenes import answered, closed, opened, radius_answer, radius_request
from headend.diagnosis import report
from headend.model.diagnosis import Agreement, Cause, Diagnosis, Outcome
from headend.model.document import attempt_document
from headend.model.line import Line

SERVER, GROUP = "10.9.0.5", "RSA"
NAMES = ("accepts", "rejects", "challenges", "bad authenticators", "timeouts", "retransmissions")
SYSLOG = (
    "%ASA-6-113005: AAA user authentication Rejected : reason = AAA failure : "
    f"server = {SERVER} : user = jdoe : user IP = 198.51.100.9"
)


def shown(
    *counts: int, status: str = "ACTIVE", server: str = SERVER, group: str = GROUP
) -> list[str]:
    """Return a ``show aaa-server`` reply without its echo; ``counts`` in the order of NAMES."""
    numbers = [*counts, *[0] * (len(NAMES) - len(counts))]
    return [
        f"Server Group:    {group}",
        "Server Protocol: radius",
        f"Server Address:  {server}",
        "Server port:     1812(authentication), 1813(accounting)",
        f"Server status:   {status}, Last transaction at 03:25:51 UTC Tue Jul 9 2024",
        "Number of pending requests              0",
        *(f"Number of {name:30}{number}" for name, number in zip(NAMES, numbers, strict=True)),
    ]


def login(word: str) -> list[str]:
    code, status = {"REJECT": (3, -1), "ACCEPT": (2, 1), "CHALLENGE": (11, 2)}[word]
    text = "Account has been locked out" if word == "REJECT" else ""
    return [
        *opened(5, "0xaa01", "jdoe", GROUP, SERVER),
        *radius_request("0x9", 9, "0xd1", "jdoe", SERVER),
        *radius_answer("0x9", 9, "0xd1", code, text=text, server=SERVER),
        *answered(5, "0xaa01", status, word),
        *closed(5, word),
    ]


SILENT = [
    *opened(5, "0xaa01", "jdoe", GROUP, SERVER),
    *radius_request("0x9", 9, "0xd1", "jdoe", SERVER),
    "RADIUS_SENT:server response timeout",
    "RADIUS_DELETE",
    "remove_req 0xd1 session 0x9 id 9",
    *answered(5, "0xaa01", -3, "UNAVAILABLE"),
    *closed(5, "UNAVAILABLE"),
]


def sources(**texts: list[str]) -> list[Line]:
    return [
        Line(name, number, line)
        for name, lines in texts.items()
        for number, line in enumerate(lines, 1)
    ]


def one(*parts: list[str], **texts: list[str]) -> Diagnosis:
    given = texts or {"a": [line for part in parts for line in part]}
    (found,) = report(sources(**given)).attempts
    return found


def weights(diagnosis: Diagnosis) -> list[tuple[Cause, float]]:
    return [(each.cause, each.confidence) for each in diagnosis.causes]


def confidence(diagnosis: Diagnosis, cause: Cause) -> float:
    return next(each.confidence for each in diagnosis.causes if each.cause is cause)


def said(diagnosis: Diagnosis) -> str:
    return diagnosis.corroboration.said if diagnosis.corroboration else ""


@pytest.mark.parametrize(
    ("lines", "after", "word"),
    (
        (login("REJECT"), (7, 2), "rejected"),
        (login("ACCEPT"), (8, 1), "accepted"),
        (login("CHALLENGE"), (7, 1, 1), "challenged"),
        (SILENT, (7, 1, 0, 0, 3, 2), "timeout"),
        (SILENT, (7, 1, 0, 3, 3, 2), "error"),
    ),
)
def test_one_login_is_told_by_what_the_counters_rose_by(
    lines: list[str], after: tuple[int, ...], word: str
) -> None:
    without = one(lines)
    found = one(shown(7, 1), lines, shown(*after))
    assert without.corroboration is None
    assert without.witnesses["counters"] is None
    assert found.witnesses["counters"] == word
    assert found.corroboration
    assert found.corroboration.state is Agreement.AGREE
    assert found.causes[0].confidence > without.causes[0].confidence
    assert found.causes[0].confidence < 1


def test_counters_that_say_otherwise_lower_the_confidence_and_are_told() -> None:
    lines = login("REJECT")
    found = one(shown(7, 1), lines, shown(8, 1))
    assert found.corroboration
    assert found.corroboration.state is Agreement.CONTRADICT
    assert "debug says rejected, counters say accepted" in said(found)
    assert found.outcome is Outcome.REJECTED
    assert 0.5 < found.causes[0].confidence / one(lines).causes[0].confidence < 1


def test_a_difference_of_several_logins_weighs_nothing_and_says_so() -> None:
    lines = login("REJECT")
    plain = weights(one(lines))
    several = one(shown(7, 1), lines, shown(7, 4))
    assert several.witnesses["counters"] == "rejected"
    assert "prove little" in said(several)
    assert weights(several) == plain
    mixed = one(shown(7, 1), lines, shown(9, 2))
    assert mixed.witnesses["counters"] is None
    assert "decide nothing" in said(mixed)
    assert weights(mixed) == plain


def test_cleared_counters_are_no_negative_difference() -> None:
    found = one(shown(7, 1, 9), login("REJECT"), shown(0, 1, 0))
    assert found.witnesses["counters"] is None
    assert "cleared" in said(found)
    assert weights(found) == weights(one(login("REJECT")))


def test_counters_that_did_not_move_are_told() -> None:
    found = one(shown(7, 1), login("REJECT"), shown(7, 1))
    assert found.witnesses["counters"] is None
    assert "did not move" in said(found)


def test_bad_authenticators_name_the_secret_where_the_debug_shows_only_silence() -> None:
    assert one(SILENT).causes[0].cause is Cause.SERVER_UNREACHABLE
    found = one(shown(7, 1), SILENT, shown(7, 1, 0, 3, 3, 2))
    first = found.causes[0]
    assert first.cause is Cause.SERVER_SECRET_MISMATCH
    assert first.advice
    assert [line.text.split()[-1] for line in first.evidence] == ["0", "3"]
    assert confidence(found, Cause.SERVER_UNREACHABLE) < 0.5


def test_bad_authenticators_of_others_do_not_touch_a_login_that_was_answered() -> None:
    found = one(shown(7, 1), login("REJECT"), shown(7, 2, 0, 5, 5))
    assert Cause.SERVER_SECRET_MISMATCH not in {each.cause for each in found.causes}


def test_timeouts_and_a_failed_server_support_unreachable() -> None:
    syslog = (
        f"%ASA-6-113014: AAA authentication server not accessible : server = {SERVER} : user = jdoe"
    )
    after = shown(7, 1, 0, 0, 3, 2, status="FAILED")
    found = one(shown(7, 1), [syslog], after)
    assert found.causes[0].cause is Cause.SERVER_UNREACHABLE
    assert found.witnesses["counters"] == "timeout"
    assert {line.text.split()[1] for line in found.causes[0].evidence} >= {"status:", "of"}
    assert "out of service" in said(found)


def test_another_server_of_the_group_may_have_answered() -> None:
    other = "10.9.0.6"
    before = [*shown(7, 1), *shown(3, 1, server=other)]
    after = [*shown(7, 1, 0, 0, 3), *shown(3, 2, server=other)]
    assert one(before, login("REJECT"), after).witnesses["counters"] == "rejected"


def test_another_group_is_no_witness() -> None:
    before, after = shown(7, 1, group="AD"), shown(7, 2, group="AD")
    found = one(before, login("REJECT"), after)
    assert found.witnesses["counters"] is None
    assert found.corroboration is None


@pytest.mark.parametrize(
    "order", ("before debug after", "debug before after", "before after debug")
)
def test_before_and_after_may_be_files_of_their_own(order: str) -> None:
    texts = {
        "before": ["vpn-1# show aaa-server", *shown(7, 1), "vpn-1#"],
        "debug": ["vpn-1# debug aaa authentication", *login("REJECT")],
        "after": ["vpn-1# sh aaa-server RSA", *shown(7, 2)],
    }
    found = one(**{name: texts[name] for name in order.split()})
    assert found.witnesses["counters"] == "rejected"


def test_another_headends_counters_are_no_witness() -> None:
    found = one(
        before=["vpn-2# show aaa-server", *shown(7, 1)],
        debug=["vpn-1# debug aaa authentication", *login("REJECT")],
        after=["vpn-2# show aaa-server", *shown(7, 2)],
    )
    assert found.corroboration is None


def test_two_replies_before_the_attempt_are_not_around_it() -> None:
    assert one(shown(7, 1), shown(7, 2), login("REJECT")).witnesses["counters"] is None
    assert one(login("REJECT"), shown(7, 1), shown(7, 2)).witnesses["counters"] is None


def test_each_attempt_has_the_replies_nearest_to_it() -> None:
    second = [line.replace("jdoe", "asmith") for line in login("ACCEPT")]
    lines = [*shown(7, 1), *login("REJECT"), *shown(7, 2), *second, *shown(8, 2)]
    first, other = report(sources(a=lines)).attempts
    assert (first.user, first.witnesses["counters"]) == ("jdoe", "rejected")
    assert (other.user, other.witnesses["counters"]) == ("asmith", "accepted")


def test_debug_and_syslog_alone_are_two_witnesses() -> None:
    found = one(login("REJECT"), [SYSLOG])
    assert found.corroboration
    assert found.corroboration.state is Agreement.AGREE
    assert found.corroboration.said == "Debug and syslog agree: rejected."
    three = one(shown(7, 1), login("REJECT"), [SYSLOG], shown(7, 2))
    assert said(three).startswith("Debug, syslog and counters agree: rejected.")


def test_what_the_headend_refuses_after_the_servers_yes_is_no_contradiction() -> None:
    lines = [
        *login("ACCEPT"),
        (
            "%ASA-4-113040: Group <G> User <jdoe> IP <198.51.100.9> Terminating the VPN connection "
            "attempt from CORP. Reason: This connection is group locked to STAFF."
        ),
    ]
    found = one(shown(7, 1), lines, shown(8, 1))
    assert found.outcome is Outcome.REJECTED
    assert found.witnesses["counters"] == "accepted"
    assert found.corroboration
    assert found.corroboration.state is not Agreement.CONTRADICT


def test_agreement_about_the_end_does_not_make_a_guess_of_the_cause_surer() -> None:
    bare = [line for line in login("REJECT") if "locked" not in line and "|" not in line]
    assert one(bare).causes[0].confidence < 0.6
    assert weights(one(shown(7, 1), bare, shown(7, 2))) == weights(one(bare))


def test_the_document_carries_it() -> None:
    document = attempt_document(one(shown(7, 1), login("REJECT"), shown(7, 2)))
    assert document["corroboration"]["state"] == "agree"
    assert document["witnesses"] == {"debug": "rejected", "counters": "rejected", "syslog": None}


def test_a_flood_of_servers_is_bounded_and_changes_nothing() -> None:
    flood = [line for n in range(3000) for line in (f"Server Group: g{n}", "Server Address: x")]
    found = one(flood, shown(7, 1), login("REJECT"), shown(7, 2))
    assert found.witnesses["counters"] == "rejected"


def test_a_server_without_its_group_is_found_in_every_group_that_has_it() -> None:
    shared = [shown(7, n, group=group) for n, group in ((1, "A"), (2, "B"))]
    before = [line for reply in shared for line in reply]
    after = [*shown(7, 1, group="A"), *shown(7, 3, group="B")]
    found = one(before, [SYSLOG], after)
    assert found.server_group is None
    assert found.witnesses["counters"] == "rejected"
    assert one(shown(7, 1, server="10.9.9.9"), [SYSLOG], shown(7, 2)).corroboration is None
