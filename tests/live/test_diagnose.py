"""The counters of a real session are a witness, live and when its capture is read again."""

import json
from typing import Any

import pytest

from headend.lab import Lab
from live.drive import Cli, Running


def the_attempt_of(user: str, run: Running) -> dict[str, Any]:
    (found,) = [each for each in run.result()["attempts"] if each["user"] == user]
    return dict(found)


@pytest.mark.parametrize(
    ("attempt", "word", "cause"),
    (
        (("jdoe", "CORP", None), "challenged", "token-required"),
        (("jdoe", "CORP", "000000"), "rejected", "token-rejected"),
        (("asmith", "STAFF", None), "accepted", "none"),
        (("asmith", "BADKEY", None), "error", "server-secret-mismatch"),
        (("asmith", "DEADRAD", None), "timeout", "server-unreachable"),
    ),
)
def test_the_counters_around_a_live_attempt_agree_with_its_debug(
    lab: Lab, cli: Cli, attempt: tuple[str, str, str | None], word: str, cause: str
) -> None:
    user, group, token = attempt
    run = cli.investigate(user)
    run.wait_for("ready")
    lab.attempt(user, group=group, token=token)
    found = the_attempt_of(user, run)
    assert found["witnesses"]["counters"] == word
    assert found["corroboration"]["state"] == "agree"
    assert found["causes"][0]["cause"] == cause
    shown = {path.name for path in (cli.incident() / "vpn-1" / "show").iterdir()}
    assert {"before-show-aaa-server.txt", "after-show-aaa-server.txt"} <= shown
    again = cli.run("diagnose", "--json", str(cli.incident() / "vpn-1" / "capture.log"))
    (offline,) = [one for one in json.loads(again.stdout)["attempts"] if one["user"] == user]
    assert offline["witnesses"] == found["witnesses"]
    assert offline["corroboration"] == found["corroboration"]


def test_counters_that_another_login_moved_as_well_prove_nothing(lab: Lab, cli: Cli) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    lab.attempt("asmith", group="STAFF")
    run.wait_for("attempt", user="asmith", outcome="accepted")
    lab.attempt("jdoe", "wrong", group="STAFF")
    found = the_attempt_of("jdoe", run)
    assert found["witnesses"] == {"debug": "rejected", "counters": None, "syslog": None}
    assert found["corroboration"]["state"] == "undecided"
    assert "other logins" in found["corroboration"]["said"]
