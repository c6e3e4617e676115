"""What ``debug ldap 255`` says, as events that all carry the id of their exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.model.event import Event
from headend.parse.facility import Facility, FacilityReader

if TYPE_CHECKING:
    from headend.model.line import Line
    from headend.parse.fsm import Row

LDAP = Facility(
    "ldap",
    "cisco_asa_debug_ldap.textfsm",
    (
        ("started", "started"),
        ("request", "request_type"),
        ("connect", "connect"),
        ("context", "uri"),
        ("unreachable", "unreachable"),
        ("bind-result", "return_code"),
        ("admin-bind-failed", "admin_code"),
        ("binding", "bind_as"),
        ("bind", "bind_host"),
        ("response", "response_user"),
        ("sub-code", "subcode"),
        ("message", "message"),
        ("search-failed", "search_failed"),
        ("search", "search"),
        ("user-dn", "user_dn"),
        ("policy-read", "policy_user"),
        ("bad-count", "bad_count"),
        ("invalid-password", "invalid_user"),
        ("mapped", "mapped_attribute"),
        ("account-control", "account_control"),
        ("attribute", "attribute"),
        ("tls-failed", "tls_failed"),
        ("referral", "referral"),
        ("exit", "status"),
        ("ended", "ended"),
        ("filter", "filter_attribute"),
        ("base", "base_dn"),
        ("scope", "scope"),
    ),
)
_KEYLESS = frozenset({"filter", "base", "scope"})


class LdapReader:
    """Reads ``debug ldap``; the lines below ``LDAP Search:`` get the id of that search."""

    template = LDAP.template

    def __init__(self) -> None:
        self._reader = FacilityReader(LDAP)
        self._search = ""

    def take(self, line: Line, row: Row) -> tuple[Event, ...]:
        """Return what a row of LDAP debug says."""
        event = self._reader.event(line, row)
        return (self._keyed(event),) if event is not None else ()

    def _keyed(self, event: Event) -> Event:
        if event.kind == "search":
            self._search = event.fields["id"]
        elif event.kind in _KEYLESS:
            return Event(
                event.facility, event.kind, event.line, {**event.fields, "id": self._search}
            )
        elif event.kind == "bind" and "success_user" in event.fields:
            return Event(event.facility, "success", event.line, event.fields)
        return event
