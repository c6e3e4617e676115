"""On what a plan rests: what it would take from elsewhere, and what it would take away."""

import pytest

from change.requests import place, request, token_name
from headend.errors import InputError, Refused
from headend.model.change import Plan
from headend.policy.configuration import Configuration
from headend.policy.typed import typed
from headend.workflow.planning import planned_change
from headend.workflow.standing import moved
from policy.configurations import lab

PER_INTERFACE = """\
tunnel-group TWO type remote-access
tunnel-group TWO general-attributes
 authentication-server-group (dmz) RSA
 authentication-server-group RSA LOCAL
"""


def plan_on(here: Configuration, kind: str, **parameters: str) -> Plan:
    return planned_change(request(kind, **parameters), [place(here)], token_name)


@pytest.mark.parametrize(
    ("kind", "edit"),
    (
        (
            "move-server-group",
            [
                "tunnel-group DefaultWEBVPNGroup general-attributes",
                " authentication-server-group X",
            ],
        ),
        (
            "certificate-for-user",
            ["tunnel-group DefaultWEBVPNGroup general-attributes", " address-pool OTHER"],
        ),
        ("certificate-for-user", ["group-policy DfltGrpPolicy attributes", " vpn-filter value X"]),
        ("certificate-for-user", ["crypto ca trustpoint SECOND", " revocation-check none"]),
        ("simultaneous-logins", ["group-policy DfltGrpPolicy attributes", " group-lock value X"]),
    ),
)
def test_what_is_inherited_belongs_to_the_state_that_was_approved(
    kind: str, edit: list[str]
) -> None:
    here = lab()
    target = plan_on(here, kind).targets[0]
    assert not moved(target, here)
    assert edit[-1] in moved(target, typed(here, edit))


def test_the_server_group_of_an_interface_is_another_line_and_stays() -> None:
    here = Configuration.parse(lab().text() + PER_INTERFACE)
    target = plan_on(here, "move-server-group", tunnel_group="TWO", server_group="AD").targets[0]
    assert target.inverse[-1].text.strip() == "authentication-server-group RSA LOCAL"
    then = typed(here, [line.text for line in target.lines])
    assert " authentication-server-group (dmz) RSA\n" in then.text()
    assert " authentication-server-group AD\n" in then.text()
    assert typed(then, [line.text for line in target.inverse]).text() == here.text()


def test_a_line_that_counts_at_an_interface_alone_is_told_or_stops_the_move() -> None:
    text = lab().text() + PER_INTERFACE
    both = Configuration.parse(text.replace(" enable outside\n", " enable outside\n enable dmz\n"))
    plan = plan_on(both, "move-server-group", tunnel_group="TWO", server_group="AD")
    assert any("Logins at dmz (RSA) are judged by a line of their own" in one for one in plan.risks)
    touched = {one.who for one in plan.targets[0].radius.others}
    assert "anybody through TWO at outside" in touched
    assert "anybody through TWO at dmz" not in touched
    only = Configuration.parse(text.replace("(dmz)", "(outside)"))
    with pytest.raises(InputError, match="it would reach nobody"):
        plan_on(only, "move-server-group", tunnel_group="TWO", server_group="AD")


def test_a_directory_group_that_is_mapped_elsewhere_is_not_taken_over() -> None:
    name = "CN=VPN Guests,OU=Groups,DC=corp,DC=example"
    lines = ["ldap attribute-map AD-MAP", f'  map-value memberOf "{name}" GP-OTHER']
    with pytest.raises(Refused, match="does not hold"):
        plan_on(typed(lab(), lines), "ldap-map-value")
