"""A site's own words of its servers: a table in the inventory, checked before anything is done."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from diagnosis.scenes import answered, closed, opened, radius_answer, radius_request, text
from headend.diagnosis.server_words import BUILT_IN
from headend.errors import InputError
from headend.model.diagnosis import Cause
from headend.workflow.site_words import NAME, site_words

HEADEND = Path(sys.executable).with_name("headend")
OURS = """
rejects:
  - cause: account-locked
    confidence: 0.9
    phrases: ["konto|benutzer * gesperrt"]
  - {cause: mfa-denied, phrases: [invalid password]}
prompts:
  - cause: token-new-pin
    phrases: [neue|neuen pin]
token_groups: [Strong]
"""


def table(folder: Path, content: str | bytes) -> Path:
    data = content.encode() if isinstance(content, str) else content
    (folder / NAME).write_bytes(data)
    return folder


def test_a_site_without_a_table_has_the_built_in_words(tmp_path: Path) -> None:
    assert site_words(tmp_path) is BUILT_IN
    assert site_words(tmp_path / "none") is BUILT_IN
    assert site_words(table(tmp_path, "")).rejects == BUILT_IN.rejects


def test_the_table_that_is_shipped_is_valid_and_changes_nothing() -> None:
    shipped = Path(__file__).parents[2] / "inventory"
    assert (shipped / NAME).is_file()
    assert site_words(shipped).rejects == BUILT_IN.rejects


def test_the_sites_words_come_before_ours_and_ours_stay(tmp_path: Path) -> None:
    words = site_words(table(tmp_path, OURS))
    assert words.reason("Das KONTO ist seit heute gesperrt.") == (Cause.ACCOUNT_LOCKED, 0.9)
    assert words.reason("Konto gesucht. Zugang gesperrt.") is None
    assert words.reason("Invalid password") == (Cause.MFA_DENIED, 0.8)
    assert words.reason("Account disabled") == BUILT_IN.reason("Account disabled")
    assert words.prompt("Bitte neue PIN eingeben") is Cause.TOKEN_NEW_PIN
    assert words.token_group("AAA-STRONG2")
    assert not BUILT_IN.token_group("AAA-STRONG2")


@pytest.mark.parametrize(
    ("content", "said"),
    (
        ("rejects: [", "not valid YAML at line 1"),
        ("a: 1\na: 2\n", "not valid YAML"),
        ("!!python/object/apply:os.system [id]", "not valid YAML"),
        ("just text", "the file: it is not a mapping"),
        ("- 1", "the file: it is not a mapping"),
        ("reject: []", 'the file: "reject" is not known here'),
        ("rejects: {}", "rejects: it is not a list"),
        ("rejects: [locked]", "rejects entry 1: it is not a mapping"),
        ("rejects: [{cause: locked, phrases: [a]}]", 'rejects entry 1: "locked" is no cause here'),
        ("rejects: [{cause: none, phrases: [a]}]", '"none" is no cause here'),
        ("rejects: [{cause: [a], phrases: [a]}]", "a list is no cause here"),
        ("rejects: [{cause: account-locked}]", "it has no phrases"),
        ("rejects: [{cause: account-locked, phrases: gesperrt}]", "phrases: it is not a list"),
        ("rejects: [{cause: account-locked, phrases: [1]}]", "phrases entry 1: it is not text"),
        ("rejects: [{cause: account-locked, phrases: ['']}]", "at least one word"),
        ("rejects: [{cause: account-locked, phrases: ['* a']}]", "stands between two words"),
        ("rejects: [{cause: account-locked, phrases: ['(a+)+$']}]", "'(a+)+$' is not a word"),
        ("rejects: [{cause: account-locked, phrases: ['lock*']}]", '"lock*": '),
        ("rejects: [{cause: account-locked, phrases: ['a||b']}]", "is not a word"),
        (f"rejects: [{{cause: account-locked, phrases: ['{'a ' * 99}']}}]", "at most 20 words"),
        (f"rejects: [{{cause: account-locked, phrases: ['{'a' * 999}']}}]", "at most 200"),
        ("rejects: [{cause: account-locked, phrases: [a], confidence: 1}]", "out of range"),
        ("rejects: [{cause: account-locked, phrases: [a], confidence: .nan}]", "out of range"),
        ("rejects: [{cause: account-locked, phrases: [a], confidence: yes}]", "not a number"),
        ("rejects: [{cause: account-locked, phrases: [a], confidence: true}]", "not a number"),
        ("rejects: [{cause: account-locked, phrases: [a], regex: b}]", '"regex" is not known here'),
        ("prompts: [{cause: account-locked, phrases: [a]}]", "prompts entry 1"),
        ("prompts: [{cause: token-new-pin, phrases: [a], confidence: 0.5}]", "not known here"),
        ("token_groups: ['.*']", "token_groups entry 1"),
        ("token_groups: [a]", "is not one word of 2 to"),
        ('rejects: ["\\e[31m": 1]', "rejects entry 1"),
        ('"\\e[31m": 1', '"\\x1b[31m" is not known here'),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"rejects: \x00", "not valid YAML"),
        ("rejects: 2026-99-99", "cannot be read"),
        ("[" * 60_000, ""),
        ("a" * 70_000, "larger than"),
        ("rejects: [" + "1," * 600 + "]", "more than 500 entries"),
    ),
)
def test_a_table_that_cannot_be_used_says_where_and_why(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    with pytest.raises(InputError) as refused:
        site_words(table(tmp_path, content))
    message = str(refused.value)
    assert NAME in message
    assert said in message
    assert len(message) < 1000
    assert message.isprintable()


def test_an_anchor_bomb_is_refused_at_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    began = time.monotonic()
    with pytest.raises(InputError):
        site_words(table(tmp_path, "\n".join([*lines, "rejects: *a39"])))
    with pytest.raises(InputError):
        site_words(table(tmp_path, "\n".join([*lines, "rejects: [*a39]"])))
    assert time.monotonic() - began < 5


def test_words_cost_no_more_than_their_length(tmp_path: Path) -> None:
    phrase = " * ".join(["a"] * 8 + ["b a"])
    words = site_words(
        table(tmp_path, f"rejects: [{{cause: account-locked, phrases: ['{phrase}']}}]")
    )
    began = time.monotonic()
    for number in range(200):
        assert words.reason(f"{number} b " + "a " * 250) is None
    assert time.monotonic() - began < 2


def login(words: str) -> str:
    return text(
        opened(5, "0xaa01", "jdoe", "ISE", "10.9.0.5"),
        radius_request("0x9", 9, "0xd1", "jdoe", "10.9.0.5"),
        radius_answer("0x9", 9, "0xd1", 3, text=words),
        answered(5, "0xaa01", -1, "REJECT"),
        closed(5, "REJECT"),
    )


@pytest.mark.parametrize("by", ("option", "environment"))
def test_diagnose_reads_the_table_of_the_inventory(tmp_path: Path, by: str) -> None:
    table(tmp_path, OURS)
    environment = dict(os.environ)
    command = [str(HEADEND), "diagnose", "-", "--json"]
    if by == "option":
        command += ["--inventory", str(tmp_path)]
    else:
        environment["HEADEND_INVENTORY"] = str(tmp_path)
    done = subprocess.run(
        command, input=login("Konto gesperrt"), text=True, capture_output=True, env=environment,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert '"account-locked"' in done.stdout


def test_investigate_refuses_a_bad_table_before_it_connects_to_anything(tmp_path: Path) -> None:
    table(tmp_path, "rejects: 1")
    done = subprocess.run(
        [str(HEADEND), "investigate", "jdoe", "--inventory", str(tmp_path), "--incidents",
         str(tmp_path / "incidents")],
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert NAME in done.stderr
    assert not (tmp_path / "incidents").exists()


def test_diagnose_names_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(HEADEND), "diagnose", "-", "--inventory", str(tmp_path / "none")],
        input=login(""), text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no inventory folder" in done.stderr


def test_diagnose_refuses_a_bad_table_with_status_two(tmp_path: Path) -> None:
    table(tmp_path, "rejects: 1")
    done = subprocess.run(
        [str(HEADEND), "diagnose", "-", "--inventory", str(tmp_path)],
        input=login(""), text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert NAME in done.stderr
    assert "Traceback" not in done.stderr
