from __future__ import annotations

import pytest

from headend.redact import Redactor, redact_bytes

PACKET = b"""\
Raw packet data (length = 134).....
01 07 00 86 5e 2b 1c 0a 77 d1 40 e2 9b 12 0f c4    |  ....^+..w.@.....
8c 11 e0 42    |  ...B
Parsed packet data.....
Radius: Type = 1 (0x01) User-Name
Radius: Value (String) = 
62 2e 6f 72 74 69 7a    |  b.ortiz
Radius: Type = 2 (0x02) User-Password
Radius: Length = 18 (0x12)
Radius: Value (String) = 
8c 11 e0 42 9d 30 77 1f c2 b4 5a 06 91 3e d8 20    |  ...B.0w...Z..>.
Radius: Type = 24 (0x18) State
Radius: Value (String) = 
53 42 52 2d 43 48 20 31    |  SBR-CH 1
 : reqauth:
     5e 2b 1c 0a 77 d1 40 e2 9b 12 0f c4 a1 b2 c3 d4
 : info 0xd8a5bf40
     response '***'
     skey 'Tr0ub4dor's-shared'
"""  # noqa: W291 - the headend prints the blank


def test_a_radius_decode_keeps_its_lines_and_loses_its_secrets() -> None:
    assert redact_bytes(PACKET).decode().splitlines() == [
        "Raw packet data (length = 134).....",
        "<secret-1>",
        "<secret-1>",
        "Parsed packet data.....",
        "Radius: Type = 1 (0x01) User-Name",
        "Radius: Value (String) = ",
        "62 2e 6f 72 74 69 7a    |  b.ortiz",
        "Radius: Type = 2 (0x02) User-Password",
        "Radius: Length = 18 (0x12)",
        "Radius: Value (String) = ",
        "<secret-2>",
        "Radius: Type = 24 (0x18) State",
        "Radius: Value (String) = ",
        "53 42 52 2d 43 48 20 31    |  SBR-CH 1",
        " : reqauth:",
        "     <secret-3>",
        " : info 0xd8a5bf40",
        "     response '***'",
        "     skey '<secret-4>'",
    ]


def test_a_foreign_line_in_a_dump_does_not_end_it() -> None:
    text = (
        b"Radius: Type = 2 (0x02) User-Password\n"
        b"Radius: Value (String) = \n"
        b"%ASA-6-302013: Built outbound TCP connection\n"
        b"8c 11 e0 42    |  ...B\n"
        b"%ASA-7-711001: 9d 30    |  .0\n"
    )
    assert b"8c 11" not in redact_bytes(text)
    assert b"9d 30" not in redact_bytes(text)
    assert b"302013: Built outbound" in redact_bytes(text)


@pytest.mark.parametrize(
    "heading",
    (
        b"Radius: Type = 3 (0x03) CHAP-Password",
        b"Radius: Type = 69 (0x45) Tunnel-Password",
        b"Radius: Type = 25 (0x19) MS-CHAP2-Response",
        b"Radius: Type = 5 (0x05) Vendor-User-Password",
        b"vpn-1# Radius: Type = 2 (0x02) User-Pas",
    ),
)
def test_each_attribute_that_holds_a_password_is_hidden(heading: bytes) -> None:
    text = heading + b"\nRadius: Value (Hex) = 0xdeadbeef\nde ad be ef    |  ....\n"
    assert b"dead" not in redact_bytes(text)
    assert b"de ad" not in redact_bytes(text)


def test_the_reason_in_an_ms_chap_error_is_kept() -> None:
    text = b"Radius: Type = 2 (0x02) MS-CHAP-Error\nRadius: Value (String) = \n45 3d    |  E=\n"
    assert redact_bytes(text) == text


