"""What ``debug webvpn saml`` says, as events."""

from __future__ import annotations

from headend.parse.facility import Facility

SAML = Facility(
    "saml",
    "cisco_asa_debug_saml.textfsm",
    (
        ("refused", "refused"),
        ("window", "not_before"),
        ("failed", "failed"),
        ("user", "name_label"),
        ("library", "library"),
    ),
)
