"""What a caller would meet at login, and the line that decides it."""

import pytest

from headend.model.policy import Caller, ClientCertificate, Encounter, Known, Point
from headend.policy.configuration import Configuration
from headend.policy.resolve import resolve
from policy.configurations import EVERY_WAY, lab

JDOE = ClientCertificate({"cn": "JDOE"}, {"cn": "Issuing-CA-01"}, "jdoe@corp.example")
LAPTOP = ClientCertificate({"cn": "laptop-0042"}, {"cn": "issuing-ca-01"})


def met(
    user: str | None = "jdoe",
    group: str | None = None,
    *,
    url: str | None = None,
    certificate: ClientCertificate | None = None,
    extra: str = EVERY_WAY,
) -> Encounter:
    caller = Caller(user, group, url, certificate)
    return resolve(lab(extra), caller, lambda name: name == "RSA")


def decided(encounter: Encounter, point: Point) -> str:
    """Return the lines that decide a point, as text."""
    return " | ".join(str(line) for line in encounter.by_point[point].lines)


def test_a_token_group_is_known_by_its_name_only_and_says_so() -> None:
    answer = met(group="CORP").by_point[Point.TOKEN]
    assert (answer.value, answer.known) == ("probably required", Known.PARTLY)
    assert "authentication-server-group RSA" in str(answer.lines[0])


@pytest.mark.parametrize(
    ("group", "token", "known"),
    (
        ("TWO", "required", Known.YES),  # a native token server is second
        ("STAFF", "not asked", Known.YES),
        ("LOCALVPN", "not asked", Known.YES),
        ("ask", "probably required", Known.PARTLY),
        ("DEADRAD", "not known", Known.NO),
    ),
)
def test_whether_a_token_is_required(group: str, token: str, known: Known) -> None:
    answer = met(group=group).by_point[Point.TOKEN]
    assert (answer.value, answer.known) == (token, known)


def test_two_factors_and_where_each_is_asked_for() -> None:
    encounter = met(group="two factors")
    assert encounter.value(Point.TUNNEL_GROUP) == "TWO"
    assert encounter.value(Point.CERTIFICATE) == "required"
    assert encounter.value(Point.PASSWORD) == "required"
    assert encounter.value(Point.PRIMARY) == "AD (ldap: 10.20.2.10), then local users"
    assert encounter.value(Point.SECONDARY) == "TOKENS (sdi: 10.9.0.9)"
    assert "does not exist" in encounter.by_point[Point.GROUP_POLICY].note


def test_what_a_tunnel_group_does_not_say_it_inherits_by_name() -> None:
    answer = met(url="https://VPN.example/plain").by_point[Point.PRIMARY]
    assert answer.value == "AD (ldap: 10.20.2.10)"
    assert "DefaultWEBVPNGroup" in answer.note
    assert "DefaultWEBVPNGroup general-attributes" in str(answer.lines[0])


def test_a_disabled_group_url_leads_to_the_default_group() -> None:
    answer = met(url="https://vpn.example/old").by_point[Point.TUNNEL_GROUP]
    assert answer.value == "DefaultWEBVPNGroup"
    assert "no group URL" in answer.note


def test_a_group_policy_inherits_from_the_default_one() -> None:
    encounter = met(group="LOCALVPN")
    assert (
        decided(encounter, Point.FILTER)
        == "group-policy DfltGrpPolicy attributes / vpn-filter value STOP"
    )
    assert encounter.value(Point.LOGINS) == "3"


def test_a_local_user_has_limits_of_their_own() -> None:
    own = EVERY_WAY[EVERY_WAY.index("username localuser") : EVERY_WAY.index("crypto ca")]
    encounter = met("localuser", "LOCALVPN", extra=own)
    assert encounter.value(Point.GROUP_POLICY) == "GP-CONTRACTOR"
    assert encounter.value(Point.LOGINS) == "7"
    assert met("localuser", "STAFF").value(Point.LOGINS) != "7"  # AD judges there


def test_a_certificate_outranks_what_was_chosen_and_names_its_rule() -> None:
    encounter = met(group="CORP", certificate=JDOE)
    assert encounter.value(Point.TUNNEL_GROUP) == "CERT"
    assert decided(encounter, Point.TUNNEL_GROUP) == (
        "webvpn / certificate-group-map PEOPLE 10 CERT | crypto ca certificate map PEOPLE 10"
    )
    assert met(certificate=LAPTOP).value(Point.TUNNEL_GROUP) == "STAFF"


def test_a_group_url_comes_first_where_the_headend_says_so() -> None:
    url = "https://vpn.example/two"
    assert met(url=url, certificate=JDOE).value(Point.TUNNEL_GROUP) == "CERT"
    extra = EVERY_WAY + " tunnel-group-preference group-url\n"
    encounter = met(url=url, certificate=JDOE, extra=extra)
    assert encounter.value(Point.TUNNEL_GROUP) == "TWO"
    assert "tunnel-group-preference" in decided(encounter, Point.TUNNEL_GROUP)


@pytest.mark.parametrize(
    "near",
    (
        ClientCertificate({"cn": "jdoeby"}, {"cn": "issuing-ca-01"}),
        ClientCertificate({"cn": "jdoe"}, {"cn": "another-ca"}),
        ClientCertificate({"ou": "jdoe"}, {"cn": "issuing-ca-01"}),
    ),
)
def test_a_certificate_that_is_nearly_right_meets_no_rule(near: ClientCertificate) -> None:
    assert met(group="CORP", certificate=near).value(Point.TUNNEL_GROUP) == "CORP"


def test_the_first_certificate_map_asks_everybody() -> None:
    assert met(group="CORP", extra="").value(Point.ASKED_FOR_CERTIFICATE) == "not asked"
    answer = met(group="CORP").by_point[Point.ASKED_FOR_CERTIFICATE]
    assert answer.value == "everybody is asked"
    assert "certificate-group-map PEOPLE 10" in str(answer.lines[0])


def test_saml_leaves_the_rest_to_its_provider() -> None:
    answer = met(group="sso").by_point[Point.PRIMARY]
    assert answer.value == "SAML: https://idp.example/"
    assert answer.known is Known.PARTLY


def test_what_the_configuration_cannot_tell_is_said() -> None:
    encounter = met(group="CERT")
    assert "dap.xml" in encounter.by_point[Point.ACCESS_POLICY].note
    assert "disabled account" in encounter.by_point[Point.AUTHORIZATION].note
    assert "Class" in met(group="CORP").by_point[Point.GROUP_POLICY].note


def test_override_account_disable_is_flagged() -> None:
    assert any("override-account-disable" in one for one in met(group="ask").warnings)


def test_an_empty_configuration_gives_the_headends_defaults() -> None:
    encounter = resolve(Configuration.parse(""), Caller())
    assert encounter.value(Point.PRIMARY) == "local users of the headend"
    assert not any(answer.lines for answer in encounter.answers)
