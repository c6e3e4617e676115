"""The smallest set of debugs, from what the tunnel group itself is configured to do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headend.device.commands import CommandClass, classify
from headend.device.debug_set import AAA_SERVERS, TUNNEL_GROUPS, DebugSet, Wanted, asked_for, choose
from headend.errors import InputError
from headend.lab import HeadendSpec
from headend.lab.startup import startup_text

CONFIGURATION = (
    startup_text(HeadendSpec("vpn-1"))
    + """\
aaa-server TOKENS protocol sdi
aaa-server TACACS protocol tacacs+
tunnel-group SSO type remote-access
tunnel-group SSO webvpn-attributes
 authentication saml
tunnel-group TWO type remote-access
tunnel-group TWO general-attributes
 authentication-server-group (outside) AD LOCAL
 secondary-authentication-server-group TOKENS use-primary-username
tunnel-group TWO webvpn-attributes
 authentication aaa certificate
"""
)
REPLIES = {AAA_SERVERS: CONFIGURATION, TUNNEL_GROUPS: CONFIGURATION}
ALWAYS = ["debug aaa authentication", "debug aaa common 255"]


def chosen(group: str, client_ip: str | None = None) -> DebugSet:
    return choose(Wanted("jdoe", group, client_ip), REPLIES)


@pytest.mark.parametrize(
    ("group", "more"),
    (
        ("CORP", ["debug radius session", "debug radius user jdoe"]),
        ("STAFF", ["debug ldap 255"]),
        ("CERT", ["debug ldap 255", "debug crypto ca 255"]),
        ("LOCALVPN", []),
        ("SSO", ["debug webvpn saml 25"]),
        ("TWO", ["debug ldap 255", "debug sdi 255", "debug crypto ca 255"]),
    ),
)
def test_a_tunnel_group_gets_the_debugs_of_its_own_servers(group: str, more: list[str]) -> None:
    assert list(chosen(group=group).commands) == [*ALWAYS, *more]


@pytest.mark.parametrize("group", ("", "NO-SUCH"))
def test_without_a_known_group_all_that_are_configured_count(group: str) -> None:
    commands = chosen(group=group).commands
    assert {"debug radius session", "debug ldap 255", "debug sdi 255"} <= set(commands)
    assert "debug tacacs session" not in commands  # no tunnel group uses it


def test_a_group_takes_what_it_does_not_say_from_the_default_one() -> None:
    text = """\
tunnel-group DefaultWEBVPNGroup general-attributes
 authentication-server-group AD
tunnel-group PLAIN type remote-access
"""
    found = choose(Wanted("jdoe", "PLAIN"), {AAA_SERVERS: CONFIGURATION, TUNNEL_GROUPS: text})
    assert found.commands == (*ALWAYS, "debug ldap 255")


def test_tunnel_groups_that_cannot_be_read_may_use_any_server() -> None:
    replies = {AAA_SERVERS: CONFIGURATION, TUNNEL_GROUPS: "ERROR: Command authorization failed"}
    assert {"debug ldap 255", "debug tacacs session"} <= set(choose(Wanted("x"), replies).commands)


def test_webvpn_debugs_are_held_to_the_client_and_others_are_not() -> None:
    assert chosen(group="SSO", client_ip="198.51.100.7").commands[0] == (
        "debug webvpn condition p-ipaddress 198.51.100.7"
    )
    assert chosen(group="CORP", client_ip="198.51.100.7").condition is None


def test_debugs_that_were_asked_for_win_and_the_first_one_stays() -> None:
    wanted = Wanted("jdoe", debugs=asked_for(["radius all", "debug sdi 255"]))
    assert choose(wanted, REPLIES).commands == (
        "debug aaa authentication",
        "debug radius all",
        "debug sdi 255",
    )


@pytest.mark.parametrize("name", ("", "all", "menu ssh 1", "aaa\nreload", "webvpn condition reset"))
def test_what_is_no_debug_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        asked_for([name])


@settings(deadline=None)  # a busy machine is no failure
@given(st.text(max_size=80), st.text(max_size=30))
def test_whatever_the_user_is_called_each_line_may_be_typed(user: str, group: str) -> None:
    for line in choose(Wanted(user, group), REPLIES).commands:
        assert classify(line) is CommandClass.READ
