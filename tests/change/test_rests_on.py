"""On what a plan rests: what it would take from elsewhere, and what it would take away."""

import pytest

from change.requests import place, request, token_name
from headend.errors import Refused
from headend.model.change import Plan
from headend.policy.configuration import Configuration
from headend.policy.typed import typed
from headend.workflow.planning import planned_change
from headend.workflow.standing import moved
from policy.configurations import lab

PER_INTERFACE = """\
tunnel-group TWO type remote-access
tunnel-group TWO general-attributes
 authentication-server-group (outside) RSA
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
    assert " authentication-server-group (outside) RSA\n" in then.text()
    assert " authentication-server-group AD\n" in then.text()
    assert typed(then, [line.text for line in target.inverse]).text() == here.text()


def test_a_directory_group_that_is_mapped_elsewhere_is_not_taken_over() -> None:
    name = "CN=VPN Guests,OU=Groups,DC=corp,DC=example"
    lines = ["ldap attribute-map AD-MAP", f'  map-value memberOf "{name}" GP-OTHER']
    with pytest.raises(Refused, match="does not hold"):
        plan_on(typed(lab(), lines), "ldap-map-value")
