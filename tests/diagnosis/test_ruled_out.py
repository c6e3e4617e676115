"""What is ruled out has a line that says so, and is never also named as a cause."""

from __future__ import annotations

import pytest

from diagnosis.scenes import ldap, opened, radius_answer, radius_request, text
from headend.diagnosis import diagnose
from headend.model.diagnosis import Cause, Diagnosis

AD = opened(5, "0xaa01", "jdoe", "AD", "10.9.1.5")


def only(*parts: list[str]) -> Diagnosis:
    (found,) = diagnose(text(*parts))
    return found


def excluded(diagnosis: Diagnosis) -> dict[Cause, str]:
    return {one.cause: " ".join(line.text for line in one.evidence) for one in diagnosis.ruled_out}


def test_a_challenge_rules_out_the_server_and_the_secret_but_not_the_password() -> None:
    rsa = opened(5, "0xaa01", "jdoe", "RSA", "10.9.0.5")
    asked = radius_request("0x9", 9, "0xd1", "jdoe", "10.9.0.5")
    found = only(rsa, asked, radius_answer("0x9", 9, "0xd1", 11, text="Enter PASSCODE:"))
    out = excluded(found)
    assert "CHALLENGE" in out[Cause.SERVER_UNREACHABLE]
    assert "verified" in out[Cause.SERVER_SECRET_MISMATCH]
    assert Cause.BAD_CREDENTIALS not in out


@pytest.mark.parametrize(("code", "right"), (("533", True), ("532", True), ("52e", False)))
def test_a_sub_code_rules_out_the_password_only_where_the_directory_checked_it(
    code: str,
    right: bool,  # noqa: FBT001 - a row of the table
) -> None:
    found = only(AD, ldap(7, "jdoe", code))
    out = excluded(found)
    assert (Cause.BAD_CREDENTIALS in out) is right
    assert Cause.SERVER_UNREACHABLE in out
    assert not {finding.cause for finding in found.causes} & set(out)
