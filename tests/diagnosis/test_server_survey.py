"""Rows about AAA servers in, groups, dependants and remarks out."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from headend.diagnosis.server_groups import COMMANDS, Replies
from headend.diagnosis.server_survey import survey
from headend.model.servers import Gravity, Survey

SERVERS = """\
Server Group:    RSA
Server Protocol: radius
Server Address:  10.1.1.5
Server port:     1812
Server status:   {status}
Number of pending requests        0
Average round trip time           {trip}ms
Number of authentication requests {requests}
Number of authorization requests  0
Number of accounting requests     {accounting}
Number of retransmissions         0
Number of accepts                 {accepts}
Number of rejects                 0
Number of challenges              0
Number of malformed responses     0
Number of bad authenticators      {forged}
Number of timeouts                {timeouts}
Number of unrecognized responses  0
"""
USUAL = {
    "status": "ACTIVE, Last transaction at 12:00:00 CET Wed Nov 25 2026",
    "trip": 4,
    "requests": 100,
    "accounting": 0,
    "accepts": 90,
    "forged": 0,
    "timeouts": 1,
}
SETTINGS = """\
aaa-server RSA protocol radius
aaa-server RSA (inside) host 10.1.1.5
 timeout 5
 key *****
"""
TUNNEL_GROUPS = """\
tunnel-group CORP type remote-access
tunnel-group CORP general-attributes
 authentication-server-group (outside) RSA LOCAL
"""
CLOCK = "12:14:00.123 CET Wed Nov 25 2026"


def seen(
    settings: str = SETTINGS,
    tunnel_groups: str = TUNNEL_GROUPS,
    administration: str = "",
    clock: str = CLOCK,
    servers: str | None = None,
    **values: Any,
) -> Survey:
    text = SERVERS.format(**(USUAL | values)) if servers is None else servers
    return survey(Replies(text, settings, tunnel_groups, administration, clock, "Failover Off"))


def said(found: Survey, gravity: Gravity) -> list[str]:
    return [remark.reason for remark in found.remarks if remark.gravity is gravity]


def uses(found: Survey, group: str) -> list[tuple[str, str, str | None]]:
    server_group = found.group(group)
    assert server_group is not None
    assert server_group.uses is not None
    return [(use.by, use.role.value, use.inherited_from) for use in server_group.uses]


def test_a_healthy_server_raises_no_alarm() -> None:
    found = seen()
    assert not said(found, Gravity.FAULT)
    assert not said(found, Gravity.WARNING)
    assert uses(found, "RSA") == [("CORP", "primary", None)]
    (note,) = said(found, Gravity.NOTE)
    assert note.startswith("Group RSA has one server: when it is silent, ")
    assert note.endswith("logins of tunnel group CORP fall back to the local users")


@pytest.mark.parametrize(
    ("values", "gravity", "words"),
    (
        (
            {"status": "FAILED, Server disabled at 12:00:00 CET Wed Nov 25 2026"},
            Gravity.FAULT,
            "is FAILED since 12:00:00 CET Wed Nov 25 2026 (14 min ago)",
        ),
        ({"forged": 3, "accepts": 0}, Gravity.FAULT, "3 answers with a bad authenticator"),
        ({"forged": 1}, Gravity.WARNING, "1 answer with a bad authenticator"),
        ({"accepts": 0, "timeouts": 7}, Gravity.FAULT, "never answered: 100 requests"),
        ({"timeouts": 10}, Gravity.WARNING, "10 time-outs for 100 requests"),
        ({"trip": 2500}, Gravity.WARNING, "takes 2.5 s on average, near the time-out of 5 s"),
    ),
)
def test_what_stands_out(values: dict[str, Any], gravity: Gravity, words: str) -> None:
    (reason,) = said(seen(**values), gravity)
    assert words in reason
    assert all(remark.remedy for remark in seen(**values).remarks)


@pytest.mark.parametrize(
    "values",
    (
        {"timeouts": 9},
        {"requests": 4, "accepts": 1, "timeouts": 3},
        {"trip": 2499},
        # Answers to accounting requests are counted nowhere: silence cannot be told.
        {"requests": 0, "accounting": 500, "accepts": 0, "timeouts": 2},
    ),
)
def test_what_does_not(values: dict[str, Any]) -> None:
    found = seen(**values)
    assert not said(found, Gravity.FAULT)
    assert not said(found, Gravity.WARNING)


def test_another_zone_gives_no_age() -> None:
    failed = "FAILED, Server disabled at 12:00:00 CET Wed Nov 25 2026"
    (reason,) = said(seen(status=failed, clock="12:14:00 CEST Wed Nov 25 2026"), Gravity.FAULT)
    assert "ago" not in reason


def test_a_server_that_another_stands_in_for_is_a_warning() -> None:
    failed = SERVERS.format(**(USUAL | {"status": "FAILED, Server disabled at 12:00:00"}))
    other = SERVERS.format(**USUAL).partition("\n")[2].partition("\n")[2].replace("1.5", "1.6")
    found = seen(
        settings=f"{SETTINGS}aaa-server RSA (inside) host 10.1.1.6\n", servers=failed + other
    )
    (reason,) = said(found, Gravity.WARNING)
    assert reason.endswith("the headend asks 10.1.1.6 instead")
    assert not said(found, Gravity.NOTE)


@pytest.mark.parametrize(
    ("mode", "words"),
    (
        (" reactivation-mode timed\n", "30 s after it failed (timed)"),
        (" reactivation-mode depletion deadtime 30\n", "30 min after all servers"),
        ("", "10 min after all servers"),
    ),
)
def test_the_remedy_knows_when_the_server_is_asked_again(mode: str, words: str) -> None:
    settings = SETTINGS.replace("radius\n", f"radius\n{mode}", 1)
    found = seen(settings=settings, status="FAILED, Server disabled at 12:00:00")
    assert words in found.remarks[0].remedy


def test_the_only_server_is_asked_all_the_same() -> None:
    alone = TUNNEL_GROUPS.replace(" LOCAL", "")
    found = seen(tunnel_groups=alone, status="FAILED, Server disabled at 12:00:00")
    assert "asked at each login all the same" in found.remarks[0].remedy


def test_a_failed_directory_may_be_its_bind_account() -> None:
    ldap = SERVERS.format(**(USUAL | {"status": "FAILED, Server disabled at 12:00:00"}))
    found = seen(
        servers=ldap.replace("radius", "ldap"), settings=SETTINGS.replace("radius", "ldap")
    )
    assert "ldap-login-dn" in found.remarks[0].remedy


INHERITING = """\
tunnel-group DefaultRAGroup general-attributes
 authorization-server-group RSA
