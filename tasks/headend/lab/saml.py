"""A login by SAML: what the headend says of the assertion that the browser brings back."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

from headend.lab.box import Box
from headend.lab.clock import now
from headend.lab.debug_filter import Whose
from headend.lab.trace import SAML, SAML_DETAIL, lines

Assertion = Literal["valid", "expired", "audience", "signature"]
FAILED: Final = "Authentication failed due to problem retrieving the single sign-on cookie."
_REASONS: Final = {
    "expired": "assertion is expired or not valid",
    "audience": "assertion audience is invalid",
    "signature": "The profile cannot verify a signature on the message",
}
_HOUR: Final = timedelta(hours=1)


def consume(box: Box, whose: Whose, assertion: Assertion) -> str:
    """Judge an assertion; return the client's message when it is refused."""
    box.publish(lines(SAML, "[SAML] build_authnrequest:"), whose)
    box.publish(lines(SAML_DETAIL, f"[SAML] NameID: {whose.user}"), whose)
    if assertion == "valid":
        return ""
    begins = now() - 2 * _HOUR
    window = f"NotBefore:{begins:%Y-%m-%dT%H:%M:%S.101Z} "
    window += f"NotOnOrAfter:{begins + _HOUR:%Y-%m-%dT%H:%M:%S.101Z} timeout: 0"
    reason = _REASONS[assertion]
    box.publish(
        lines(
            SAML_DETAIL,
            f"{now():%b %d %H:%M:%S} [SAML] consume_assertion: {reason}",
            *([f"{now():%b %d %H:%M:%S} [SAML] {window}"] if assertion == "expired" else []),
            "[saml] webvpn_login_primary_username: SAML assertion validation failed",
        ),
        whose,
    )
    return FAILED