@pytest.mark.parametrize(
    "line",
    (
        "skey 'S3cret-x'",
        "skey 'S3cret-x",
        "     response 'S3cret-x'",
        "mkpkt_continue - response: S3cret-x",
        "%ASA-7-711001:  response: S3cret-x",
        "Cookie: webvpnlogin=1; webvpn=S3cret-x",
        "Set-Cookie: webvpn=S3cret-x; path=/; secure",
        "got webvpnc=S3cret-x; next",
        "webvpncontext=S3cret-x",
        "Authorization: Basic S3cret-x",
        "authorization: bearer S3cret-x",
        "POST body SAMLResponse=S3cret-x&RelayState=3",
        "SAMLRequest=S3cret-x",
        "<password>S3cret-x</password>",
        "username=bob&password=S3cret-x&group=1",
        "vendor said: Password = S3cret-x",
        'passcode="S3cret-x"',
        "passwd S3cret-x encrypted",
        " password S3cret-x",
        "enable password S3cret-x level 15 pbkdf2",
        "username bob password S3cret-x privilege 15",
        'username "b o b" password S3cret-x',
        " key S3cret-x",
        "fw/pri/act(config-aaa-server-host)# key S3cret-x",
        "aaa-server RSA (inside) host 10.1.1.5 S3cret-x timeout 5",
        " ikev1 pre-shared-key S3cret-x",
        " ikev2 remote-authentication pre-shared-key 0 S3cret-x",
        " ldap-login-password S3cret-x",
        "snmp-server community S3cret-x",
        "snmp-server host inside 10.1.1.1 community S3cret-x version 2c",
        "snmp-server user u g v3 auth sha S3cret-x priv aes 128 ok",
        "failover key S3cret-x",
        "%ASA-5-111008: User 'a' executed the 'enable password S3cret-x' command.",
        "%ASA-5-111010: User 'a' executed 'username bob password S3cret-x'",
        "test aaa-server authentication RSA host 10.1.1.5 username bob password S3cret-x",
        "[12]   userPassword: value = S3cret-x",
    ),
)
def test_each_shape_hides_its_value(line: str) -> None:
    redacted = redact_bytes(line.encode() + b"\r\n")
    assert b"S3cret-x" not in redacted
    assert b"<secret-1>" in redacted
    assert redacted.endswith(b"\r\n")


@pytest.mark.parametrize(
    "line",
    (
        "[301] Reading password policy for jdoe, dn:CN=jdoe,OU=Staff",
        "[301] Invalid password for jdoe",
        "[302] Read bad password count 2",
        "got password",
        "%ASA-6-113005: AAA user authentication Rejected : reason = Invalid password : server = x",
        " key *****",
        "username bob password ***** encrypted",
        "mkpkt_continue - response: ***",
        "Back End response: ",
        "Processing LDAP response for user f.silva",
        "password-policy minimum-length 8",
        "The Running Activation Key is not valid, using default settings:",
        "Key Version               : A",
        "aaa-server RSA (inside) host 10.1.1.5",
        "aaa-server RSA (inside) host 10.1.1.5 timeout 5",
        "Authorization Status: 1 (ACCEPT)",
        "Radius: Type = 18 (0x12) Reply-Message",
    ),
)
def test_diagnostic_text_stays(line: str) -> None:
    assert redact_bytes(line.encode() + b"\n") == line.encode() + b"\n"


def test_a_private_key_is_hidden_line_by_line() -> None:
    text = (
        b"-----BEGIN RSA PRIVATE KEY-----\r\n"
        b"MIIEowIBAAKCAQEAx\r\nq2Vx==\r\n"
        b"-----END RSA PRIVATE KEY-----\r\nvpn-1# show clock\r\n"
    )
    assert redact_bytes(text) == (
        b"-----BEGIN RSA PRIVATE KEY-----\r\n<secret-1>\r\n<secret-1>\r\n"
        b"-----END RSA PRIVATE KEY-----\r\nvpn-1# show clock\r\n"
    )


def test_the_same_secret_is_the_same_placeholder_everywhere() -> None:
    redactor = Redactor(["hunter22"])
    text = b"skey 'abcdef'\nskey 'hunter22'\nsaid hunter22 aloud\n key abcdef\n"
    assert redactor.feed(text) == (
        b"skey '<secret-1>'\nskey '<secret-2>'\nsaid <secret-2> aloud\n key <secret-1>\n"
    )


def test_a_wrapped_structure_is_hidden_in_both_lines() -> None:
    value = b"A9" * 60
    line = b"SAMLResponse=" + value
    wrapped = line[:80] + b"\r\n" + line[80:] + b"\r\nnext\r\n"
    assert redact_bytes(wrapped) == b"SAMLResponse=<secret-1>\r\n<secret-1>\r\nnext\r\n"
