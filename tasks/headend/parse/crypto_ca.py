"""What ``debug crypto ca`` says of a client certificate, as events."""

from __future__ import annotations

from headend.parse.facility import Facility

CRYPTO_CA = Facility(
    "crypto-ca",
    "cisco_asa_debug_crypto_ca.textfsm",
    (
        ("begun", "begun"),
        ("untrusted", "untrusted"),
        ("certificate", "certificate"),
        ("usage", "usage"),
        ("no-usage", "no_usage"),
        ("usage-ok", "usage_ok"),
        ("expired", "expired"),
        ("revoked", "revoked"),
        ("missing", "no_certificate"),
        ("unchecked", "unchecked"),
        ("no-map", "no_map"),
        ("validated", "validated"),
        ("failed", "failed"),
        ("trustpoint", "trustpoint"),
        ("mapped", "tunnel_group"),
    ),
)

OTHER = Facility("other", "cisco_asa_debug_other.textfsm", ())
