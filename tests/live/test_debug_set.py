"""The chosen debugs show the answer, and one debug or one level less does not."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from headend.lab import HeadendSpec, Lab
from headend.lab.startup import WITH_SAML, WITH_SDI
from live.drive import Cli


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    spec = HeadendSpec("vpn-1", extra_configuration=WITH_SDI + WITH_SAML)
    with Lab([spec]) as lab:
        yield lab


@pytest.fixture
def cli(lab: Lab, tmp_path: Path) -> Iterator[Callable[[str], Cli]]:
    started: list[Cli] = []

    def start(folder: str) -> Cli:
        (tmp_path / folder).mkdir()
        started.append(Cli(lab.environment, tmp_path / folder))
        return started[-1]

    yield start
    for one in started:
        one.close()


ATTEMPTS: tuple[tuple[str, dict[str, Any], str, list[str], list[str]], ...] = (
    (
        "radius",
        {"user": "b.ortiz", "token": "271828", "group": "CORP"},
        "token-next-code",
        ["radius session", "radius user b.ortiz"],
        ["aaa common 255", "radius session"],
    ),
    (
        "ldap",
        {"user": "m.rossi", "group": "STAFF"},
        "account-locked",
        ["ldap 255"],
        ["aaa common 255", "ldap 254"],
    ),
    (
        "ldap-policy",
        {"user": "g.olsen", "group": "STAFF"},
        "group-not-authorized",
        ["ldap 255"],
        ["aaa common 254", "ldap 255"],
    ),
    (
        "sdi",
        {"user": "b.ortiz", "password": "271828", "patience": 0.1, "group": "TOKENS"},
        "token-next-code",
        ["sdi 255"],
        ["aaa common 255", "sdi 254"],
    ),
    (
        "saml",
        {"user": "jdoe", "assertion": "audience", "group": "SSO"},
        "saml-failed",
        ["webvpn saml 25"],
        ["aaa common 255", "webvpn saml 24"],
    ),
    (
        "certificate",
        {"user": "asmith", "certificate": "expired", "group": "CERT"},
        "certificate-expired",
        ["ldap 255", "crypto ca 255"],
        ["aaa common 255", "ldap 255", "crypto ca 254"],
    ),
    (
        "local",
        {"user": "localuser", "password": "wrong", "group": "LOCALVPN"},
        "bad-credentials",
        [],
        [],
    ),
)


@pytest.mark.parametrize(
    ("attempt", "cause", "debugs", "less"),
    [row[1:] for row in ATTEMPTS],
    ids=[row[0] for row in ATTEMPTS],
)
def test_the_chosen_set_shows_the_cause_and_less_does_not(  # noqa: PLR0913, PLR0917 - a row
    attempt: dict[str, Any],
    cause: str,
    debugs: list[str],
    less: list[str],
    lab: Lab,
    cli: Callable[[str], Cli],
) -> None:
    armed, causes = tried(lab, cli("chosen"), attempt)
    assert armed == ["aaa authentication", "aaa common 255", *debugs]
    assert causes == [cause]
    if less:
        asked = [word for debug in less for word in ("--debug", debug)]
        armed, causes = tried(lab, cli("less"), attempt, *asked)
        assert armed == ["aaa authentication", *less]
        assert cause not in causes


def tried(
    lab: Lab, cli: Cli, attempt: dict[str, Any], *arguments: str
) -> tuple[list[str], list[str]]:
    """Return the debugs that were armed and the first cause of each attempt that was seen."""
    group = str(attempt["group"])
    run = cli.start(
        "investigate", str(attempt["user"]), "--json", "--for", "4", "--group", group, *arguments
    )
    armed = run.wait_for("headend", state="armed")
    run.wait_for("ready")
    lab.attempt(**attempt)
    result = run.result()
    assert result["headends"][0]["state"] == "disarmed"
    debugs = [debug.removeprefix("debug ") for debug in armed["debugs"]]
    return debugs, [each["causes"][0]["cause"] for each in result["attempts"]]


def test_what_a_release_lacks_is_replaced_or_told(lab: Lab, cli: Callable[[str], Cli]) -> None:
    headend = lab.headends["vpn-1"]
    lacking = ("debug radius user jdoe", "debug webvpn condition p-ipaddress 198.51.100.7")
    for command in lacking:
        headend.reply(command, "ERROR: % Invalid input detected at '^' marker.")
    try:
        run = cli("old").start(
            "investigate", "jdoe", "--json", "--for", "4", "--client-ip", "198.51.100.7"
        )
        armed = run.wait_for("headend", state="armed")["debugs"]
        run.wait_for("ready")
        lab.attempt("jdoe", group="CORP", patience=0.1)
        assert run.result()["attempts"][0]["causes"][0]["cause"] == "token-required"
    finally:
        for command in lacking:
            headend.reply(command, None)
    assert "debug radius all" in armed
    assert not set(lacking) & set(armed)
    assert headend.conditions == []


def test_preflight_tells_what_would_be_armed(lab: Lab, cli: Callable[[str], Cli]) -> None:
    done = cli("preflight").run("preflight", "b.ortiz", "--group", "CORP")
    assert (
        "To be armed: aaa authentication, aaa common 255, radius session, radius user b.ortiz"
        in done.stdout
    )
    headend = lab.headends["vpn-1"]
    last = max(session.sid for session in headend.sessions)
    typed = [line for sid, _, line in headend.received if sid == last]
    assert not any(line.startswith("debug ") for line in typed)
