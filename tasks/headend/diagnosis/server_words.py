# ruff: noqa: E501 - a table of phrases, one a line
"""What the words of common servers mean; a site adds its own in ``server_words.yaml``.

From syslog 113005 and 113015, Active Directory, NPS, ISE, FreeRADIUS, RSA (whose prompts the
headend itself compares in ``proxy-auth_map sdi``), Duo, Azure MFA and LDAP servers, as public
captures and manuals show them.
"""

from __future__ import annotations

from headend.diagnosis.foreign_words import FOREIGN
from headend.diagnosis.words import Saying, Words, phrases
from headend.model.diagnosis import Cause

_CODE = "passcode|tokencode|otp|totp|token|pin"
_FACTOR = "push|approval|mfa|2fa|duo|okta|factor|authenticator|notification"
# "Access denied, call the help desk" is about no factor.
_SECOND = f"call|verification|{_FACTOR}"
_ACCOUNT = "account|user|login|username"
_CLIENT = "device|endpoint|host|machine|computer|client"

BUILT_IN = Words(
    # The more special words come first: the first saying that fits counts.
    rejects=(
        Saying(Cause.TOKEN_REJECTED, 0.8, phrases(
            "one time password|passcode|code * expired|invalid|incorrect|wrong|failed",
            f"{_CODE} is|was|has * locked|disabled|lost|revoked",
            f"{_CODE} locked|disabled|revoked", f"{_CODE} * replayed|replay|reused", f"replayed|reused {_CODE}", "failcounter * exceeded", "fail counter * exceeded",
            "verification|security|authentication|access code * incorrect|invalid|wrong|rejected|expired|failed",
        )),
        Saying(Cause.TOKEN_NEW_PIN, 0.85, phrases(
            "new pin * required|needed|mode|rejected|invalid", "pin change|reset * required|needed", "pin * expired", "must * change|set|create * pin",
        )),
        Saying(Cause.TOKEN_NEXT_CODE, 0.85, phrases("next tokencode|passcode|code * required|mode|needed", "next token|pass|card code * required|mode|needed")),
        Saying(Cause.SIMULTANEOUS_LOGINS, 0.9, phrases(
            "simultaneous|concurrent login|logins|session|sessions|connections * exceeded|reached|limit|maximum",
            "maximum|many|limit * simultaneous|concurrent login|logins|session|sessions|connections",
            "too many active|open sessions|logins", "already logged in|on", "multiple logins|sessions",
        )),
        Saying(Cause.ACCOUNT_LOCKED, 0.95, phrases(
            "locked out", "lock out", "lockout", "is|been|currently|temporarily|now locked",
            f"{_ACCOUNT} locked", f"{_ACCOUNT} * is|was|been|temporarily locked",
            "administrative lock", f"locked {_ACCOUNT}", "exceed|exceeded|exceeds * password retry limit",
        )),
        Saying(Cause.ACCOUNT_LOCKED, 0.8, phrases(
            "too many|maximum * failed|bad|invalid|unsuccessful|login|password|authentication * attempts|tries|logins",
            "temporarily suspended|blocked|disabled", "suspended|disabled * failed|failures|attempts",
            "maximum|number * attempts|retries * exceeded|reached", "intruder detection",
            f"{_ACCOUNT} * blocked",
        )),
        Saying(Cause.PASSWORD_EXPIRED, 0.95, phrases(
            "password|passwd * expired", "expired password|passwd",
        )),
        Saying(Cause.ACCOUNT_DISABLED, 0.95, phrases(
            f"{_ACCOUNT} * disabled|deactivated|inactivated|suspended|inactive",
            f"disabled|deactivated|inactivated|suspended|inactive {_ACCOUNT}",
            f"{_ACCOUNT} is|was|been * not active|enabled",
        )),
        Saying(Cause.ACCOUNT_EXPIRED, 0.95, phrases(
            f"{_ACCOUNT} * expired", f"expired {_ACCOUNT}", "account * no longer valid",
            "account expiration|expiry", "expired on account", f"{_ACCOUNT} * validity * ended|over",
        )),
        Saying(Cause.ACCOUNT_EXPIRED, 0.7, phrases("access|contract|subscription|membership * expired")),
        Saying(Cause.PASSWORD_EXPIRED, 0.6, phrases("password is expiring", "password * will expire")),
        Saying(Cause.PASSWORD_MUST_CHANGE, 0.9, phrases(
            "must|needs|required|have|has|please * change|reset * password", "must|please change|reset password",
            "password|it must be changed|reset", "password|passwd * must|needs|required * change|changed|changing|reset",
            "password change|reset * required|needed", "new password * required", "change your password", "change|reset password at|on|before",
        )),
        Saying(Cause.LOGON_HOURS, 0.85, phrases(
            "logon|login|access|working|business hours", "outside|out * hours|time|times",
            "not|cannot|may permitted|allowed|not|log|logon * at this time|hour|day",
            "cannot|not|denied|restricted * at this time|hour|day * not|denied|restricted",
            "time * day|logon|login restriction|restrictions", "time restriction|restrictions|restricted",
            "restricted * hours|time", "not within * hours|time", "outside * timespan|timeslot|window|period|schedule", "bad|invalid login|logon time",
        )),
        Saying(Cause.POSTURE_FAILED, 0.85, phrases(
            "not|non compliant", "noncompliant", "posture|compliance * fail|failed|failure|unknown|not",
            f"{_CLIENT} * not * compliant|managed|trusted|requirements|registered",
            "posture|antivirus|firewall * out|missing|disabled|required",
        )),
        Saying(Cause.LOGON_WORKSTATION, 0.85, phrases(
            "not|cannot * this|that|from workstation|computer|station", "workstation * not|denied|restricted|restriction|restrictions|invalid",
            "invalid|restricted workstation", "calling station * not|denied|restricted",
            "from|at this|that computer|workstation|station|machine * not|denied|forbidden",
        )),
        Saying(Cause.GROUP_POLICY_MISSING, 0.9, phrases(
            "group policy * not found", "invalid|unknown|bad|nonexistent group policy", "group policy name * invalid|unknown", "group policy * does not exist", "group policy * missing", "no group policy",
        )),
        Saying(Cause.SERVER_NOT_CONFIGURED, 0.9, phrases(
            "group * has|contains no|0 server|servers|hosts", "no * server|servers|host * configured|defined",
            "no server|servers in * group", "server group * not found|configured|defined|exist", "no such server group", "invalid|unknown server group",
        )),
        Saying(Cause.ACCOUNT_UNKNOWN, 0.9, phrases(
            f"unknown {_ACCOUNT}", f"no such {_ACCOUNT}|object|entry", f"{_ACCOUNT}|subject|identity not found|known|recognized",
            f"{_ACCOUNT}|subject|identity * was|is|could|cannot|can not|be * found|known|recognized",
            f"{_ACCOUNT} * does|did|doesn not|t exist", f"not * a|an known|valid|registered {_ACCOUNT}",
            f"{_ACCOUNT} * not exist", f"{_ACCOUNT} unknown", "client|principal not found", "not|cannot find|locate|resolve user|username|account", "unable|failed to find|locate|resolve user|username|account", "no account * for|with|named",
        )),
        Saying(Cause.CLOCK_SKEW, 0.9, phrases(
            "clock|time skew", "clock|clocks * differ|differs|synchronized|synchronised|sync|off",
        )),
        Saying(Cause.MFA_TIMEOUT, 0.85, phrases(
            f"{_SECOND} * timed|time out", f"{_SECOND} * timeout|expired|unanswered", f"{_SECOND} * not answered|approved|confirmed|received",
            f"{_SECOND} * no response|answer|reply", f"timeout|unanswered|expired * {_FACTOR}", f"timed|time out * {_FACTOR}",
            f"no|not * response|answer|answered * {_FACTOR}", "login|logon|sign timed|time out", "login|logon|sign in|on request * timed|time out|expired",
            "login|logon request * timed|time out", "timed|time out waiting", "not approved|confirmed * in time",
            "authentication request * timed|time out|expired", "no keys pressed", "no user response", "not respond|answer|confirm * call|phone|device|push|notification",
            "no response|answer|reply * phone|mobile|device|app", "phoneappnoresponse|usernoresponse|usertimeout",
        )),
        Saying(Cause.MFA_DENIED, 0.85, phrases(
            f"{_SECOND}|request * denied|declined|refused|rejected|fraud|fraudulent|cancelled|canceled",
            f"denied|declined|refused|rejected|cancelled|canceled * {_FACTOR}", f"{_FACTOR} * denies|blocks|forbids", "denied|declined|rejected|refused by * user",
            "user denied|declined|rejected|refused", "reported|marked * fraud|fraudulent", "fraud reported|alert|detected",
            # Reasons of the NPS extension for Azure, as its event log writes them.
            "phoneappdenied|phonedeclined|userdeclined|fraudcodeentered",
        )),
        Saying(Cause.MFA_DENIED, 0.6, phrases(
            "cannot|not authenticate|allowed * with duo|mfa", "not enrolled|registered * duo|mfa|2fa|factor",
            f"{_ACCOUNT} * not enrolled", "not enrolled",
        )),
        Saying(Cause.TOKEN_REQUIRED, 0.85, phrases(
            f"{_CODE} * required|missing|needed|expected|absent|empty", f"missing|requires|require|without|provide|supply * {_CODE}",
            f"append * {_CODE}", "one time password|passcode|code * required|missing|needed",
            "second|two|multi factor * required|missing|needed", "no passcode|tokencode|otp",
            "no|without one time password|passcode|code", "no token code", "must|please * use|enter|provide|supply * token|passcode|tokencode|otp",
        )),
        Saying(Cause.TOKEN_REQUIRED, 0.65, phrases(
            "no|without token|tokens|device|devices|authenticator * assigned|found|registered|enrolled", "enroll|enrol|enrollment|enrolment * device|required|at|https|mfa|factor",
        )),
        Saying(Cause.TOKEN_REJECTED, 0.85, phrases(
            f"{_CODE} * incorrect|invalid|wrong|rejected|refused|reuse|reused|used|fail|failed|failure|expired|mismatch|bad",
            f"incorrect|invalid|wrong|bad|expired|reused|used|failed * {_CODE}",
            "token|one|verification|security code|time * incorrect|invalid|wrong|rejected|reused|used|expired",
            "incorrect|invalid|wrong|bad * code", "already * used",
        )),
        Saying(Cause.BAD_CREDENTIALS, 0.8, phrases(
            "incorrect|invalid|wrong|bad password|passwd|username|credential|credentials|login|logon",
            "incorrect|invalid|wrong|bad user name|or|password|id", "incorrect|invalid|wrong|bad * password",
            "login|logon incorrect|invalid", "preauthentication failed", "pre authentication failed", "password|credentials * incorrect|invalid|wrong|malformed|mismatch|match|failed",
        )),
        Saying(Cause.GROUP_NOT_AUTHORIZED, 0.85, phrases(
            "denyaccess", "authorization|authorisation policy * denied|deny|matched", "not|isn * member|part of", "not have * permission|permissions|right|rights|privilege|privileges|access", "not * in|belong|belongs * group|groups", "group membership",
            "no|not|denied|deny|without * dialin|dial|remote|vpn access|in|permission|permissions|right|rights",
            "dialin|dial|vpn|remote * denied|disabled|forbidden|not|no * allowed|permitted|authorized|authorised|enabled|permission|granted",
            "dial in * denied|disabled|forbidden", "dialin|vpn|remote access|permission|login|logon * denied|disabled|forbidden",
            "not|isn authorized|authorised|allowed|permitted|entitled|granted * vpn|remote|connect|access|service|network|login|log",
            "no|not * matching|matched|match * policy|rule|group", "rejected|denied * authorization|authorisation|network|access profile|policy|rule", "authorization|authorisation|network|access profile|policy|rule * rejected|denied|deny",
            "insufficient|lacks|lack * privilege|privileges|rights|permission|permissions",
        )),
        Saying(Cause.SERVER_UNREACHABLE, 0.8, phrases(
            "no active|available|live|reachable server|servers", "server|servers|service|directory|controller|controllers|backend|ldap|radius|kdc * unavailable|unreachable|down|offline",
            "server|service|directory|controller|backend|ldap|radius|kdc * not available|accessible|reachable|responding|answering",
            "server|backend|directory|ldap|controller timeout|timed", "cannot|can|unable|failed|could * contact|reach|connect * server|directory|controller|backend|kdc|domain",
        )),
        Saying(Cause.SERVER_SECRET_MISMATCH, 0.8, phrases("bad|invalid|wrong authenticator", "shared secret * mismatch|wrong|differs|incorrect")),
        Saying(Cause.SERVER_BIND_FAILED, 0.8, phrases("ldap|administrator|service bind failed|failure|error", "failed|unable to bind")),
        Saying(Cause.LOGON_WORKSTATION, 0.6, phrases("workstation|workstations")),
        *FOREIGN.rejects,
    ),
    prompts=(
        Saying(Cause.TOKEN_NEXT_CODE, 0.9, phrases(
            "next passcode|tokencode|code", "next pass|token|card|tok code", "wait * change|changes|next", "pin with * next", "enter * next * code|tokencode|passcode",
        )),
        Saying(Cause.TOKEN_NEW_PIN, 0.9, phrases(
            "new * pin", "reenter|confirm|own pin", "re enter|confirm * pin", "system generated pin", "pin must|has|have * be",
            "generate * pin", "pin * expired", "pin * changed|change|reset", "create|choose|set|select * pin",
        )),
        Saying(Cause.PASSWORD_EXPIRED, 0.85, phrases("password * expired", "expired password")),
        Saying(Cause.PASSWORD_MUST_CHANGE, 0.85, phrases(
            "new password", "change|reset password", "change|reset your|the password", "password must|needs * changed|reset|change",
        )),
        Saying(Cause.MFA_TIMEOUT, 0.8, phrases(
            "push|notification * sent|was", "sent * push|notification", "approve * phone|device|request|push|login|sign|app",
            "confirm|accept|acknowledge * phone|device|app|notification|request", "check|look|at your phone|device|mobile", "calling you|your", "call * placed|made",
        )),
    ),
    token_groups=(
        "rsa", "sdi", "securid", "token", "tokens", "otp", "totp", "hotp", "duo", "mfa", "2fa", "2factor", "twofactor", "secondfactor",
        "passcode", "yubi", "yubikey", "yubico", "okta", "safenet", "vasco", "onespan", "entrust", "authenticator", "radiusproxy", "privacyidea",
        "linotp", "gemalto", "smsotp", "pingid", "cryptocard", "swivel",
    ),
)  # fmt: skip