tunnel-group DefaultWEBVPNGroup general-attributes
 authentication-server-group RSA
tunnel-group OWN type remote-access
tunnel-group OWN general-attributes
 authentication-server-group NONE
 no authorization-server-group
tunnel-group HEIR type remote-access
tunnel-group SITE type ipsec-l2l
tunnel-group CARD type remote-access
tunnel-group CARD general-attributes
 authentication-server-group RSA
tunnel-group CARD webvpn-attributes
 authentication certificate
"""


def test_what_a_tunnel_group_does_not_say_is_inherited() -> None:
    found = seen(tunnel_groups=INHERITING)
    assert uses(found, "RSA") == [
        ("DefaultRAGroup", "authorization", None),
        ("DefaultWEBVPNGroup", "primary", None),
        ("HEIR", "primary", "DefaultWEBVPNGroup"),
        ("HEIR", "authorization", "DefaultRAGroup"),
        ("CARD", "primary", None),
        ("CARD", "authorization", "DefaultRAGroup"),
    ]
    group = found.group("RSA")
    assert group is not None
    assert [use.by for use in group.uses or () if not use.asked] == ["CARD"]


def test_a_group_that_is_named_and_missing_and_one_for_administrators() -> None:
    found = seen(
        tunnel_groups=TUNNEL_GROUPS.replace("RSA LOCAL", "GONE"),
        administration="aaa authentication ssh console RSA LOCAL\n",
    )
    assert said(found, Gravity.FAULT) == [
        "Server group GONE, named by tunnel group CORP, does not exist here"
    ]
    assert "No tunnel group uses RSA; it serves the headend's administrators" in said(
        found, Gravity.NOTE
    )


def test_what_was_refused_is_unseen_and_nothing_is_concluded_from_it() -> None:
    refusal = "Command authorization failed"
    found = seen(tunnel_groups=refusal, settings="ERROR: % Invalid input")
    assert found.refused == (COMMANDS.settings, COMMANDS.tunnel_groups)
    group = found.group("RSA")
    assert group is not None
    assert group.uses is None
    assert not found.remarks


def test_a_count_without_end_is_not_counted() -> None:
    (server,) = seen(accepts="9" * 5000).groups[0].servers
    assert "accepts" not in server.counters


@given(st.text(), st.text(), st.text(), st.text())
@example("  x", "  x", "  x", "  x")
def test_any_text_gives_a_survey(servers: str, settings: str, groups: str, clock: str) -> None:
    survey(Replies(servers, settings, groups, servers, clock, settings))
    whole = SERVERS.format(**USUAL) + servers
    survey(Replies(whole, SETTINGS + settings, groups, "", clock, clock))
