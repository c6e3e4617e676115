# ruff: noqa: E501, ISC004 - a table of expressions, one a line
"""What the words of a server, a syslog reason or a token prompt mean."""

from __future__ import annotations

import re

from headend.model.diagnosis import Cause

# Reasons of syslog 113005 and 113015 (public captures), and what AD, NPS and RADIUS servers put
# in a Reply-Message; the more special words first.
_REASONS: tuple[tuple[str, Cause, float], ...] = (
    (r"lock(?:ed)?[ -]?out|is locked|has been locked|account locked", Cause.ACCOUNT_LOCKED, 0.95),
    (r"(?:account|user)\b.{0,30}\bdisabled", Cause.ACCOUNT_DISABLED, 0.95),
    (r"account\b.{0,30}\bexpired", Cause.ACCOUNT_EXPIRED, 0.95),
    (r"password\b.{0,30}\bexpired", Cause.PASSWORD_EXPIRED, 0.95),
    (r"password is expiring", Cause.PASSWORD_EXPIRED, 0.6),
    (r"must (?:change|reset)\b.{0,30}password|password must", Cause.PASSWORD_MUST_CHANGE, 0.9),
    (r"logon hours|outside\b.{0,30}hours|not permitted at this time", Cause.LOGON_HOURS, 0.85),
    (r"workstation", Cause.LOGON_WORKSTATION, 0.8),
    (r"user was not found|unknown user|no such user|user not found", Cause.ACCOUNT_UNKNOWN, 0.9),
    (r"clock skew", Cause.CLOCK_SKEW, 0.9),
    (r"(?:push|call|approval|mfa|duo|factor|authenticator)\b.{0,60}(?:timed? ?out|expired|not answered|no response)|"
     r"(?:timed? ?out|no response)\b.{0,60}(?:push|call|approval|mfa|duo|factor)", Cause.MFA_TIMEOUT, 0.85),
    (r"(?:push|call|approval|mfa|duo|factor|login request|verification)\b.{0,60}(?:denied|declined|refused|rejected|fraud)|"
     r"(?:denied|declined|refused|rejected)\b.{0,60}(?:push|approval|mfa|duo|factor|by (?:the )?user)", Cause.MFA_DENIED, 0.85),
    (r"(?:passcode|token ?code|otp|one.time|token)\b.{0,60}(?:incorrect|invalid|wrong|rejected|reuse|already used|fail)|"
     r"(?:incorrect|invalid|wrong)\b.{0,40}(?:passcode|token ?code|otp|token)", Cause.TOKEN_REJECTED, 0.85),
    (r"(?:incorrect|invalid|wrong|bad) (?:user ?name|password|credential)|password malformed", Cause.BAD_CREDENTIALS, 0.8),
)  # fmt: skip

# RSA's default texts (the ASA compares with the same in "proxy-auth_map sdi") and common others.
_PROMPTS: tuple[tuple[str, Cause], ...] = (
    (r"next (?:pass|token|card)[ -]?code|next code|wait for\b.{0,40}\b(?:change|next)|new PIN with the next", Cause.TOKEN_NEXT_CODE),
    (r"new\b.{0,40}\bpin\b|re-?enter pin|own pin|system[ -]generated pin|pin (?:must|has to) be", Cause.TOKEN_NEW_PIN),
    (r"\bpush\b.{0,40}\b(?:sent|was)|approve\b.{0,40}(?:phone|device|request)", Cause.MFA_TIMEOUT),
)  # fmt: skip

_TOKEN_NAME = re.compile(
    r"(?:rsa|sdi|secur.?id|token|otp|duo|mfa|2fa|2.?factor|two.?factor|passcode|yubi|okta|radius.?proxy|safenet|vasco|"
    r"entrust|smartphone|authenticator)",
    re.IGNORECASE,
)
_NO_ACCESS = re.compile(r"no.?(?:access|vpn|login)|deny|denied|reject|block", re.IGNORECASE)


def reason(text: str) -> tuple[Cause, float] | None:
    """Return the cause that a server's words name, and how surely; ``None`` for none."""
    for pattern, cause, confidence in _REASONS:
        if re.search(pattern, text[:500], re.IGNORECASE):
            return cause, confidence
    return None


def prompt(text: str) -> Cause:
    """Return what a challenge with this text waits for: by default a token code."""
    for pattern, cause in _PROMPTS:
        if re.search(pattern, text[:500], re.IGNORECASE):
            return cause
    return Cause.TOKEN_REQUIRED


def token_group(name: str | None) -> bool:
    """Return whether a server group is named as token server groups are."""
    return bool(name and _TOKEN_NAME.search(name))


def no_access(policy: str | None) -> bool:
    """Return whether a group policy is named as policies that let nobody in are."""
    return bool(policy and _NO_ACCESS.search(policy))
