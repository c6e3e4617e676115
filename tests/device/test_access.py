"""What the inventory may say of the way to a headend."""

from pathlib import Path
from typing import Any

import pytest

from headend.device import jump
from headend.device.access import Access, Hop
from headend.errors import InputError


@pytest.mark.parametrize(
    ("text", "hop"),
    (
        ("bastion", Hop("bastion")),
        ("ops@bastion:2222", Hop("bastion", 2222, "ops")),
        ("a@b@bastion", Hop("bastion", 0, "a@b")),
        ("[2001:db8::1]:2222", Hop("2001:db8::1", 2222)),
        ("2001:db8::1", Hop("2001:db8::1")),
    ),
)
def test_a_jump_host_is_read(text: str, hop: Hop) -> None:
    assert Hop.from_text(text) == hop


@pytest.mark.parametrize("text", ("ops@", "bastion:", "bastion:http", "bastion:70000", ":22"))
def test_what_is_no_jump_host_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="jump host"):
        Hop.from_text(text)


@pytest.mark.parametrize("jumps", ("a, ops@b:2222", ["a", "ops@b:2222"]))
def test_a_chain_keeps_its_order_and_gets_its_ports(jumps: object) -> None:
    access = Access.from_data({"jump": jumps})
    _, hops, _ = jump.way("vpn-1", None, access)
    assert hops == (Hop("a", 22), Hop("b", 2222, "ops"))


@pytest.mark.parametrize(
    "extras",
    (
        {"jumps": "x"},
        {"legacy_algorithms": "yes"},
        {"legacy_algorithms": ["rot13"]},
        {"credentials": {"password": "hunter2-secret"}},
        {"credentials": {"key": "-----BEGIN OPENSSH PRIVATE KEY-----\nx"}},
        {"jump_credentials": {"password": "otp:env:X"}},
    ),
)
def test_what_nobody_would_read_is_refused_and_no_value_repeated(extras: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        Access.from_data(extras)
    assert "hunter2" not in str(caught.value)
    assert "PRIVATE" not in str(caught.value)


def test_the_headends_password_is_never_for_its_jump_host() -> None:
    access = Access.from_data({"credentials": {"password": "env:PW", "enable": "env:EN"}})
    assert access.credentials_of_jumps().password == ""
    assert access.credentials_of_jumps().key == "agent"


def test_an_ssh_config_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    access = Access.from_data({"ssh_config": str(tmp_path / "nowhere")})
    with pytest.raises(InputError, match="nowhere"):
        jump.way("vpn-1", None, access)
