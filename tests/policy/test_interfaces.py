"""A server group named for an interface counts for the logins that come in there."""

import pytest

from headend.model.policy import Answer, Caller, Known, Point
from headend.policy.configuration import Configuration
from headend.policy.resolve import resolve
from policy.configurations import lab_text

OWN = """\
aaa-server TOKENS protocol sdi
aaa-server TOKENS (inside) host 10.9.0.9
tunnel-group TWO type remote-access
tunnel-group TWO general-attributes
 authentication-server-group AD
 authentication-server-group (outside) TOKENS
"""
TWO_DOORS = (" enable outside\n", " enable outside\n enable dmz\n")


def answer(text: str, point: Point, interface: str | None = None) -> Answer:
    caller = Caller("jdoe", "TWO", interface=interface)
    return resolve(Configuration.parse(text), caller).by_point[point]


@pytest.mark.parametrize("backwards", (False, True))
def test_the_line_for_the_only_interface_decides_whichever_stands_first(*, backwards: bool) -> None:
    text = lab_text() + OWN
    if backwards:
        lines = OWN.splitlines(keepends=True)
        text = lab_text() + "".join([*lines[:-2], lines[-1], lines[-2]])
    found = answer(text, Point.PRIMARY)
    assert found.value == "TOKENS (sdi: 10.9.0.9)"
    assert found.known is Known.YES
    assert "authentication-server-group (outside) TOKENS" in str(found.lines[0])
    assert "for logins at outside" in found.note
    assert answer(text, Point.TOKEN).value == "required"


def test_a_line_for_an_interface_that_takes_no_logins_decides_nothing() -> None:
    found = answer(lab_text() + OWN.replace("(outside)", "(dmz)"), Point.PRIMARY)
    assert found.value.startswith("AD (")
    assert found.note.startswith("waits") or not found.note
    assert found.known is Known.YES


def test_where_a_login_may_come_in_at_two_interfaces_the_other_one_is_told() -> None:
    text = (lab_text() + OWN).replace(*TWO_DOORS)
    found = answer(text, Point.PRIMARY)
    assert found.value == "TOKENS (sdi: 10.9.0.9)"
    assert found.known is Known.PARTLY
    assert "at dmz authentication-server-group AD" in found.note
    assert any("server-group AD" in str(line) for line in found.lines)
    token = answer(text, Point.TOKEN)
    assert (token.value, token.known) == ("required", Known.PARTLY)
    assert "at dmz not asked" in token.note


def test_with_the_interface_it_is_known_again() -> None:
    text = (lab_text() + OWN).replace(*TWO_DOORS)
    assert answer(text, Point.TOKEN, "outside").value == "required"
    found = answer(text, Point.TOKEN, "dmz")
    assert (found.value, found.known) == ("not asked", Known.YES)


def test_where_nothing_of_its_own_counts_it_is_inherited() -> None:
    text = lab_text() + OWN.replace(" authentication-server-group AD\n", "").replace(
        "(outside)", "(dmz)"
    )
    default = (
        "tunnel-group DefaultWEBVPNGroup general-attributes\n authentication-server-group RSA\n"
    )
    found = answer(text + default, Point.PRIMARY)
    assert found.value.startswith("RSA (")
    assert "inherited from DefaultWEBVPNGroup" in found.note
    assert answer(text, Point.PRIMARY).value == "local users of the headend"


def test_where_no_line_tells_who_takes_logins_nothing_is_made_up() -> None:
    text = (lab_text() + OWN).replace(" enable outside\n", "")
    found = answer(text, Point.PRIMARY)
    assert found.known is Known.PARTLY
    assert "at any other interface authentication-server-group AD" in found.note
