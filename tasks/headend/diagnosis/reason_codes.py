"""Numbers with which servers give their reasons: MS-CHAP errors, NPS reasons, Kerberos errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headend.model.diagnosis import Cause

if TYPE_CHECKING:
    from collections.abc import Mapping

Meaning = tuple[Cause, float]

# RFC 2759, section 6: "E=648 R=0 C=... V=3 M=...".
_MSCHAP: Mapping[str, tuple[Meaning, ...]] = {
    "646": ((Cause.LOGON_HOURS, 0.92),),
    "647": ((Cause.ACCOUNT_DISABLED, 0.95),),
    "648": ((Cause.PASSWORD_EXPIRED, 0.95),),
    "649": ((Cause.GROUP_NOT_AUTHORIZED, 0.9),),
    # A wrong name, a wrong password and a locked account all end as this one.
    "691": ((Cause.BAD_CREDENTIALS, 0.65),),
    "709": ((Cause.PASSWORD_MUST_CHANGE, 0.6), (Cause.PASSWORD_EXPIRED, 0.4)),
}
# Event 6273 of Network Policy Server (public table of its reason codes).
_NPS: Mapping[str, tuple[Meaning, ...]] = {
    "8": ((Cause.ACCOUNT_UNKNOWN, 0.9),),
    "16": ((Cause.BAD_CREDENTIALS, 0.7),),
    "17": ((Cause.PASSWORD_MUST_CHANGE, 0.6),),
    # An extension decides: as a rule the one for multi-factor authentication.
    "21": ((Cause.MFA_DENIED, 0.5), (Cause.MFA_TIMEOUT, 0.45)),
    "33": ((Cause.PASSWORD_MUST_CHANGE, 0.92),),
    "34": ((Cause.ACCOUNT_DISABLED, 0.92),),
    "35": ((Cause.ACCOUNT_EXPIRED, 0.92),),
    "36": ((Cause.ACCOUNT_LOCKED, 0.92),),
    "37": ((Cause.LOGON_HOURS, 0.92),),
    "38": ((Cause.LOGON_WORKSTATION, 0.4), (Cause.LOGON_HOURS, 0.3)),
    "48": ((Cause.GROUP_NOT_AUTHORIZED, 0.85),),
    "49": ((Cause.GROUP_NOT_AUTHORIZED, 0.5), (Cause.SERVER_NOT_CONFIGURED, 0.4)),
    "64": ((Cause.ACCOUNT_LOCKED, 0.85),),
    "65": ((Cause.GROUP_NOT_AUTHORIZED, 0.9),),
    "66": ((Cause.GROUP_NOT_AUTHORIZED, 0.5),),
    "67": ((Cause.LOGON_WORKSTATION, 0.6),),
    "68": ((Cause.LOGON_HOURS, 0.85),),
    "96": ((Cause.MFA_TIMEOUT, 0.5),),
    "117": ((Cause.SERVER_UNREACHABLE, 0.85),),
}
# RFC 4120, section 7.5.9, as MIT's library numbers them: -1765328384 and the number of the RFC.
_KERBEROS: Mapping[int, tuple[Meaning, ...]] = {
    1: ((Cause.ACCOUNT_EXPIRED, 0.9),),
    6: ((Cause.ACCOUNT_UNKNOWN, 0.9),),
    12: ((Cause.LOGON_WORKSTATION, 0.5), (Cause.LOGON_HOURS, 0.5)),
    # Revoked means disabled, locked, expired or outside hours: Active Directory does not say which.
    18: ((Cause.ACCOUNT_DISABLED, 0.45), (Cause.ACCOUNT_LOCKED, 0.45)),
    23: ((Cause.PASSWORD_EXPIRED, 0.9),),
    24: ((Cause.BAD_CREDENTIALS, 0.85),),
    37: ((Cause.CLOCK_SKEW, 0.95),),
}
_KERBEROS_BASE = -1765328384

_ERROR = re.compile(r"\bE=(\d{1,10})\b")
_MESSAGE = re.compile(r"\bM=(.{1,200})", re.DOTALL)
_REASON_CODE = re.compile(r"\breason[ _-]?(?:code)?\s{0,3}[:=#(]?\s{0,3}(\d{1,3})\b", re.IGNORECASE)
_SEARCHED = 500


def mschap(text: str) -> tuple[str, tuple[Meaning, ...], str]:
    """Return the number of an MS-CHAP-Error, what it means, and the message beside it."""
    number, message = _ERROR.search(text[:_SEARCHED]), _MESSAGE.search(text[:_SEARCHED])
    code = number[1] if number else ""
    return code, _MSCHAP.get(code, ()), message[1] if message else ""


def nps(text: str) -> tuple[Meaning, ...]:
    """Return what an NPS reason code in a (short) text means; nothing where there is none."""
    found = _REASON_CODE.search(text)
    return _NPS.get(found[1].lstrip("0"), ()) if found else ()


def kerberos(code: str) -> tuple[Meaning, ...]:
    """Return what the number of a Kerberos error means."""
    return _KERBEROS.get(int(code) - _KERBEROS_BASE, ()) if code else ()
