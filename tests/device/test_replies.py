"""Replies are told apart by the prompts, in whatever pieces they arrive."""

import itertools
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from headend.device.replies import Replies

PROMPT = re.compile(r"^vpn-1(?:/[\w./-]+)?(?:\([\w-]+\))?[>#] ?", re.MULTILINE)
TWO = (
    "show clock\r\n10:00:00.000 UTC\r\nvpn-1# show version\r\n\r\nCisco\r\nvpn-1# is in here\r\n"
    "vpn-1/pri/act# "
)


def pieces(text: str, cuts: list[int]) -> list[str]:
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [text[start:end] for start, end in itertools.pairwise(places)]


@settings(deadline=None)
@given(st.lists(st.integers(0, 200), max_size=40))
def test_the_pieces_make_no_difference(cuts: list[int]) -> None:
    text = TWO.replace("vpn-1# is in here", " vpn-1# is no prompt within a line")
    replies = Replies(["show clock", "show version"], PROMPT)
    fed = [replies.feed(piece) for piece in pieces(text, cuts)]
    assert fed[-1]
    assert replies.done == [
        "10:00:00.000 UTC",
        "Cisco\n vpn-1# is no prompt within a line",
    ]
    assert replies.prompt.startswith("vpn-1/pri/act#")


@settings(deadline=None)
@given(st.lists(st.integers(0, 400), max_size=40))
def test_what_streams_before_the_echo_is_no_reply(cuts: list[int]) -> None:
    stream = "AAA API: In aaa_open\r\nvpn-1# AAA API: x\r\nvpn-1# show debug\r\n"
    replies = Replies(["show debug"], PROMPT, streaming=True)
    for piece in pieces(stream + "debug aaa authentication\r\nUser: x\r\nvpn-1# ", cuts):
        replies.feed(piece)
    assert replies.done == ["debug aaa authentication\nUser: x"]


def test_a_long_reply_is_read_in_a_time_that_grows_with_its_length() -> None:
    searched = 0

    class Counting:
        def search(self, text: str, start: int) -> re.Match[str] | None:
            nonlocal searched
            searched += len(text) - start
            return PROMPT.search(text, start)

    replies = Replies(["show running-config"], Counting())  # type: ignore[arg-type]
    replies.feed("show running-config\r\n")
    for number in range(10_000):
        replies.feed(f" access-list line {number}\r\n")
    assert replies.feed("vpn-1# ")
    assert replies.done[0].count("\n") == 9_999
    assert searched < 10 * len(replies.done[0])
