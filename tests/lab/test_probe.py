"""``test aaa-server`` on the lab's headends: its questions, its effects and its replies."""

from headend.lab import Headend, Lab
from lab.client import PROMPT, Client

TEST = "test aaa-server authentication"
SILENT = "ERROR: Authentication Server not responding: AAA Server has been removed"
REJECTED = "ERROR: Authentication Rejected: AAA failure"
ACCEPTED = "INFO: Authentication Successful"


def asked(client: Client, command: str, **answers: str) -> list[str]:
    """Answer each question when it stands there, and return the reply."""
    client.type(f"{command}\r")
    for question, answer in answers.items():
        client.until(f"{question.replace('_', ' ')}: $")
        client.type(f"{answer}\r")
    return client.until().split("\r\n")[:-1]


def test_everything_may_stand_on_one_line(headend: Headend) -> None:
    command = f"{TEST} AD host 10.20.2.10 username {{}} password {{}}"
    with Client(headend).enable() as client:
        assert client.run(command.format("asmith", "Copper-Kettle-3"))[-1] == ACCEPTED
        first, second = client.run(command.format("asmith", "x"))
        assert first.endswith("<10.20.2.10> (timeout: 12 seconds)")
        assert second == REJECTED


def test_what_is_missing_is_asked_for_and_the_password_stays_hidden(headend: Headend) -> None:
    with Client(headend).enable() as client:
        echo, _, last = asked(
            client,
            f"{TEST} AD",
            Server_IP_Address_or_name="10.20.2.10",
            Username="asmith",
            Password="Copper-Kettle-3",
        )
        assert (echo, last) == ("*" * len("Copper-Kettle-3"), ACCEPTED)
        short = f"{TEST} AD host 10.20.2.10 username asmith"
        assert asked(client, short, Password="x")[-1] == REJECTED
    assert not any("Copper" in line for _, _, line in headend.received)


def test_a_wrong_group_or_host_is_refused_before_anything_is_asked(headend: Headend) -> None:
    with Client(headend).enable() as client:
        assert client.run(f"{TEST} NONE host 10.20.2.10") == [
            "ERROR: aaa-server group NONE does not exist"
        ]
        assert client.run(f"{TEST} AD host 10.20.2.99") == [
            "ERROR: aaa-server group AD has no host 10.20.2.99"
        ]


def test_wrong_passwords_are_counted_and_lock_the_account(lab: Lab, headend: Headend) -> None:
    command = f"{TEST} AD host 10.20.2.10 username asmith"
    with Client(headend).enable() as client:
        for _ in range(5):
            assert asked(client, command, Password="x")[-1] == REJECTED
        assert headend.wrong_passwords("asmith") == 5
        assert asked(client, command, Password="Copper-Kettle-3")[-1] == REJECTED
        assert "Number of rejects                 6" in client.run("show aaa-server AD")
    assert not lab.attempt("asmith", group="STAFF").accepted


def test_a_challenge_is_no_reject(headend: Headend) -> None:
    with Client(headend).enable() as client:
        command = f"{TEST} RSA host 10.20.1.5 username jdoe"
        reply = asked(client, command, Password="Autumn-Leaf-7")[-1]
        assert reply == "ERROR: Authentication Challenged: No error"
        assert "Number of challenges              1" in client.run("show aaa-server RSA")


def test_the_first_test_after_a_repair_still_fails(headend: Headend) -> None:
    command = f"{TEST} AD host 10.20.2.10 username asmith"

    def tried(client: Client) -> str:
        return asked(client, command, Password="Copper-Kettle-3")[-1]

    with Client(headend).enable() as client:
        headend.cut("10.20.2.10")
        assert [tried(client) for _ in range(3)] == [SILENT] * 3
        assert "FAILED, Server disabled at" in "".join(client.run("show aaa-server AD"))
        headend.mend("10.20.2.10")
        assert [tried(client) for _ in range(2)] == [SILENT, ACCEPTED]
        assert "ACTIVE, Last transaction at" in "".join(client.run("show aaa-server AD"))


def test_a_bind_account_that_was_deleted_reads_like_a_dead_path(headend: Headend) -> None:
    with Client(headend).enable() as client:
        client.run("configure terminal")
        client.run("aaa-server AD (inside) host 10.20.2.10")
        client.run("ldap-login-password gone")
        client.type("end\r")
        client.until(PROMPT)
        command = f"{TEST} AD host 10.20.2.10 username asmith"
        assert asked(client, command, Password="Copper-Kettle-3")[-1] == SILENT
