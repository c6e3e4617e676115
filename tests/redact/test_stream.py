from __future__ import annotations

import base64
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headend.redact import Redactor, redact_bytes

SECRET = st.text("ABCDEFGHabcdefgh0123456789!$%/+=-_'", min_size=8, max_size=40)
PLAIN = st.sampled_from(
    (
        b"",
        b"vpn-1# ",
        b"AAA FSM: In AAA_BindServer",
        b"got user 'bob'",
        b"Parsed packet data.....",
        b"Radius: Type = 2 (0x02) User-Password",
        b"Radius: Value (String) = ",
        b"8c 11 e0 42 9d 30 77 1f    |  ...B.0w.",
        b"Raw packet data (length = 8).....",
        b"Radius: Code = 1 (0x01)",
        b" : reqauth:",
        b"\xff\xfe\x00\x1b[31m",
        b"key \r x",
        b"<secret-7>",
        b"y" * 80,
    )
)


def hexdump(value: bytes) -> bytes:
    rows = [value[at : at + 16] for at in range(0, len(value), 16)]
    return b"\r\n".join(row.hex(" ").encode() + b"    |  " + b"." * len(row) for row in rows)


def spelled(draw: st.DrawFn, secret: bytes) -> bytes:
    shape = draw(st.integers(0, 11))
    fill = draw(st.binary(max_size=3).filter(lambda each: not set(each) & set(b"\r\n")))
    structures = (
        b"     skey '" + secret + b"'",
        b" key " + secret,
        b"webvpn=" + secret.replace(b"'", b"") + b"; x",
        b"mkpkt_continue - response: " + secret,
        b"username bob password " + secret + b" privilege 15",
        b"text " + secret + b" text",
        secret.hex(" ").encode(),
        secret.hex().upper().encode(),
        b"Basic=" + base64.b64encode(fill + secret),
        hexdump(fill + secret),
        b"Cookie: a=" + secret,
    )
    if shape < len(structures):
        return structures[shape]
    # A hard wrap at 80 columns leaves no mark.
    line = b"z" * draw(st.integers(40, 79)) + secret
    return b"\r\n".join(line[at : at + 80] for at in range(0, len(line), 80))


@st.composite
def streams(draw: st.DrawFn) -> tuple[bytes, list[str]]:
    secrets = draw(st.lists(SECRET, min_size=1, max_size=3, unique=True))
    lines = []
    for _ in range(draw(st.integers(1, 12))):
        secret = draw(st.sampled_from(secrets)).encode()
        lines.append(spelled(draw, secret) if draw(st.booleans()) else draw(PLAIN))
    end = draw(st.sampled_from((b"\n", b"\r\n")))
    return end.join(lines) + draw(st.sampled_from((b"", end))), secrets


