"""What AnyConnect or Cisco Secure Client wrote on the user's machine, as events."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headend.model.event import Event
from headend.parse.facility import Facility, FacilityReader
from headend.parse.fsm import Row, Template

if TYPE_CHECKING:
    from headend.model.line import Line

MESSAGES = Facility(
    "client",
    "cisco_asa_client_message.textfsm",
    (
        ("contacting", "contacting"),
        ("credentials", "credentials"),
        ("before-logon", "sbl"),
        ("certificates", "found"),
        ("certificate-missing", "certificate_missing"),
        ("certificate-refused", "certificate_refused"),
        ("certificate-mismatch", "certificate_mismatch"),
        ("certificate-expired", "certificate_expired"),
        ("mechanism", "mechanism"),
        ("access-criteria", "criteria"),
        ("password-expired", "password_expired"),
        ("too-many", "too_many"),
        ("license", "license"),
        ("no-address", "no_address"),
        ("draining", "draining"),
        ("posture-failed", "posture_failed"),
        ("denied", "denied"),
        ("sso-failed", "sso_failed"),
        ("cancelled", "cancelled"),
        ("unattended", "unattended"),
        ("no-permission", "no_permission"),
        ("login-failed", "login_failed"),
        ("timed-out", "timed_out"),
        ("unreached", "unreached"),
        ("untrusted-server", "untrusted_server"),
        ("communication", "communication"),
        ("failed", "connection_failed"),
        ("connected", "connected"),
        ("ready", "ready"),
    ),
)
_SEPARATOR, _NUMBER = re.compile(r"[/.-]"), re.compile(r"\d{1,2}")
_HALF_A_DAY, _MONTHS, _DAYS, _CENTURY = 12, 12, 31, 2000


class ClientReader:
    """Reads the lines of a client's log: their shape, then the trace, then the words."""

    template = "cisco_asa_client_log.textfsm"

    def __init__(self) -> None:
        self._trace = Template("cisco_asa_client_trace.textfsm")
        self._words = Template(MESSAGES.template)
        self._messages = FacilityReader(MESSAGES)

    def kind(self, _row: Row) -> str:
        """Return what kind of event a row is: what it means is told by the words in it."""
        return "message"

    def take(self, line: Line, _kind: str, row: Row) -> tuple[Event, ...]:
        """Return what a row that ``line`` gave means."""
        for trace in self._trace.feed(row["message"]).rows:
            for said in (trace.get("text", ""), trace.get("name", "")):
                for words in self._words.feed(said).rows if said else ():
                    kind = self._messages.kind(words)
                    if kind:
                        return self._messages.take(line, kind, {**words, **_stamp(row)})
        return ()


def _stamp(row: Row) -> dict[str, str]:
    if "stamp" in row:
        return {"stamp": row["stamp"]}
    day, clock = row.get("day") or row.get("date", ""), row.get("clock") or row.get("time", "")
    stamp = moment(day, clock)
    return {"stamp": stamp} if stamp else {}


def moment(date: str, time: str) -> str | None:
    """Return ``11/23/2026`` and ``8:10:00 AM`` as ``2026-11-23T08:10:00``.

    Windows writes dates as the user's country does: the month comes first unless it cannot be
    one, and a date with points begins with the day. What is no date is ``None``.
    """
    if not date or not time:
        return None
    month, day, year = (int(part) for part in _SEPARATOR.split(date))
    if month > _DAYS:
        year, month, day = month, day, year
    elif month > _MONTHS or "." in date:
        month, day = day, month
    hour, minute, second = (int(part) for part in _NUMBER.findall(time)[:3])
    half = time.casefold().replace(".", "").strip()[-2:]
    if half in {"am", "pm"}:
        hour = hour % _HALF_A_DAY + (_HALF_A_DAY if half == "pm" else 0)
    year += _CENTURY if year < 100 else 0  # noqa: PLR2004 - a year of two digits
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
