# ruff: noqa: E501 - advice is read by people, a sentence a line
"""What to do next for each cause, claiming no more than the evidence does."""

from __future__ import annotations

from headend.model.diagnosis import Cause

_PASSWORD_RIGHT = "The directory gives this code only for the right password: do not reset it."  # noqa: S105 - advice

ADVICE: dict[Cause, tuple[str, ...]] = {
    Cause.BAD_CREDENTIALS: (
        "Have the user retype the name and password; look for a cached old password.",
        "This does not say that the account is fine: a wrong password can hide that it is disabled or expired.",
    ),
    Cause.ACCOUNT_UNKNOWN: (
        "Compare the typed name with the directory, and the search base and naming attribute of the server group with where the account is.",
    ),
    Cause.ACCOUNT_LOCKED: (
        "Unlock the account after you know what locked it; old saved passwords lock it again.",
        "A lock-out is answered to a wrong password too: this does not say the password was right.",
    ),
    Cause.ACCOUNT_DISABLED: (
        "Ask the directory team why the account is disabled before it is enabled.",
    ),
    Cause.ACCOUNT_EXPIRED: ("Ask the account's owner to extend it in the directory.",),
    Cause.PASSWORD_EXPIRED: (
        "Have the user change the password by another way, or set password-management on the tunnel group.",
    ),
    Cause.PASSWORD_MUST_CHANGE: (
        "Have the user set a new password by another way, or set password-management on the tunnel group.",
    ),
    Cause.LOGON_HOURS: ("Compare the account's logon hours with the time of the attempt.",),
    Cause.LOGON_WORKSTATION: (
        "Look at the account's list of workstations: the headend logs on from its own name.",
    ),
    Cause.TOKEN_REQUIRED: (
        "Ask whether the user has a token and was shown the prompt; the policy wants a second factor here.",
        "To let this user in without it, plan a policy change: do not weaken the shared group.",
    ),
    Cause.TOKEN_REJECTED: (
        "Have the user wait for a fresh code and enter it once, then look at the token server's log.",
        "Compare the clocks of headend, token and token server.",
    ),
    Cause.TOKEN_NEXT_CODE: (
        "Have the user wait for the next code and enter that; resynchronise the token if it asks again.",
    ),
    Cause.TOKEN_NEW_PIN: (
        "Have the user set a new PIN at the token server's self-service page, or clear the PIN there.",
    ),
    Cause.MFA_TIMEOUT: (
        "Ask whether a push or call arrived; compare the server's timeout on the headend (60 s is usual) with the push.",
    ),
    Cause.MFA_DENIED: (
        "Ask whether the user refused the push; if not, treat it as a stolen password.",
    ),
    Cause.CERTIFICATE_MISSING: (
        "Look whether the certificate is in a store that the client may read; before Windows logon only the machine store is.",
    ),
    Cause.CERTIFICATE_STORE_LOCKED: (
        "Issue a machine certificate: the user's store is closed before Windows logon.",
    ),
    Cause.CERTIFICATE_EXPIRED: (
        "Renew the certificate; compare the headend's clock if it is still valid.",
    ),
    Cause.CERTIFICATE_UNTRUSTED: (
        "Compare the issuer with the trustpoints that may validate clients.",
    ),
    Cause.CERTIFICATE_REVOKED: (
        "Ask the certificate team why it was revoked, and issue a new one.",
    ),
    Cause.CERTIFICATE_REVOCATION_UNAVAILABLE: (
        "See whether the headend reaches the CRL or OCSP address; others with this issuer fail too.",
    ),
    Cause.CERTIFICATE_MISMATCH: (
        "Compare the certificate's subject with the certificate maps and with username-from-certificate.",
    ),
    Cause.CERTIFICATE_USAGE: (
        "Issue a certificate whose extended key usage includes client authentication.",
    ),
    Cause.SERVER_UNREACHABLE: (
        "Test the path from the headend's interface to the server, and whether the server knows the headend: others fail too.",
        "A server that drops a request it cannot verify looks the same: compare the shared secret.",
    ),
    Cause.SERVER_SECRET_MISMATCH: (
        "Set the same shared secret on headend and server again; every user of this server fails.",
    ),
    Cause.SERVER_BIND_FAILED: (
        "See whether the headend's own bind account is locked, expired or has a new password; every user fails.",
    ),
    Cause.SERVER_TLS_FAILED: (
        "Look at the server's certificate and the trustpoint that validates it.",
    ),
    Cause.SERVER_NOT_CONFIGURED: (
        "Look whether the tunnel group's server group exists and has a server in service.",
    ),
    Cause.CLOCK_SKEW: ("Compare the clocks of headend and server, and their NTP state.",),
    Cause.TUNNEL_GROUP_WRONG: (
        "Have the user choose their own group; compare the group lock with the groups this user may need.",
    ),
    Cause.GROUP_NOT_AUTHORIZED: (
        "Compare the user's directory groups with the attribute map's values.",
    ),
    Cause.GROUP_POLICY_MISSING: (
        "Create the named group policy, or mend the name that the server or map returns.",
    ),
    Cause.GROUP_POLICY_DENIED: (
        "Read the group policy's protocols, hours and vpn-simultaneous-logins (0 lets nobody in).",
    ),
    Cause.SIMULTANEOUS_LOGINS: (
        "Look for the user's other sessions with show vpn-sessiondb before one is ended.",
    ),
    Cause.DAP_DENIED: (
        "Read the named DAP records: their conditions are in dap.xml, not in the running configuration.",
    ),
    Cause.POSTURE_FAILED: ("Look at the posture report of the client.",),
    Cause.SAML_FAILED: (
        "Compare entity ids, signing certificate and clocks with the identity provider.",
    ),
    Cause.LICENSE_EXHAUSTED: (
        "Compare show vpn-sessiondb license-summary with the licence and the configured session limit.",
    ),
    Cause.ADDRESS_POOL_EXHAUSTED: ("Look at the pool's free addresses with show ip local pool.",),
    Cause.CLIENT_SHUNNED: (
        "See show shun and why the address failed so often before it is freed.",
    ),
    Cause.HEADEND_DRAINING: ("Send the user to another headend, or see who scheduled the reload.",),
    Cause.CLIENT_ABORTED: ("Have the user try once more and wait for the end.",),
    Cause.UNKNOWN: (
        "Read the lines that no reader knew, and repeat the attempt with the debugs of the unseen stages.",
    ),
}
# 530, 531, 532, 533, 701 and 773 are only answered to the right password.
PASSWORD_WAS_RIGHT = _PASSWORD_RIGHT
