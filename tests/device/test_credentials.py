"""Credentials come by reference, and one wrong password is one attempt."""

import threading
from pathlib import Path

import pytest

from headend.device import credentials, fleet
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


def test_the_probe_account_is_a_reference_too_and_its_password_is_known_to_the_redaction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = {"probe_username": "command:printf %s probe", "probe_password": "env:LAB_PROBE"}
    monkeypatch.setenv("LAB_PROBE", "probe-secret-1")
    monkeypatch.setenv("HEADEND_PROBE_PASSWORD", "probe-secret-2")
    references, vault = Credentials.from_data(given), Vault()
    assert vault.resolve(references.probe_username, "probe username", "x") == "probe"
    assert vault.resolve(references.probe_password, "probe password", "x") == "probe-secret-1"
    assert {"probe-secret-1", "probe-secret-2"} <= set(vault.known())
    assert "probe" not in vault.known()


def test_a_failing_command_does_not_reveal_what_it_printed() -> None:
    with pytest.raises(InputError) as caught:
        Vault().resolve("command:sh -c 'echo sesame-open; exit 3'", "password", "x")
    assert "sesame" not in str(caught.value)
    assert "sesame" not in repr(caught.value.__cause__)


def test_a_one_time_password_is_never_given_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "_NEXT_CODE_TICK", 0.01)
    # The generator gives each code three times, as one does that is asked within its half minute.
    (tmp_path / "codes").write_text("".join(f"{code}\n" * 3 for code in (111, 222, 333)))
    (tmp_path / "next.sh").write_text(f"head -n 1 {tmp_path}/codes\nsed -i 1d {tmp_path}/codes\n")
    vault = Vault()
    reference = f"otp:command:sh {tmp_path}/next.sh"
    given = [vault.resolve(reference, "password", "x") for _ in range(3)]
    assert given == ["111", "222", "333"]
    assert set(given) <= set(vault.known())
    monkeypatch.setattr(credentials, "_NEXT_CODE_WAIT", 0.05)
    fixed = "otp:command:echo 444555"
    assert vault.resolve(fixed, "password", "x") == "444555"
    with pytest.raises(InputError, match="used before") as caught:
        vault.resolve(fixed, "password", "x")
    assert "444555" not in str(caught.value)


@pytest.mark.parametrize(
    "reference", ("otp:env:X", "otp:", "otp:command:", "prompt:x", "otp:prompt:x")
)
def test_what_gives_no_fresh_value_is_no_one_time_password(reference: str) -> None:
    with pytest.raises(InputError):
        Credentials.from_data({"password": reference})


def test_one_question_does_not_hold_up_another_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    vault = Vault()
    monkeypatch.setenv("LAB_PW", "at-once")
    asked, answered = threading.Event(), threading.Event()

    def ask(_role: str, _where: str) -> str:
        asked.set()
        answered.wait(10)
        return "typed"

    monkeypatch.setattr(credentials, "_ask", ask)
    slow = threading.Thread(target=vault.resolve, args=("prompt", "password", "x"))
    slow.start()
    assert asked.wait(10)
    assert vault.resolve("env:LAB_PW", "password", "y") == "at-once"
    answered.set()
    slow.join()


def test_a_turn_that_is_given_up_lets_the_next_one_in() -> None:
    gate = LoginGate()
    first, second, third = (gate.turn("pw", f"vpn-{number}") for number in range(3))
    assert first.come.done()
    assert not second.come.done()
    second.close()
    first.close()
    assert third.come.done()
    third.proven()
    assert gate.turn("pw", "vpn-4").come.done()


def test_two_hang_ups_with_the_password_in_hand_count_as_a_refusal() -> None:
    gate = LoginGate()
    for number in range(2):
        turn = gate.turn("pw", f"vpn-{number}")
        turn.check("svc")
        turn.unclear()
    with pytest.raises(LoginRefused, match="vpn-1"):
        gate.turn("pw", "vpn-2").check("svc")


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
