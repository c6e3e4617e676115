"""What a plan says has to come out again at its headend; who is connected may differ."""

from dataclasses import replace
from typing import Any

import pytest

from change.requests import PARAMETERS, place, request, token_name
from headend.change import plan as plans
from headend.errors import InputError, Refused
from headend.model.change import Plan
from headend.policy.exposure import People, Session
from headend.workflow.planning import Place, planned_change
from headend.workflow.rederiving import require_unforged
from policy.configurations import lab

NOBODY = Place("vpn-1", lab())


def plan_for(kind: str, here: Place, **parameters: str) -> Plan:
    return planned_change(request(kind, **parameters), [here], token_name)


def with_target(plan: Plan, **changed: Any) -> Plan:
    return plans.sealed(replace(plan, targets=(replace(plan.targets[0], **changed),)))


def require(plan: Plan, now: Place) -> None:
    require_unforged(plan, plan.targets[0], now, token_name)


@pytest.mark.parametrize("kind", PARAMETERS)
def test_what_was_planned_comes_out_again_though_people_come_and_go(kind: str) -> None:
    require(plan_for(kind, place()), NOBODY)
    require(plan_for(kind, place()), place())


def test_somebody_new_who_meets_what_others_were_told_to_meet_is_no_surprise() -> None:
    plan = plan_for("move-server-group", NOBODY)
    require(plan, Place("vpn-1", lab(), People((Session("new", "CORP", "GP-STAFF"),))))


def test_somebody_connected_who_meets_what_was_told_of_nobody_stops_it() -> None:
    extra = lab("group-policy GP-RARE internal\ngroup-policy GP-RARE attributes\n")
    plan = plan_for("simultaneous-logins", Place("vpn-1", extra), group_policy="GP-RARE")
    assert not plan.targets[0].radius.others
    rare = People((Session("rare", "STAFF", "GP-RARE"),))
    with pytest.raises(Refused, match="session of rare through STAFF"):
        require(plan, Place("vpn-1", extra, rare))


def test_fewer_sessions_than_it_names_are_not_believed() -> None:
    plan = plan_for("simultaneous-logins", place())
    radius = plan.targets[0].radius
    assert radius.sessions
    fewer = with_target(plan, radius=replace(radius, sessions=0))
    with pytest.raises(Refused, match="whom it reaches"):
        require(fewer, place())


def test_what_differs_between_headends_is_told_of_each() -> None:
    other = lab("tunnel-group CORP general-attributes\n authentication-server-group AD-LOOKUP\n")
    asked = request("move-server-group")
    both = [place(), Place("vpn-2", other)]
    plan = planned_change(asked, both, token_name)
    assert plan.title == ("Let CORP ask AD instead of RSA; Let CORP ask AD instead of AD-LOOKUP")
    for target, here in zip(plan.targets, both, strict=True):
        require_unforged(plan, target, here, token_name)
    assert plans.read(plans.written(plan), "plan.json") == plan


@pytest.mark.parametrize(
    ("kind", "changed"),
    (
        ("certificate-for-user", {"expires": None}),
        ("certificate-for-user", {"removes_factor": False}),
        ("unlock-local-user", {"irreversible": False}),
        ("server-timeout", {"targets": ()}),
    ),
)
def test_a_plan_that_denies_what_its_kind_is_is_no_plan(kind: str, changed: dict[str, Any]) -> None:
    worse = plans.sealed(replace(plan_for(kind, place()), **changed))
    with pytest.raises(InputError, match="is not a plan"):
        plans.read(plans.written(worse), "plan.json")


def test_what_stands_in_front_of_a_plan_is_what_it_says_of_its_headends() -> None:
    plan = plan_for("server-timeout", place())
    text = plans.written(plan).replace(b'"title": "Wait', b'"title": "Do not wait', 1)
    with pytest.raises((InputError, Refused)):
        plans.read(text, "plan.json")