def portions(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({cut % (len(data) + 1) for cut in cuts})
    return [
        data[start:stop] for start, stop in zip([0, *places], [*places, len(data)], strict=True)
    ]


def unnumbered(text: bytes) -> bytes:
    return re.sub(rb"<secret-\d+>", b"", text)


def shows(output: bytes, secret: bytes) -> bool:
    """Look for a secret as a thief would: across line ends, in dumps and in base64."""
    flat = re.sub(rb"[\r\n]", b"", unnumbered(output))
    digits = re.sub(rb"\|.*|[^0-9A-Fa-f\n]|\n", b"", unnumbered(output)).lower()
    encoded = [
        base64.b64encode(bytes(shift) + secret)[(0, 2, 3)[shift] :].rstrip(b"=")[:-1]
        for shift in range(3)
    ]
    return secret in flat or secret.hex().encode() in digits or any(e in flat for e in encoded)


@settings(max_examples=300, deadline=None)
@given(streams(), st.lists(st.integers(0, 4000), max_size=12))
def test_portions_do_not_change_the_output(
    stream: tuple[bytes, list[str]], cuts: list[int]
) -> None:
    data, secrets = stream
    redactor = Redactor(secrets)
    out = b"".join(redactor.feed(portion) for portion in portions(data, cuts))
    assert out + redactor.flush() == redact_bytes(data, secrets)


@settings(max_examples=300, deadline=None)
@given(streams())
def test_redaction_hides_the_values_keeps_the_lines_and_is_idempotent(
    stream: tuple[bytes, list[str]],
) -> None:
    data, secrets = stream
    out = redact_bytes(data, secrets)
    assert out.count(b"\n") == data.count(b"\n")
    assert not any(shows(out, secret.encode()) for secret in secrets)
    assert redact_bytes(out, secrets) == out


@settings(max_examples=300, deadline=None)
@given(streams(), st.lists(st.integers(0, 4000), max_size=6))
def test_no_pause_lets_a_known_value_through(
    stream: tuple[bytes, list[str]], cuts: list[int]
) -> None:
    data, secrets = stream
    redactor = Redactor(secrets)
    out = b"".join(redactor.feed(portion) + redactor.flush() for portion in portions(data, cuts))
    assert out.count(b"\n") == data.count(b"\n")
    assert not any(shows(out, secret.encode()) for secret in secrets)
    assert not redactor.pending


@settings(max_examples=200, deadline=None)
@given(SECRET, st.integers(0, 60))
def test_a_pause_in_an_unknown_structure_hides_the_rest_too(secret: str, cut: int) -> None:
    line = b"     skey '" + secret.encode() + b"'\r\n"
    redactor = Redactor()
    out = redactor.feed(line[:cut]) + redactor.flush() + redactor.feed(line[cut:])
    out += redactor.flush()
    assert len(unnumbered(out)) <= len(b"     skey ''\r\n") + secret.count("'")
    assert secret[-4:].strip("'").encode() not in out or len(secret.strip("'")) < 4


@given(st.binary(max_size=400))
def test_any_bytes_pass(data: bytes) -> None:
    out = redact_bytes(data, ["abcdef"])
    assert out.count(b"\n") == data.count(b"\n")


@given(st.text("xy1 #>\n", max_size=200))
def test_text_without_secrets_is_untouched(text: str) -> None:
    assert redact_bytes(text.encode(), ["S3cret"]) == text.encode()


def test_a_line_waits_only_for_what_may_follow() -> None:
    redactor = Redactor(["Tr0ub4dor"])
    assert redactor.feed(b"got user 'bob'\r\nAAA FSM") == b"got user 'bob'\r\n"
    assert redactor.pending
    assert redactor.flush() == b"AAA FSM"
    assert not redactor.pending
    assert redactor.feed(b": In\r\n") == b": In\r\n"
    assert redactor.feed(b"it is Tr0u\r\n") == b""
    assert redactor.feed(b"b4dor.\r\n") == b"it is <secret-1>\r\n<secret-1>.\r\n"


def test_a_secret_learnt_late_is_replaced_from_then_on() -> None:
    redactor = Redactor()
    redactor.add_secret("opensesame")
    assert redactor.feed(b"say opensesame\n") == b"say <secret-1>\n"


def test_a_very_short_secret_is_not_searched_for_by_value() -> None:
    assert redact_bytes(b"abc skey 'abc'\n", ["abc"]) == b"abc skey '<secret-1>'\n"


@pytest.mark.parametrize("size", (1, 999, 1 << 20))
def test_an_endless_line_is_given_out_in_bounded_pieces(size: int) -> None:
    data = b"A" * 200_000 + b"S3cret-value" + b"B" * 300_000 + b" skey '" + b"q" * 200_000
    redactor = Redactor(["S3cret-value"])
    out = b""
    waiting = 0
    for at in range(0, len(data), size):
        out += redactor.feed(data[at : at + size])
        waiting = max(waiting, at + size - len(out))
    out += redactor.flush()
    assert out == b"A" * 200_000 + b"<secret-1>" + b"B" * 300_000 + b" skey '<secret-2>"


@pytest.mark.parametrize(
    "pattern",
    (
        b"A",
        b"\r",
        b"skey '",
        b"password ",
        b'password "',
        b"test aaa-server ",
        b"5e ",
        b"-----BEGIN ",
    ),
)
def test_hostile_text_takes_linear_time(pattern: bytes) -> None:
    def seconds(size: int) -> float:
        data = pattern * (size // len(pattern))
        started = time.process_time()
        redact_bytes(data, ["S3cret-value"])
        return time.process_time() - started

    assert seconds(400_000) < 12 * seconds(100_000) + 0.2
