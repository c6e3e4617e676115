"""AAA sessions whose lines cross in the middle of what each says."""

from __future__ import annotations

import random

import pytest

from diagnosis.scenes import answered, closed, ldap, opened, text
from headend.diagnosis import diagnose
from headend.model.diagnosis import Cause, Outcome


def session(handle: int, user: str, code: str | None) -> list[str]:
    """Return one login, its directory included, as it is printed alone."""
    pointer = f"0xaa{handle:02x}"
    number, word = (1, "ACCEPT") if code is None else (-1, "REJECT")
    return [
        *opened(handle, pointer, user, "AD", "10.9.2.11"),
        *ldap(-handle, user, code),
        *answered(handle, pointer, number, word),
        *closed(handle, word),
    ]


def shuffled(seed: int, *streams: list[str]) -> list[str]:
    """Mix streams in bursts of lines, at no border that a headend would keep to.

    The three lines below ``LDAP Search:`` carry no key and stay with it.
    """
    chance = random.Random(seed)  # noqa: S311 - for tests
    left = [list(one) for one in streams]
    mixed: list[str] = []
    while any(left):
        stream = chance.choice([one for one in left if one])
        for _ in range(chance.randint(4, 20)):
            while stream:
                mixed.append(stream.pop(0))
                if not stream or (
                    "LDAP Search" not in mixed[-1] and not stream[0].startswith("   ")
                ):
                    break
    return mixed


@pytest.mark.parametrize("seed", range(30))
def test_crossing_lines_give_no_login_anothers_end(seed: int) -> None:
    lines = shuffled(seed, session(31, "ana.a", "775"), session(32, "ben.b", None))
    found = {one.user: one.causes[0] for one in diagnose(text(lines)) if one.user}
    wrong = {
        user: cause
        for user, cause in found.items()
        if cause.cause is not {"ana.a": Cause.ACCOUNT_LOCKED, "ben.b": Cause.NONE}[user]
    }
    assert all(cause.confidence <= 0.5 for cause in wrong.values()), wrong


def test_lines_that_alternate_find_their_sessions_by_order_and_answer() -> None:
    one, other = session(31, "ana.a", "533"), session(32, "ben.b", None)
    steps = [next(i for i, x in enumerate(s) if x.startswith("[")) for s in (one, other)]
    # Both sessions reach their server line by line; the directory's lines carry ids.
    lines = [x for pair in zip(one[: steps[0]], other[: steps[1]], strict=True) for x in pair]
    lines += one[steps[0] :] + other[steps[1] :]
    found = {d.user: (d.outcome, d.causes[0].cause) for d in diagnose(text(lines))}
    assert found == {
        "ana.a": (Outcome.REJECTED, Cause.ACCOUNT_DISABLED),
        "ben.b": (Outcome.ACCEPTED, Cause.NONE),
    }


def test_a_name_that_only_order_gives_is_called_a_guess() -> None:
    one = opened(31, "0xaa1f", "ana.a", "AD", "10.9.2.11")
    other = opened(32, "0xaa20", "ben.b", "AD", "10.9.2.11")
    lines = [x for pair in zip(one, other, strict=True) for x in pair]
    lines += answered(31, "0xaa1f", -1, "REJECT") + closed(31, "REJECT")
    lines += answered(32, "0xaa20", 1, "ACCEPT") + closed(32, "ACCEPT")
    found = diagnose(text(lines))
    assert {one.user for one in found} == {"ana.a", "ben.b"}
    for diagnosis in found:
        assert diagnosis.causes[0].confidence <= 0.5
        assert "guessed" in diagnosis.causes[0].summary or diagnosis.causes[0].confidence < 0.5


def test_a_session_that_was_cut_makes_no_later_name_a_guess() -> None:
    cut = opened(30, "0xaa1e", "zoe", "AD", "10.9.2.11")[:-2]
    found = diagnose(text(cut, session(31, "ana.a", None)))
    accepted = next(one for one in found if one.user == "ana.a")
    assert accepted.causes[0].confidence > 0.9
