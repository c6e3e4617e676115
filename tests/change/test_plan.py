"""A plan: no more than is needed, its exact inverse, whom it reaches, one digest over all."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from change.requests import PARAMETERS, place, request, token_name
from headend.change import plan as plans
from headend.change.catalogue import CATALOGUE
from headend.change.fit import planned
from headend.errors import CommandRefused, InputError, Refused
from headend.incident.review import effects, html_review, markdown_review, reach
from headend.model.change import LineClass, Plan
from headend.model.policy import Point
from headend.paths import TEMPLATES
from headend.policy.typed import typed
from headend.workflow.planning import planned_change
from policy.configurations import lab

EVERY = pytest.mark.parametrize("kind", PARAMETERS)


def plan_for(kind: str, extra: str = "", **parameters: str) -> Plan:
    return planned_change(request(kind, **parameters), [place(lab(extra))], token_name)


def test_every_kind_has_a_template_and_is_planned_here() -> None:
    templates = {path.stem for path in (TEMPLATES / "changes").glob("*.j2")} - {"exception"}
    assert templates == set(CATALOGUE) == set(PARAMETERS)


@EVERY
def test_typing_a_plan_and_its_inverse_ends_where_it_began(kind: str) -> None:
    target = plan_for(kind).targets[0]
    here = lab()
    then = typed(here, [line.text for line in target.lines])
    assert (then.text() != here.text()) is (not CATALOGUE[kind].acts)
    assert typed(then, [line.text for line in target.inverse]).text() == here.text()


@EVERY
def test_the_same_request_gives_the_same_bytes(kind: str) -> None:
    one, other = plan_for(kind), plan_for(kind)
    assert plans.written(one) == plans.written(other)
    assert markdown_review(one) == markdown_review(other)
    assert html_review(one) == html_review(other)
    assert plans.read(plans.written(one), "plan.json") == one


@EVERY
def test_a_plan_says_what_could_go_wrong_and_what_needs_no_change(kind: str) -> None:
    plan = plan_for(kind)
    assert plan.risks
    assert plan.instead
    assert plan.irreversible is CATALOGUE[kind].acts


def test_an_edited_plan_is_refused() -> None:
    document = json.loads(plans.written(plan_for("simultaneous-logins")))
    document["targets"][0]["lines"][1]["text"] = " vpn-simultaneous-logins 99"
    with pytest.raises(Refused, match="digest"):
        plans.read(json.dumps(document).encode(), "plan.json")


@given(
    st.binary(max_size=300) | st.recursive(st.none() | st.text(), st.lists).map(str).map(str.encode)
)
def test_what_is_no_plan_is_an_input_error(data: bytes) -> None:
    with pytest.raises(InputError):
        plans.read(data, "plan.json")


def test_what_is_true_already_is_not_planned() -> None:
    with pytest.raises(Refused, match="true already"):
        plan_for("simultaneous-logins", logins="3")


def test_an_object_of_that_name_is_never_edited() -> None:
    with pytest.raises(Refused, match="absent tunnel-group TG-EXC-0042"):
        plan_for("certificate-for-user", "tunnel-group TG-EXC-0042 type remote-access\n")


def test_an_exception_needs_an_end() -> None:
    asked = request("certificate-for-user")
    endless = type(asked)(asked.kind, asked.parameters, asked.author)
    with pytest.raises(InputError, match="needs an end"):
        planned_change(endless, [place()], token_name)


def test_an_exception_lets_in_the_one_it_is_for_and_nobody_else() -> None:
    radius = plan_for("certificate-for-user").targets[0].radius
    meant = {one.point: one.after for one in radius.meant}
    assert meant[Point.TUNNEL_GROUP] == "TG-EXC-0042"
    assert meant[Point.TOKEN] == "not asked"
    assert {one.point for one in radius.others} == {Point.ASKED_FOR_CERTIFICATE}
    assert radius.compared > 15


def test_the_second_map_asks_nobody_anew() -> None:
    extra = """\
crypto ca certificate map OLD 10
 subject-name attr cn eq somebody
webvpn
 certificate-group-map OLD 10 CERT
"""
    plan = plan_for("certificate-for-user", extra)
    assert plan.targets[0].radius.others == ()
    assert not any("EVERY user" in risk for risk in plan.risks)


@pytest.mark.parametrize(
    ("kind", "reached"),
    (("move-server-group", "CORP"), ("simultaneous-logins", "asmith"), ("server-timeout", "CORP")),
)
def test_a_change_that_touches_many_says_whom(kind: str, reached: str) -> None:
    target = plan_for(kind).targets[0]
    assert any(reached in one.who for one in target.radius.others)
    assert "other ways to log in meet something new" in reach(target)


def test_whoever_is_moved_off_a_token_loses_a_factor() -> None:
    assert plan_for("move-server-group").removes_factor
    assert not plan_for("move-server-group", server_group="DEADRAD").removes_factor
    assert not plan_for("server-timeout").removes_factor


def test_a_look_up_that_would_hand_out_another_policy_is_refused() -> None:
    with pytest.raises(InputError, match="attribute map"):
        plan_for("certificate-for-user", lookup="AD")
    with pytest.raises(InputError, match="dNSHostName"):
        plan_for("certificate-for-device", lookup="AD-LOOKUP")
    with pytest.raises(InputError, match="lock accounts"):
        plan_for("certificate-for-user", lookup="RSA")


@pytest.mark.parametrize(
    "line",
    (
        "clear configure tunnel-group",
        "clear configure all",
        "clear configure",
        "reload",
        "write erase",
        " description help?",
        "banner motd one\nreload",
        "x" * 300,
        "copy running-config tftp:",
        "vpn-sessiondb logoff all noconfirm",
        "clear aaa local user lockout all",
    ),
)
def test_a_line_that_no_change_may_type_is_refused(line: str) -> None:
    with pytest.raises(CommandRefused):
        planned(line)


HOSTILE = (
    "a\nreload",
    "a\r",
    "a!b",
    "a?",
    'a"b',
    "a'b",
    "\x1b[2J",
    "x" * 10_000,
    "jd\u043ee",
    "a;b",
    "",
    " ",
    "a|b",
    "\u202ea",
    "a`b",
    "$(x)",
)


@EVERY
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_no_parameter_carries_anything_onto_a_headend(kind: str, value: str) -> None:
    for name in PARAMETERS[kind]:
        with pytest.raises(InputError) as refused:
            plan_for(kind, **{name: value})
        assert name in refused.value.message or "no " in refused.value.message
        assert "\x1b" not in refused.value.message
        assert len(refused.value.message) < 400


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted(PARAMETERS)), st.text(max_size=60))
def test_whatever_is_given_each_planned_line_is_one_plain_line(kind: str, value: str) -> None:
    for name in PARAMETERS[kind]:
        try:
            plan = plan_for(kind, **{name: value})
        except (InputError, Refused):
            continue
        for line in (*plan.targets[0].lines, *plan.targets[0].inverse):
            assert line.text.isascii()
            assert line.text.isprintable()
            assert planned(line.text).line_class in LineClass


def test_many_who_meet_the_same_are_told_together() -> None:
    told = effects(plan_for("certificate-for-user").targets[0].radius.others)
    assert len(told) == 2  # not asked, and asked by the tunnel group
    assert "and " in told[0].named
