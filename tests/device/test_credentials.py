"""Credentials come by reference, and one wrong password is one attempt."""

import threading
from pathlib import Path

import pytest

from headend.device import fleet
from headend.device.credentials import Credentials, Vault
from headend.device.gate import LoginGate
from headend.errors import InputError, LoginRefused


def test_a_value_in_place_of_a_reference_is_refused_and_not_repeated() -> None:
    with pytest.raises(InputError) as caught:
        Credentials.from_data({"password": "hunter2-secret"})
    assert "hunter2" not in str(caught.value)


def test_an_unknown_role_is_named() -> None:
    with pytest.raises(InputError, match="passwort"):
        Credentials.from_data({"passwort": "env:X"})


def test_references_resolve_from_environment_and_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_PW", "from-the-environment")
    vault = Vault()
    assert vault.resolve("env:LAB_PW", "password", "x") == "from-the-environment"
    assert vault.resolve("command:printf %s from-a-command", "password", "x") == "from-a-command"
    assert {"from-the-environment", "from-a-command"} <= set(vault.known())
    assert vault.resolve("env:LAB_NOT_SET", "password", "x") is None


def test_a_failing_command_does_not_reveal_what_it_printed() -> None:
    with pytest.raises(InputError) as caught:
        Vault().resolve("command:sh -c 'echo sesame-open; exit 3'", "password", "x")
    assert "sesame" not in str(caught.value)
    assert "sesame" not in repr(caught.value.__cause__)


def test_after_a_refusal_no_other_login_runs() -> None:
    gate = LoginGate()
    ran: list[str] = []

    def login(where: str) -> None:
        with gate.attempt(("svc", "wrong"), "svc", where):
            ran.append(where)
            raise LoginRefused(f"{where} refused")

    refusals = []
    barrier = threading.Barrier(5)

    def one(where: str) -> None:
        barrier.wait()
        try:
            login(where)
        except LoginRefused as error:
            refusals.append(str(error))

    threads = [threading.Thread(target=one, args=(f"vpn-{number}",)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ran) == 1
    assert len(refusals) == 5
    assert sum("not tried" in refusal for refusal in refusals) == 4


def test_after_a_success_logins_run_side_by_side() -> None:
    gate = LoginGate()
    with gate.attempt("right", "svc", "vpn-1") as turn:
        turn.proven()
    with gate.attempt("right", "svc", "vpn-2"), gate.attempt("right", "svc", "vpn-3"):
        pass


def test_a_password_in_the_inventory_is_refused_and_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "hosts.yaml").write_text(
        "vpn-1: {hostname: 127.0.0.1, platform: cisco_asa, password: hunter2-secret}\n"
    )
    with pytest.raises(InputError) as caught:
        fleet.load(tmp_path)
    assert "vpn-1" in str(caught.value)
    assert "hunter2" not in str(caught.value)
