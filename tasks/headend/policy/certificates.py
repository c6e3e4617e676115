"""Which certificate map entry a certificate meets."""

from __future__ import annotations

from collections.abc import Mapping

from headend.model.policy import ClientCertificate
from headend.policy.configuration import Line


def matches(entry: Line, certificate: ClientCertificate) -> bool | None:
    """Return whether all criteria of a map entry hold, ``None`` where that cannot be told.

    An entry without criteria matches nobody here. Strings are compared without case: headends
    store them in lower case (NETSPOC, asa_parse.t).
    """
    results = [_holds(rule.words, certificate) for rule in entry.children]
    if False in results or not results:
        return False
    return None if None in results else True


def _holds(rule: list[str], certificate: ClientCertificate) -> bool | None:
    kind = rule[0].lower()
    if kind == "extended-key-usage":
        return _compared(rule[1:], " ".join(certificate.usages))
    parts: Mapping[str, str] | None = {
        "subject-name": certificate.subject,
        "issuer-name": certificate.issuer,
        "alt-subject-name": {"": certificate.upn},
    }.get(kind)
    if parts is None:
        return None
    if rule[1:2] == ["attr"]:
        return _compared(rule[3:], parts.get(rule[2].lower(), ""))
    if len(rule) > 1 and rule[1] in {"eq", "ne"} and kind != "alt-subject-name":
        # How a headend writes a whole name before it compares it is not known.
        return None
    return _compared(
        rule[1:], ",".join(f"{tag}={value}".lstrip("=") for tag, value in parts.items())
    )


def _compared(rest: list[str], have: str) -> bool | None:
    operator, wanted = rest[0] if rest else "", " ".join(rest[1:]).lower()
    have = have.lower()
    return {
        "eq": have == wanted,
        "ne": have != wanted,
        "co": wanted in have,
        "nc": wanted not in have,
    }.get(operator)
