"""Multiple context mode: what belongs to a context, and how a session moves between them."""

from collections.abc import Callable

from headend.lab import Headend, HeadendSpec, Lab
from lab.client import Client

SPEC = HeadendSpec("vpn-1", contexts=("admin", "RA-EAST", "RA-WEST"))


def test_a_login_lands_in_the_admin_context_and_moves_on(start: Callable[..., Lab]) -> None:
    headend = start(SPEC).headends["vpn-1"]
    with Client(headend).enable() as client:
        assert client.run("show mode") == ["Security context mode: multiple "]
        assert prompt_after(client, "changeto context RA-EAST") == "vpn-1/RA-EAST# "
        assert headend.sessions[0].context == "RA-EAST"
        assert "tunnel-group CORP type remote-access" in client.run("show running-config tunnel-g")
        assert client.run("changeto context GLOBAL") == ["ERROR: 'GLOBAL' is not valid"]
        assert prompt_after(client, "changeto system") == "vpn-1# "
        assert "Invalid input" in client.run("debug aaa authentication")[-1]
        assert "Invalid input" in client.run("show aaa-server")[-1]
        assert prompt_after(client, "changeto context admin") == "vpn-1/admin# "
        assert client.run("show running-config tunnel-group") == []


def test_debug_is_seen_in_the_context_where_the_login_lands(start: Callable[..., Lab]) -> None:
    lab = start(SPEC)
    headend = lab.headends["vpn-1"]
    with Client(headend).enable() as east, Client(headend).enable() as west:
        for client, context in ((east, "RA-EAST"), (west, "RA-WEST")):
            client.run(f"changeto context {context}")
            client.run("debug ldap 255")
        lab.attempt("asmith", group="STAFF", context="RA-WEST")
        assert "asmith" in west.until("Session End\\r\\n$")
        assert east.run("show clock")[0].count("UTC") == 1  # and nothing else came


def test_a_single_headend_has_no_contexts(headend: Headend) -> None:
    with Client(headend).enable() as client:
        assert "not valid in current" in client.run("changeto context admin")[0]


def prompt_after(client: Client, command: str) -> str:
    client.type(f"{command}\r")
    return client.until("# $").rpartition("\n")[2]
