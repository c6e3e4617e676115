"""Prompts of every mode and role, and what only looks like one."""

from __future__ import annotations

import pytest

from headend.parse.prompt import Prompt, match_prompt
from headend.parse.transcript import Role, Transcript


@pytest.mark.parametrize(
    ("text", "prompt"),
    (
        ("ciscoasa>", Prompt("ciscoasa")),
        ("ciscoasa# ", Prompt("ciscoasa", privileged=True)),
        ("lab-fw/pri/act#", Prompt("lab-fw", None, "pri", "act", privileged=True)),
        ("LEX-ASA-FW1/act#", Prompt("LEX-ASA-FW1", state="act", privileged=True)),
        (
            "ASA/sec/actNoFailover(config)#",
            Prompt("ASA", None, "sec", "actNoFailover", "config", privileged=True),
        ),
        ("FWSM/ceige#", Prompt("FWSM", "ceige", privileged=True)),
        ("vpn-1(config-webvpn)# ", Prompt("vpn-1", mode="config-webvpn", privileged=True)),
        ("a/ctx/sec/stby>", Prompt("a", "ctx", "sec", "stby")),
    ),
)
def test_prompts(text: str, prompt: Prompt) -> None:
    assert match_prompt(text) == (prompt, "")


@pytest.mark.parametrize(
    "text", ("#", ">", "# ", "", "## banner ##", " #", "(config)#", "a b#", "/#")
)
def test_bare_marks_are_no_prompt(text: str) -> None:
    assert match_prompt(text) is None


def test_rest_behind_a_prompt() -> None:
    found = match_prompt("vpn-1# [5] Session Start")
    assert found is not None
    assert found[1] == "[5] Session Start"


def test_replies_last_until_the_next_prompt() -> None:
    transcript = Transcript()
    told = (
        ("unknown", None, False),
        ("vpn-1# sh clock", Role.ECHO, True),
        ("11:00:00 UTC", None, True),
        ("", Role.BLANK, True),
        ("vpn-1# ", Role.PROMPT, False),
        ("unknown", None, False),
        ("vpn-1# [5] Session Start", Role.STREAM, False),
        ("vpn-1# debug ldap 255", Role.ECHO, False),
        ("unknown", None, False),
        ("-----", Role.BLANK, False),
        ("INFO: enough", None, True),
    )
    for text, role, explained in told:
        part = transcript.feed(text)
        assert (part and part.role, transcript.explains(text)) == (role, explained), text
