"""``debug crypto ca`` names no certificate that it found good: the login behind it passed."""

from diagnosis.scenes import answered, closed, ldap, opened
from headend import diagnose
from headend.model.diagnosis import Diagnosis, Stage, StageState

GOOD = [
    "CRYPTO_PKI: Looking for suitable trustpoints...",
    "CRYPTO_PKI: Found a suitable authenticated trustpoint CORP-CA.",
    (
        "CRYPTO_PKI: Certificate validation: Successful, status: 0. Attempting to retrieve "
        "revocation status if necessary"
    ),
]


def login(handle: int, user: str) -> list[str]:
    return [
        *opened(handle, f"0x7fff{handle:04x}", user, "AD", "10.9.0.1"),
        *ldap(handle, user, None, policy="GP-STAFF"),
        *answered(handle, f"0x7fff{handle:04x}", 1, "ACCEPT"),
        *closed(handle, "ACCEPT"),
    ]


def passed(lines: list[str]) -> dict[str | None, StageState]:
    def certificate(attempt: Diagnosis) -> StageState:
        return next(each.state for each in attempt.stages if each.stage is Stage.CERTIFICATE)

    return {each.user: certificate(each) for each in diagnose("\n".join(lines))}


def test_the_login_directly_behind_it_had_the_certificate() -> None:
    found = passed([*login(1, "asmith"), *GOOD, *login(2, "jdoe"), *login(3, "ana")])
    assert found == {
        "asmith": StageState.UNSEEN,
        "jdoe": StageState.PASSED,
        "ana": StageState.UNSEEN,
    }


def test_a_login_further_behind_may_be_anybodys() -> None:
    other = ["AAA API: In aaa_open"] * 4
    assert passed([*GOOD, *other, *login(2, "jdoe")]) == {"jdoe": StageState.UNSEEN}
