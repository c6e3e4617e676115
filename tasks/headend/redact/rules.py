"""The shapes of one line that carry a secret, whatever its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from headend.redact.span import Span, is_masked

# Every repetition has a bound, so that no text makes a rule slower than linear.
PROMPT = rb"(?:[\w./()@:-]{1,80}+[#>] ?)?"
# Configuration text begins a line, or is quoted by the syslog line that tells who typed it.
_START = rb"(?:^\s{0,80}" + PROMPT + rb"|')(?:no )?"
_VALUE = rb"(\"[^\"]{1,256}\"|\S+)"
_WORDS = rb"(?: (?:encrypted|pbkdf2|nt-encrypted|hashed|level \d{1,2}|privilege \d{1,2})){0,4}"
_END = rb"'?\s{0,80}$"

_REST = re.compile(rb"[^\r\n]*")
_WORD = re.compile(rb"\S*")
_ATOM = re.compile(rb"[^\s;,&\"'<>]*")


class Rule(NamedTuple):
    """Group 1 of ``pattern`` is a secret; ``more`` matches what may follow after a cut.

    A line without any of ``words`` (in lower case) does not match: most lines are told so at once.
    """

    pattern: re.Pattern[bytes]
    more: re.Pattern[bytes]
    words: tuple[bytes, ...]


def _rest(pattern: bytes, *words: bytes) -> Rule:
    return Rule(re.compile(pattern + rb"(.*)"), _REST, words)


def _quoted(pattern: bytes, *words: bytes) -> Rule:
    return Rule(re.compile(pattern + rb"(.*?)'?\s{0,80}$"), _REST, words)


def _word(pattern: bytes, *words: bytes, after: bytes = b"") -> Rule:
    return Rule(re.compile(pattern + _VALUE + after), _WORD, words)


def _atom(pattern: bytes, *words: bytes) -> Rule:
    return Rule(re.compile(pattern + rb"([^\s;,&\"'<>]+)"), _ATOM, words)


RULES = (
    # RADIUS and TACACS debug. A shared secret may hold quotes: the line's last one ends it.
    _quoted(rb"\bskey '", b"skey '"),
    _quoted(rb"\bresponse '", b"response '"),
    _rest(rb"(?:- |:\s{1,8}|^\s{0,80}" + PROMPT + rb")response:\s{0,8}", b"response:"),
    # A directory that hands out more than it should.
    _rest(
        rb"(?i)\b(?:userPassword|unicodePwd|ms-?Mcs-?AdmPwd|msLAPS-\w{0,30}): value = ",
        b"userpassword: ", b"unicodepwd: ", b"admpwd: ", b"mslaps-",
    ),
    # HTTP, as the AnyConnect and web portal debugs print it.
    _rest(rb"(?i)\b(?:set-)?cookie2?:\s{0,8}", b"cookie"),
    _rest(rb"\b(?:Proxy-)?Authorization:\s{0,8}", b"authorization:"),
    _rest(
        rb"(?i)\bauthorization:\s{0,8}(?:basic|bearer|digest|negotiate|ntlm) ", b"authorization:"
    ),
    _rest(rb"(?i)\bX-DTLS-Master-Secret:\s{0,8}", b"master-secret:"),
    _atom(rb"(?i)\bwebvpn[a-z_]{0,30}=", b"webvpn"),
    _atom(rb"(?i)\bSAML(?:Response|Request)=", b"samlre"),
    _atom(
        rb"(?i)(?:\b|_)(?:password|passwd|pwd|passcode)\d?\s{0,4}=\s{0,4}[\"']?",
        b"password", b"passwd", b"pwd", b"passcode",
    ),
    Rule(
        re.compile(rb"(?i)<(?:secondary_|new_)?(?:password|session-token|sso-token)>([^<]+)"),
        re.compile(rb"[^<\r\n]*"),
        (b"password>", b"-token>"),
    ),
    # Configuration text and commands.
    _word(rb"\busername\s{1,8}(?:\"[^\"]{1,128}\"|\S{1,128})\s{1,8}password\s{1,8}", b"password"),
    _word(rb"\btest aaa-server\b.{0,300}?\bpassword\s{1,8}", b"password"),
    _word(rb"\benable password\s{1,8}", b"password"),
    _word(
        _START + rb"(?:password|passwd)\s{1,8}", b"password", b"passwd", after=_WORDS + _END
    ),
    _word(_START + rb"key\s{1,8}(?:[0-8] )?", b"key", after=_END),
    _word(
        rb"\baaa-server \S{1,128} \(\S{1,64}\) host \S{1,128}\s{1,8}(?!timeout\b|$)", b"aaa-server "
    ),
    _word(rb"\b(?:failover|isakmp) key\s{1,8}(?:[0-8] )?", b" key"),
    _word(
        rb"\b(?:key-string|config-key password-encryption|passphrase)\s{1,8}",
        b"key-string", b"password", b"passphrase",
    ),
    _word(rb"\bpre-shared-key\s{1,8}(?:[0-8] )?", b"-key"),
    _word(rb"\b(?:ldap-login-password|radius-common-pw)\s{1,8}", b"password", b"common-pw"),
    _word(rb"\bsnmp-server community\s{1,8}(?:[0-8] )?", b"snmp-server"),
    _word(rb"\bsnmp-server host .{1,200}? community\s{1,8}(?:[0-8] )?", b"snmp-server"),
    _word(rb"\bsnmp-server user .{1,200}? auth \S{1,16}\s{1,8}", b"snmp-server"),
    _word(rb"\bsnmp-server user .{1,300}? priv (?:aes )?\S{1,16}\s{1,8}", b"snmp-server"),
    _word(rb"\b(?:authentication-key|message-digest-key) \d{1,5} \S{1,16}\s{1,8}", b"-key"),
    _word(rb"\bneighbor \S{1,64} password\s{1,8}", b"password"),
    _word(rb"\bcrypto ca import \S{1,128} pkcs12\s{1,8}", b"pkcs12"),
    # A private key on one line, as JSON or a log writes it.
    _rest(rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?=.)", b"private key-----"),
)  # fmt: skip

WORDS = frozenset(word for rule in RULES for word in rule.words)
# So many lines, of such a length at most, are known by heart.
_KNOWN, _LONGEST = 4096, 120
_BY_WORD = [(word, [rule for rule in RULES if word in rule.words]) for word in sorted(WORDS)]


def find(text: bytes) -> Iterator[Span]:
    """Yield each secret that stands in ``text`` by its structure."""
    lowered = text.lower()
    # Rules that share a word may each be met twice: the same stretch counts once.
    for pattern, more, _ in [one for word, rules in _BY_WORD if word in lowered for one in rules]:
        for match in pattern.finditer(text):
            value = match[1].rstrip(b" \t\r")
            if value and not is_masked(value):
                start = match.start(1)
                yield Span(start, start + len(value), value, more)


class Plain:
    """The lines in which no rule finds a secret; those that come again are known by heart."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()

    def __contains__(self, line: bytes) -> bool:
        if line in self._known:
            return True
        if next(find(line), None) is not None:
            return False
        if len(line) <= _LONGEST:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known.add(line)
        return True
