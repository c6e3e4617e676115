"""Configuration text as a tree: nothing is lost, every line is numbered."""

from hypothesis import given
from hypothesis import strategies as st

from headend.policy.configuration import Configuration, Line, words
from headend.policy.typed import needed, typed
from policy.configurations import EVERY_WAY, lab, lab_text


def test_what_is_read_is_what_is_printed() -> None:
    text = lab_text(EVERY_WAY)
    plain = "".join(line for line in text.splitlines(keepends=True) if line != "!\n")
    assert Configuration.parse(text).text() == plain


def test_each_line_keeps_its_number() -> None:
    text = lab_text()
    numbered = text.split("\n")

    def check(lines: tuple[Line, ...]) -> None:
        for line in lines:
            assert numbered[line.number - 1].strip() == line.text
            check(line.children)

    check(Configuration.parse(text).lines)


def test_prompts_comments_and_messages_are_no_lines() -> None:
    text = """\
vpn-1/pri/act# show running-config tunnel-group
: Saved
ERROR: % Invalid input detected at '^' marker.
tunnel-group CORP type remote-access
tunnel-group CORP general-attributes
 default-group-policy GP
!
Cryptochecksum:0123
: end
vpn-1/pri/act#
"""
    assert [line.text for line in Configuration.parse(text).lines] == [
        "tunnel-group CORP type remote-access",
        "tunnel-group CORP general-attributes",
    ]


def test_a_name_in_quotes_is_one_word() -> None:
    assert words('group-alias "two factors" enable') == ["group-alias", "two factors", "enable"]


def test_a_line_that_is_true_already_is_not_needed() -> None:
    here = lab()
    lines = [
        "group-policy GP-STAFF attributes",
        " vpn-simultaneous-logins 3",
        " vpn-tunnel-protocol ikev2 ssl-client",
    ]
    assert needed(here, lines) == (lines[0], lines[2])
    assert needed(typed(here, lines), lines) == ()


def test_nothing_is_taken_from_what_does_not_exist() -> None:
    assert needed(lab(), ["group-policy GONE attributes", " no group-lock"]) == ()


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader(text: str) -> None:
    configuration = Configuration.parse(text)
    assert Configuration.parse(configuration.text()) is not None


@given(st.lists(st.sampled_from(EVERY_WAY.splitlines()), max_size=12))
def test_typing_is_settled_after_once(lines: list[str]) -> None:
    once = typed(lab(), lines)
    assert typed(once, lines).text() == once.text() or any("no " in line for line in lines)
