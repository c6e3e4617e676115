"""``headend account`` against a real OpenLDAP server that has an Active Directory's attributes."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from live.drive import Cli
from live.slapd import BASE, BIND, GROUP, PASSWORD, Slapd, installed

pytestmark = [
    pytest.mark.skipif(not installed(), reason="slapd is not installed"),
    pytest.mark.skipif(
        importlib.util.find_spec("ldap") is None, reason="python-ldap is not installed"
    ),
]

_PEOPLE = (
    ("jdoe", "userAccountControl: 512\npwdLastSet: 133900000000000000\nmemberOf: " + GROUP),
    ("f.silva", "userAccountControl: 514\npwdLastSet: 133900000000000000"),
    ("m.rossi", "userAccountControl: 512\nlockoutTime: 134000000000000000\nbadPwdCount: 5"),
    ("n.kumar", "userAccountControl: 512\npwdLastSet: 0"),
    ("e.haas", "userAccountControl: 512\naccountExpires: 133000000000000000"),
    ("m\\29\\28x", "userAccountControl: 512"),
)


def _entries() -> str:
    people = "".join(
        f"dn: CN={name},{BASE}\nobjectClass: user\ncn: {name}\nsn: x\nsAMAccountName: {name}\n"
        f"userPrincipalName: {name}@corp.example\n{attributes}\n\n"
        for name, attributes in _PEOPLE
        if "\\" not in name
    )
    return (
        f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\nobjectClass: domainDNS\n"
        f"dc: corp\no: corp\n\n{people}"
    )


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    with Slapd(tmp_path_factory.mktemp("slapd"), _entries()) as server:
        yield server


@pytest.fixture
def cli(slapd: Slapd, tmp_path: Path) -> Cli:
    made = Cli({"HEADEND_DIRECTORY_PASSWORD": PASSWORD}, tmp_path)
    configure(made, slapd, f"ldaps://127.0.0.1:{slapd.tls}")
    return made


def configure(cli: Cli, slapd: Slapd, url: str, more: str = "") -> None:
    inventory = cli.folder / "inventory"
    inventory.mkdir(exist_ok=True)
    (inventory / "directory.yaml").write_text(
        f"url: {url}\nbase: {BASE}\nbind_dn: {BIND}\nca_file: {slapd.authority}\n"
        f"groups: ['{GROUP}']\n{more}"
    )
    cli.environment["HEADEND_INVENTORY"] = str(inventory)


@pytest.mark.parametrize(
    ("user", "cause"),
    (
        ("jdoe", None),
        ("CORP\\jdoe", None),
        ("JDOE@corp.example", None),
        ("f.silva", "account-disabled"),
        ("m.rossi", "account-locked"),
        ("n.kumar", "password-must-change"),
        ("e.haas", "account-expired"),
    ),
)
def test_an_account_is_told_in_the_words_of_the_causes(
    cli: Cli, user: str, cause: str | None
) -> None:
    done = cli.run("account", user, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["account"]
    assert [one["cause"] for one in found["troubles"]] == ([cause] if cause else [])
    assert found["member_of"] == [[GROUP, "jdoe" in user.lower()]]


def test_it_reads_as_a_sentence(cli: Cli) -> None:
    text = cli.run("account", "f.silva").stdout
    assert "The account is disabled (account-disabled, by userAccountControl)" in text
    assert "VPN-Users" in text
    assert "NOT a member" in text


@pytest.mark.parametrize("user", ("nobody", "*", "jdoe)(cn=*", "a\x00b", "(", "\u202ejdoe"))
def test_who_is_not_there_is_status_10_whatever_the_name(cli: Cli, user: str) -> None:
    done = cli.run("account", user.replace("\x00", "%00"))
    assert done.returncode == 10, done.stderr
    assert "no such account" in done.stdout
    assert "\u202e" not in done.stdout


def test_the_password_never_travels_in_clear(cli: Cli, slapd: Slapd) -> None:
    configure(cli, slapd, f"ldap://127.0.0.1:{slapd.plain}", "start_tls: false\n")
    done = cli.run("account", "jdoe")
    assert done.returncode == 2
    assert "in clear" in done.stderr
    configure(cli, slapd, f"ldap://127.0.0.1:{slapd.plain}")  # StartTLS unless told otherwise
    assert cli.run("account", "jdoe").returncode == 0


def test_a_server_that_cannot_prove_itself_is_not_asked(cli: Cli, slapd: Slapd) -> None:
    configure(cli, slapd, f"ldaps://127.0.0.2:{slapd.tls}")  # its certificate says 127.0.0.1
    done = cli.run("account", "jdoe")
    assert done.returncode == 13
    assert "could not be asked" in done.stderr


def test_a_refused_bind_is_one_try(cli: Cli) -> None:
    done = cli.run("account", "jdoe", HEADEND_DIRECTORY_PASSWORD="Wrong-one-1")
    assert done.returncode == 13
    assert "not tried again" in done.stderr
    assert "Wrong-one-1" not in done.stdout + done.stderr


def test_without_a_password_nobody_is_asked(cli: Cli) -> None:
    cli.environment.pop("HEADEND_DIRECTORY_PASSWORD")
    assert cli.run("account", "jdoe").returncode == 2
