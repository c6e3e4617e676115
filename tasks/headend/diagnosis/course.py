"""The main moments of an attempt in their order: what client, headend and servers did, and when."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from headend.diagnosis.attempt import evidence, when
from headend.diagnosis.client_words import CLIENT
from headend.model.diagnosis import Lane, Moment
from headend.parse.stamp import has_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headend.diagnosis.attempt import Attempt
    from headend.model.event import Event

# What a person can follow; a login that repeats itself says nothing new after these.
_MOST = 60
_WORDS = 160
_REPLY_MESSAGE = "18"
_PLACE = re.compile(r"\{(\w+)\}")

# What each event of a headend's debug tells, with the values that it must carry for it.
_TELLS: Mapping[tuple[str, str], tuple[Lane, str]] = {
    ("aaa", "opened"): (Lane.HEADEND, "AAA session {opened} opened"),
    ("aaa", "step"): (Lane.HEADEND, "{step}: {server_group}"),
    ("aaa", "no-server"): (Lane.HEADEND, "No server to ask"),
    ("aaa", "status"): (Lane.HEADEND, "{status_of}: {status_word}"),
    ("aaa", "error"): (Lane.HEADEND, "{error}"),
    ("aaa", "final"): (Lane.HEADEND, "Final status: {final}"),
    ("aaa", "closed"): (Lane.HEADEND, "AAA session {closed} closed"),
    ("radius", "send"): (Lane.SERVER, "{send_to} asked"),
    ("radius", "bad-authenticator"): (Lane.HEADEND, "The answer's authenticator is wrong"),
    ("radius", "verdict"): (Lane.SERVER, "Answer: {verdict}"),
    ("radius", "timeout"): (Lane.SERVER, "No answer in time"),
    ("ldap", "connect"): (Lane.SERVER, "Directory asked"),
    ("ldap", "unreachable"): (Lane.SERVER, "Directory not reached"),
    ("ldap", "admin-bind-failed"): (Lane.SERVER, "The headend's own bind failed"),
    ("ldap", "success"): (Lane.SERVER, "Password accepted"),
    ("ldap", "sub-code"): (Lane.SERVER, "Bind refused, data {subcode}"),
    ("ldap", "invalid-password"): (Lane.SERVER, "Password refused"),
    ("ldap", "tls-failed"): (Lane.SERVER, "TLS with the directory failed"),
    ("sdi", "new-pin"): (Lane.SERVER, "New PIN asked for"),
    ("sdi", "next-code"): (Lane.SERVER, "Next code asked for"),
    ("sdi", "rejected"): (Lane.SERVER, "Code refused"),
    ("sdi", "accepted"): (Lane.SERVER, "Code accepted"),
    ("sdi", "timeout"): (Lane.SERVER, "No answer in time"),
    ("tacacs", "send"): (Lane.SERVER, "Server asked"),
    ("tacacs", "verdict"): (Lane.SERVER, "Answer: {verdict}"),
    ("tacacs", "timeout"): (Lane.SERVER, "No answer in time"),
    ("tacacs", "bad-secret"): (Lane.HEADEND, "The shared secret does not fit"),
    ("kerberos", "request"): (Lane.SERVER, "Key server asked"),
    ("kerberos", "error"): (Lane.SERVER, "Answer: {error}"),
    ("saml", "refused"): (Lane.HEADEND, "Assertion refused"),
    ("saml", "failed"): (Lane.HEADEND, "Assertion not usable"),
    ("dap", "selected"): (Lane.HEADEND, "Access policy selected"),
    ("dap", "terminate"): (Lane.HEADEND, "Access policy ends the session"),
    ("webvpn", "no-address"): (Lane.HEADEND, "No address to give"),
    ("crypto-ca", "certificate"): (Lane.HEADEND, "Client certificate looked at"),
    ("crypto-ca", "validated"): (Lane.HEADEND, "Client certificate valid"),
    ("crypto-ca", "untrusted"): (Lane.HEADEND, "Client certificate not trusted"),
    ("crypto-ca", "expired"): (Lane.HEADEND, "Client certificate expired"),
    ("crypto-ca", "revoked"): (Lane.HEADEND, "Client certificate revoked"),
    ("crypto-ca", "missing"): (Lane.HEADEND, "No client certificate"),
    ("crypto-ca", "no-map"): (Lane.HEADEND, "No certificate map fits"),
    ("crypto-ca", "failed"): (Lane.HEADEND, "Client certificate refused"),
}
_CLIENT: Mapping[str, str] = {
    "contacting": "Contacts {gateway}",
    "credentials": "User name and password entered",
    "before-logon": "Runs before Windows logon",
    "certificates": "Finds {found} certificates",
    "certificate-missing": "Finds no certificate",
    "certificate-refused": "Shows: certificate validation failure",
    "certificate-mismatch": "Shows: certificate mismatch",
    "certificate-expired": "Shows: certificate expired",
    "login-failed": "Shows: login failed",
    "denied": "Shows: login denied",
    "connected": "Connected",
}


def course(attempt: Attempt) -> tuple[Moment, ...]:
    """Return the moments of ``attempt``, in the order of their times where they have one."""
    found = []
    for entry in attempt.entries:
        told = _told(entry.event)
        if told is not None:
            lane, words = told
            at = _at(attempt, entry.event)
            found.append(Moment(at, lane, words[:_WORDS], entry.stage, evidence(entry)[0]))
            if len(found) == _MOST:
                break
    # A sort keeps the order of the lines where the times are the same or are not known.
    if all(one.at is not None for one in found):
        found.sort(key=lambda one: datetime.fromisoformat(one.at or ""))
    return tuple(found)


def _told(event: Event) -> tuple[Lane, str] | None:
    fields = event.fields
    if event.facility == CLIENT:
        return Lane.CLIENT, _filled(_CLIENT.get(event.kind, event.kind.replace("-", " ")), fields)
    if event.facility == "syslog":
        text = event.line.text.partition(f"-{event.kind}: ")[2]
        return Lane.HEADEND, text or f"Syslog {event.kind}"
    if (event.facility, event.kind) == ("radius", "attribute"):
        said = fields.get("type") == _REPLY_MESSAGE and "vendor" not in fields
        return (Lane.SERVER, f'Says "{fields.get("value", "")}"') if said else None
    lane_words = _TELLS.get((event.facility, event.kind))
    return None if lane_words is None else (lane_words[0], _filled(lane_words[1], fields))


def _filled(words: str, fields: Mapping[str, str]) -> str:
    # In one pass: a value that holds braces is no template.
    return _PLACE.sub(lambda place: fields.get(place[1], ""), words).rstrip(": ")


def _at(attempt: Attempt, event: Event) -> str | None:
    if event.facility == CLIENT:
        found = when(event)
        clock = attempt.client_clocks.get(event.line.source)
        if found is not None and clock is not None:
            found -= timedelta(seconds=clock.seconds)
    elif event.line.received is not None:
        found = datetime.fromtimestamp(event.line.received, UTC)
    else:
        found = when(event)
    return found.astimezone(UTC).isoformat() if found is not None and has_year(found) else None
