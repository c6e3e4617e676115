"""The shapes of one line that carry a secret, whatever its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from headend.redact.span import Span, is_masked

# Every repetition has a bound, so that no text makes a rule slower than linear.
PROMPT = rb"(?:[\w./()@:-]{1,80}[#>] ?)?"
# Configuration text begins a line, or is quoted by the syslog line that tells who typed it.
_START = rb"(?:^\s{0,80}" + PROMPT + rb"|')(?:no )?"
_VALUE = rb"(\"[^\"]{1,256}\"|\S+)"
_WORDS = rb"(?: (?:encrypted|pbkdf2|nt-encrypted|hashed|level \d{1,2}|privilege \d{1,2})){0,4}"
_END = rb"'?\s{0,80}$"

_REST = re.compile(rb"[^\r\n]*")
_WORD = re.compile(rb"\S*")
_ATOM = re.compile(rb"[^\s;,&\"'<>]*")


class Rule(NamedTuple):
    """Group 1 of ``pattern`` is a secret; ``more`` matches what may follow after a cut."""

    pattern: re.Pattern[bytes]
    more: re.Pattern[bytes]


def _rest(pattern: bytes) -> Rule:
    return Rule(re.compile(pattern + rb"(.*)"), _REST)


def _quoted(pattern: bytes) -> Rule:
    return Rule(re.compile(pattern + rb"(.*?)'?\s{0,80}$"), _REST)


def _word(pattern: bytes, after: bytes = b"") -> Rule:
    return Rule(re.compile(pattern + _VALUE + after), _WORD)


def _atom(pattern: bytes) -> Rule:
    return Rule(re.compile(pattern + rb"([^\s;,&\"'<>]+)"), _ATOM)


RULES = (
    # RADIUS and TACACS debug. A shared secret may hold quotes: the line's last one ends it.
    _quoted(rb"\bskey '"),
    _quoted(rb"\bresponse '"),
    _rest(rb"(?:- |:\s{1,8}|^\s{0,80}" + PROMPT + rb")response:\s{0,8}"),
    # A directory that hands out more than it should.
    _rest(rb"(?i)\b(?:userPassword|unicodePwd|ms-?Mcs-?AdmPwd|msLAPS-\w{0,30}): value = "),
    # HTTP, as the AnyConnect and web portal debugs print it.
    _rest(rb"(?i)\b(?:set-)?cookie2?:\s{0,8}"),
    _rest(rb"\b(?:Proxy-)?Authorization:\s{0,8}"),
    _rest(rb"(?i)\bauthorization:\s{0,8}(?:basic|bearer|digest|negotiate|ntlm) "),
    _rest(rb"(?i)\bX-DTLS-Master-Secret:\s{0,8}"),
    _atom(rb"(?i)\bwebvpn[a-z_]{0,30}="),
    _atom(rb"(?i)\bSAML(?:Response|Request)="),
    _atom(rb"(?i)(?:\b|_)(?:password|passwd|pwd|passcode)\d?="),
    Rule(
        re.compile(rb"(?i)<(?:secondary_|new_)?(?:password|session-token|sso-token)>([^<]+)"),
        re.compile(rb"[^<\r\n]*"),
    ),
    # Configuration text and commands.
    _word(rb"\busername\s{1,8}(?:\"[^\"]{1,128}\"|\S{1,128})\s{1,8}password\s{1,8}"),
    _word(rb"\btest aaa-server\b.{0,300}?\bpassword\s{1,8}"),
    _word(rb"\benable password\s{1,8}"),
    _word(_START + rb"(?:password|passwd)\s{1,8}", _WORDS + _END),
    _word(_START + rb"key\s{1,8}(?:[0-8] )?", _END),
    _word(rb"\baaa-server \S{1,128} \(\S{1,64}\) host \S{1,128}\s{1,8}(?!timeout\b|$)"),
    _word(rb"\b(?:failover|isakmp) key\s{1,8}(?:[0-8] )?"),
    _word(rb"\b(?:key-string|config-key password-encryption|passphrase)\s{1,8}"),
    _word(rb"\bpre-shared-key\s{1,8}(?:[0-8] )?"),
    _word(rb"\b(?:ldap-login-password|radius-common-pw)\s{1,8}"),
    _word(rb"\bsnmp-server community\s{1,8}(?:[0-8] )?"),
    _word(rb"\bsnmp-server host .{1,200}? community\s{1,8}(?:[0-8] )?"),
    _word(rb"\bsnmp-server user .{1,200}? auth \S{1,16}\s{1,8}"),
    _word(rb"\bsnmp-server user .{1,300}? priv (?:aes )?\S{1,16}\s{1,8}"),
    _word(rb"\b(?:authentication-key|message-digest-key) \d{1,5} \S{1,16}\s{1,8}"),
    _word(rb"\bneighbor \S{1,64} password\s{1,8}"),
    _word(rb"\bcrypto ca import \S{1,128} pkcs12\s{1,8}"),
    # A private key on one line, as JSON or a log writes it.
    _rest(rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?=.)"),
)

# Most lines carry none of these words, and are not searched rule by rule.
_ANY = re.compile(
    rb"(?i)skey|response|pwd|laps|cookie|authoriz|secret|webvpn|saml|passw|passcode|token|"
    rb"aaa-server|\bkey|community|snmp|shared-key|-pw|passphrase|-key|pkcs12|private key"
)


def find(text: bytes) -> Iterator[Span]:
    """Yield each secret that stands in ``text`` by its structure."""
    if not _ANY.search(text):
        return
    for pattern, more in RULES:
        for match in pattern.finditer(text):
            value = match[1].rstrip(b" \t\r")
            if value and not is_masked(value):
                start = match.start(1)
                yield Span(start, start + len(value), value, more)
