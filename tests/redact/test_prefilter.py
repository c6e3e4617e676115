"""What the prefilter lets pass, the exact search would have left alone."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from diagnosis.scenes import ldap, opened, radius_answer, radius_request
from headend.redact import Redactor
from headend.redact.rules import RULES

SECRET = "Tr0ub4dor&3"
PIECES = (
    "skey 'abc'", "response: x", "     response 'p'", "password", "username bob password x1",
    "Radius: Type = 2 (0x02) User-Password", "Radius: Type = 02 (0x02)", "Radius: Length = 18 (0x",
    "Radius: Value (String) = ", "5e 2b 1c 0a    |  ^+..", "Radius: Vendor ID = 311 (0x0137)",
    "Radius: Type = 26 (0x1A) Vendor-Specific", "Radius: Type = 25 (0x19)", "key 7 abcdef",
    "Raw packet data (length = 9)", "Parsed packet data.....", " : reqauth:", "MIIBOgIBAAJBAK",
    "-----BEGIN RSA PRIVATE KEY-----", " key abc", "cookie: a=b", "webvpn=deadbeef", "\x00",
    "AAA FSM: In AAA_SendMsg", "é" * 40, "x" * 80, "y" * 79 + "é", "a" * 79 + "\r", "User: jdoe",
    "%ASA-6-113008: AAA transaction status ACCEPT : user = a", SECRET, SECRET[:5], "\r\r",
    SECRET.encode().hex(" "), "<secret-1>", "aaa-server A (in) host 1.2.3.4 topsecret",
    "ldap-login-password *****", "tunnel-group x ipsec\n",
)  # fmt: skip
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(max_size=12),
        st.sampled_from(("\n", "\r\n", "\n", " ", "\n\n")),
    ),
    max_size=40,
).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass"))


class Exact(Redactor):
    """Looks at every line in full: the definition of what is masked."""

    def feed(self, data: bytes) -> bytes:
        return b"".join(map(self._looked_at, re.findall(rb"[^\n]*\n|[^\n]+", data)))


def redacted(parts: list[bytes], secrets: tuple[str, ...], *, exact: bool) -> bytes:
    redactor = Exact(secrets) if exact else Redactor(secrets)
    return b"".join(redactor.feed(part) for part in parts) + redactor.flush()


@settings(deadline=None, max_examples=600)
@given(
    TEXTS,
    st.lists(st.integers(0, 400), max_size=6),
    st.sampled_from(((), (SECRET,), (SECRET, "jdoe1"))),
)
@example(b"Radius: Vendor ID = 311 (0x0137)\nRadius: Type = 2 (0x02)\n5e 2b\n", [], ())
def test_the_bytes_are_those_of_the_exact_search(
    text: bytes, cuts: list[int], secrets: tuple[str, ...]
) -> None:
    places = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    parts = [text[one:other] for one, other in pairwise(places)]
    assert redacted(parts, secrets, exact=False) == redacted(parts, secrets, exact=True)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_no_rule_matches_without_one_of_its_words(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(RULES))
    plain = st.characters(max_codepoint=126)
    text = data.draw(st.from_regex(rule.pattern.pattern.decode(), alphabet=plain)).encode()
    assert not rule.pattern.search(text) or any(word in text.lower() for word in rule.words)


@pytest.mark.parametrize(
    "line",
    (b"key ", b"a" * 80 + b"\n", b"password password ", b"Radius: Type = 2 (0x02)\n", b"\r", b"x"),
)
def test_a_megabyte_of_anything_is_no_trouble(line: bytes) -> None:
    data = line * ((1 << 20) // len(line))
    started = time.process_time()
    Redactor([SECRET]).feed(data)
    assert time.process_time() - started < 30


def test_clean_lines_are_not_looked_at_one_by_one() -> None:
    clean = "\n".join([*opened(5, "0xaa", "jdoe", "AD", "10.9.0.1"), *ldap(3, "jdoe", "52e")])
    redactor = Redactor()
    data = (clean + "\n").encode() * 50
    spots = redactor._prefilter.suspects(data, len(data))  # noqa: SLF001 - what it saves is the point
    assert len(spots) <= data.count(b"\n") / 10


def test_radius_logins_stay_masked_in_one_piece() -> None:
    login = [
        *radius_request("0x9", 9, "0xd1", "jdoe", "10.9.0.5"),
        *radius_answer("0x9", 9, "0xd1", 3, text="no"),
    ]
    text = "\n".join(login).replace("<secret-1>", "61 62 63") + "\n"
    assert b"61 62 63" not in redacted([text.encode()], (), exact=False)
