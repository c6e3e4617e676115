"""The lines that no reader knew: counted by shape, in bounded memory, and never forgotten."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnosis.scenes import answered, closed, ldap, opened
from headend.diagnosis import report
from headend.diagnosis.ledger import shape
from headend.model.diagnosis import Diagnosis, Report
from headend.model.document import report_document
from headend.model.line import Line


def read(*texts: str) -> Report:
    return report(Line("a", number, text) for number, text in enumerate(texts, 1))


@pytest.mark.parametrize(
    ("text", "wanted"),
    (
        ("foo_bar: session 12 from 10.1.1.7", "foo_bar: session <n> from <ip>"),
        ("foo_bar: session 0x1A2b from 2001:db8::7", "foo_bar: session <hex> from <ip>"),
        ("foo: user 'j doe' said \"no\", <x y>", "foo: user <text> said <text>, <text>"),
        ("foo: key deadbeef01020304 at 09:10:11.123", "foo: key <hex> at <time>"),
        ("Nov 23 2026 08:14:03 foo: user = jdoe", "<date> <time> foo: user = <name>"),
        ("foo: user jdoe is in group=STAFF", "foo: user <name> is in group=<name>"),
        ("foo: user is unknown", "foo: user is unknown"),
        ("foo: j.doe@corp.example can't and won't", "foo: <name> can't and won't"),
    ),
)
def test_a_shape_is_the_line_without_what_differs(text: str, wanted: str) -> None:
    assert shape(text) == wanted


def test_shapes_are_counted_the_most_frequent_first_with_one_example() -> None:
    found = read("bar 1", *(f"foo_bar: session {n} from 10.1.1.{n}" for n in range(5)), "baz")
    assert [(one.shape, one.count, one.example.line) for one in found.unrecognised_shapes] == [
        ("foo_bar: session <n> from <ip>", 5, 2),
        ("bar <n>", 1, 1),
        ("baz", 1, 7),
    ]
    assert len(found.unrecognised) == 7
    document = report_document(found)
    assert document["unrecognised_shapes"][0] == {
        "shape": "foo_bar: session <n> from <ip>",
        "count": 5,
        "example": {"source": "a", "line": 2, "text": "foo_bar: session 0 from 10.1.1.0"},
    }
    assert document["unrecognised_rest"] == 0


def test_a_flood_of_shapes_neither_fills_the_memory_nor_hides_what_is_frequent() -> None:
    noise = ["".join(chr(97 + n // 26**k % 26) for k in range(4)) + " zz" for n in range(5000)]
    lines = [line for each in noise for line in (each, "what is this 7")]
    found = read(*lines)
    assert len(found.unrecognised_shapes) <= 600
    assert found.unrecognised_shapes[0].shape == "what is this <n>"
    assert found.unrecognised_shapes[0].count == 5000
    counted = sum(one.count for one in found.unrecognised_shapes)
    assert counted + found.unrecognised_rest == found.sources[0].unrecognised == 10_000


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=400))
def test_any_text_has_a_shape(text: str) -> None:
    assert isinstance(shape(text), str)


@pytest.mark.parametrize(
    "bait", ("'", '"', "<", "user ", "=", "= a", "1:", "a@", "0x", ":", "1.", "f")
)
def test_no_text_takes_long(bait: str) -> None:
    begun = time.perf_counter()
    for _ in range(50):
        shape(bait * 1_000_000)
    assert time.perf_counter() - begun < 0.5


def login(*unknown: str) -> Diagnosis:
    lines = [
        "an unknown line before",
        *opened(5, "0xaa01", "jdoe", "AD", "10.9.0.1"),
        *unknown,
        *ldap(3, "jdoe", "775"),
        *answered(5, "0xaa01", -1, "REJECT"),
        *closed(5, "REJECT"),
        "an unknown line after",
    ]
    (found,) = read(*lines).attempts
    return found


def test_unknown_lines_within_an_attempt_lower_its_confidence_and_never_below_half() -> None:
    whole, three, flood = (
        login(*(f"what is this {n}" for n in range(count))) for count in (0, 3, 500)
    )
    assert [one.unknown_lines for one in (whole, three, flood)] == [0, 3, 500]
    sure, less, least = (one.causes[0].confidence for one in (whole, three, flood))
    assert 0.9 * sure < less < sure
    assert least == pytest.approx(sure / 2, abs=0.001)
    assert whole.causes[0].cause is flood.causes[0].cause
