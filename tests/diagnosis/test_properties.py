"""What holds for every text: nothing raises, nothing is lost, no login leaks into another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnosis.scenes import (
    answered,
    interleaved,
    ldap,
    opened,
    radius_answer,
    radius_request,
    text,
)
from headend.diagnosis import Diagnoser, diagnose, report
from headend.model.diagnosis import Diagnosis
from headend.model.document import report_document
from headend.model.line import Line

GENUINE = text(
    opened(5, "0xaa01", "jdoe", "RSA", "10.9.0.5"),
    radius_request("0x9", 9, "0xd1", "jdoe", "10.9.0.5"),
    radius_answer("0x9", 9, "0xd1", 11, text="Enter PASSCODE:", state="S1"),
    answered(5, "0xaa01", 2, "CHALLENGE"),
    ldap(3, "asmith", "775"),
    ["%ASA-6-113039: Group <G> User <u> IP <1.2.3.4> AnyConnect parent session started."],
    ["%ASA-3-717009: Certificate validation failed. Expired, serial number: 1, subject name: x."],
    ["vpn-1# show clock", "CRYPTO_PKI: Certificate is expired."],
).split("\n")


@settings(deadline=None, max_examples=100)
@given(st.lists(st.one_of(st.text(max_size=120), st.sampled_from(GENUINE)), max_size=60))
def test_no_lines_raise_and_each_is_counted_once(lines: list[str]) -> None:
    found = report(Line("x", number, one) for number, one in enumerate(lines, 1))
    if lines:
        (source,) = found.sources
        assert source.lines == len(lines)
        assert 0 <= source.unrecognised <= len(lines)
        assert len(found.unrecognised) == source.unrecognised
    for attempt in found.attempts:
        assert len(attempt.stages) == 9
        assert attempt.causes
        assert all(0 < one.confidence <= 1 for one in attempt.causes)
    assert report_document(found)["schema"]


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=60))
def test_broken_genuine_lines_never_raise(noise: str) -> None:
    halves = [line[: len(line) // 2] + noise for line in GENUINE]
    diagnose([*halves, *(noise + line for line in GENUINE), *(line + noise for line in GENUINE)])


def essence(diagnosis: Diagnosis) -> tuple[object, ...]:
    return (
        diagnosis.user,
        diagnosis.client_ip,
        diagnosis.outcome,
        diagnosis.stage,
        tuple((one.cause, one.confidence, one.summary) for one in diagnosis.causes),
        tuple((one.stage, one.state) for one in diagnosis.stages),
    )


def ldap_pieces(key: int, user: str, code: str | None) -> list[list[str]]:
    lines = ldap(key, user, code)
    # The three lines below "LDAP Search:" carry no key and come with it.
    return [[one] for one in lines[:7]] + [lines[7:11]] + [[one] for one in lines[11:]]


def aaa_pieces(handle: int, pointer: str, user: str, key: int, code: str | None) -> list[list[str]]:
    status, word = (-1, "REJECT") if code else (1, "ACCEPT")
    return [
        opened(handle, pointer, user, "AD", "10.9.0.1"),
        *ldap_pieces(key, user, code),
        answered(handle, pointer, status, word),
        [f"AAA task: aaa_process_msg({pointer}) received message type 1", f"Auth Status = {word}"],
        [f"In aaai_close_session ({handle})"],
    ]


def radius_pieces(session: str, number: int, pointer: str, user: str, code: int) -> list[list[str]]:
    return [
        radius_request(session, number, pointer, user, "10.9.0.5", client=f"198.51.100.{number}"),
        radius_answer(session, number, pointer, code),
    ]


PAIRS = {
    "ldap": (ldap_pieces(301, "jdoe", "775"), ldap_pieces(302, "asmith", None)),
    "ldap under aaa": (
        aaa_pieces(5, "0xaa01", "jdoe", 301, "533"),
        aaa_pieces(6, "0xaa02", "asmith", 302, None),
    ),
    "radius": (
        radius_pieces("0x9", 9, "0xd1", "jdoe", 3),
        radius_pieces("0xa", 10, "0xd2", "asmith", 2),
    ),
    "same user twice": (ldap_pieces(301, "jdoe", "52e"), ldap_pieces(302, "jdoe", None)),
}


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("seed", range(12))
def test_interleaving_changes_no_verdict(pair: str, seed: int) -> None:
    one, other = PAIRS[pair]
    apart = {essence(found) for part in (one, other) for found in diagnose(text(*part))}
    mixed = diagnose(interleaved(one, other, seed))
    assert {essence(found) for found in mixed} == apart
    assert len(mixed) == 2


HOSTILE = (
    "[77] Session Start",
    "x\x0b[77] Message (root): 80090308: LdapErr, data 775, v1",
    "AAA session opened: handle = 9",
    "vpn-1# show run",
    "bob> IP <6.6.6.6",
    "x : server = 6.6.6.6 : user = root",
    "%ASA-6-113005: AAA user authentication Rejected : reason = Account has been locked out",
    "a\u2028b",
    "<script>\x1b[31m",
    "' OR ''='",
    "(((((((((((((((((((((((((((((((a+)+)+$",
    "DOMAIN\\bob",
    "zoë  müller",
)


@pytest.mark.parametrize("user", HOSTILE)
def test_a_hostile_name_stays_a_name(user: str) -> None:
    debug = diagnose([*opened(5, "0xaa", user, "AD", "10.9.0.1"), *ldap(3, user, "52e")])
    assert [one.causes[0].cause.value for one in debug] == ["bad-credentials"]
    (radius,) = diagnose(
        [
            *radius_request("0x9", 9, "0xd1", user, "10.9.0.5"),
            *radius_answer("0x9", 9, "0xd1", 3),
        ]
    )
    assert radius.causes[0].cause.value == "bad-credentials"
    (syslog,) = diagnose(
        [f"%ASA-6-113039: Group <GP> User <{user}> IP <1.2.3.4> AnyConnect parent session started."]
    )
    assert syslog.client_ip == "1.2.3.4"
    assert syslog.causes[0].cause.value == "none"
    (rejected,) = diagnose(
        [
            (
                "%ASA-6-113005: AAA user authentication Rejected : reason = Invalid password : "
                f"server = 10.9.0.1 : user = {user} : user IP = 1.2.3.4"
            )
        ]
    )
    assert (rejected.client_ip, rejected.server) == ("1.2.3.4", "10.9.0.1")
    assert "\x1b" not in rejected.causes[0].summary


def test_streaming_and_the_report_agree() -> None:
    diagnoser = Diagnoser()
    last: dict[str, Diagnosis] = {}
    for number, one in enumerate(GENUINE, 1):
        for found in diagnoser.feed(Line("x", number, one)):
            last[found.id] = found
    final = {found.id: found for found in diagnoser.finish().attempts}
    assert {key: replace(found, settled=False) for key, found in final.items()} == {
        key: replace(found, settled=False) for key, found in last.items()
    }


def test_a_megabyte_in_one_line_is_no_trouble() -> None:
    for piece in ("a", " ", "[1] Message (", "user = ", "ab ", "> User <", " : server = "):
        line = "%ASA-6-113005: AAA user authentication Rejected : reason = " + piece * 200_000
        assert len(diagnose([line, piece * 200_000])) <= 1


def test_unknown_lines_are_counted_beyond_those_kept() -> None:
    found = report(Line("x", number, f"what is this {number}") for number in range(1, 1501))
    assert found.sources[0].unrecognised == 1500
    assert len(found.unrecognised) == 1000
