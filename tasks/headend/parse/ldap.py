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


class LdapReader(FacilityReader):
    """Reads ``debug ldap``; the lines below ``LDAP Search:`` get the id of that search."""

    def __init__(self) -> None:
        super().__init__(LDAP)
        self._search = ""

    def take(self, line: Line, kind: str, row: Row) -> tuple[Event, ...]:
        """Return what a row of LDAP debug says."""
        if kind == "search":
            self._search = row["id"]
        elif kind in _KEYLESS:
            row = {**row, "id": self._search}
        elif kind == "bind" and "success_user" in row:
            kind = "success"
        return (Event("ldap", kind, line, row),)
