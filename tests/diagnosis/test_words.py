# ruff: noqa: E501 - a table of messages, one a line
"""What messages of common servers mean, and which mean nothing that we know."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headend.diagnosis.server_words import BUILT_IN
from headend.diagnosis.words import Phrase
from headend.model.diagnosis import Cause

REJECTS = {
    # Syslog 113005, 113015, 113013.
    "Account has been locked out": Cause.ACCOUNT_LOCKED,
    "Administrative lock": Cause.ACCOUNT_LOCKED,
    "Users account has expired": Cause.ACCOUNT_EXPIRED,
    "User was not found": Cause.ACCOUNT_UNKNOWN,
    "Password malformed": Cause.BAD_CREDENTIALS,
    "Simultaneous logins exceeded for user": Cause.SIMULTANEOUS_LOGINS,
    "Server group has no servers": Cause.SERVER_NOT_CONFIGURED,
    "Group policy GP-OLD not found": Cause.GROUP_POLICY_MISSING,
    # ISE.
    "24415 User authentication against Active Directory failed since user's account is locked out": Cause.ACCOUNT_LOCKED,
    "24409 User authentication against Active Directory failed since the user's account is disabled": Cause.ACCOUNT_DISABLED,
    "24414 User authentication against Active Directory failed since the user's account has expired": Cause.ACCOUNT_EXPIRED,
    "24410 User authentication against Active Directory failed since the user's password has expired": Cause.PASSWORD_EXPIRED,
    "24407 User authentication against Active Directory failed since user is required to change his password": Cause.PASSWORD_MUST_CHANGE,
    "24408 User authentication against Active Directory failed since user has entered the wrong password": Cause.BAD_CREDENTIALS,
    "22056 Subject not found in the applicable identity store(s)": Cause.ACCOUNT_UNKNOWN,
    "15039 Rejected per authorization profile": Cause.GROUP_NOT_AUTHORIZED,
    # Duo, Okta, Azure.
    "Login timed out.": Cause.MFA_TIMEOUT,
    "Login request denied.": Cause.MFA_DENIED,
    "Incorrect passcode. Please try again.": Cause.TOKEN_REJECTED,
    "Your account is locked. Contact your administrator": Cause.ACCOUNT_LOCKED,
    "No keys pressed": Cause.MFA_TIMEOUT,
    "MFA denied: the user reported fraud": Cause.MFA_DENIED,
    "The push notification was not answered": Cause.MFA_TIMEOUT,
    # RSA, privacyIDEA, others for tokens.
    "Next tokencode required": Cause.TOKEN_NEXT_CODE,
    "New PIN required": Cause.TOKEN_NEW_PIN,
    "wrong otp value": Cause.TOKEN_REJECTED,
    "previous otp used again": Cause.TOKEN_REJECTED,
    "Failcounter exceeded": Cause.TOKEN_REJECTED,
    "Your one-time password has expired": Cause.TOKEN_REJECTED,
    "The user has no tokens assigned": Cause.TOKEN_REQUIRED,
    "Passcode required. Append your token code to the password.": Cause.TOKEN_REQUIRED,
    # FreeRADIUS and directories.
    "You are already logged in - access denied": Cause.SIMULTANEOUS_LOGINS,
    "You are calling outside your allowed timespan": Cause.LOGON_HOURS,
    "Account inactivated. Contact system administrator.": Cause.ACCOUNT_DISABLED,
    "Exceed password retry limit. Please try later.": Cause.ACCOUNT_LOCKED,
    "NDS error: log account expired (-220)": Cause.ACCOUNT_EXPIRED,
    "password expired!": Cause.PASSWORD_EXPIRED,
    # Sites.
    "Your account password has expired": Cause.PASSWORD_EXPIRED,
    "Password must be changed before logging on the first time": Cause.PASSWORD_MUST_CHANGE,
    "Login denied: access outside permitted hours": Cause.LOGON_HOURS,
    "You may not log on from this workstation": Cause.LOGON_WORKSTATION,
    "You are not a member of the VPN access group.": Cause.GROUP_NOT_AUTHORIZED,
    "Access denied, no matching policy": Cause.GROUP_NOT_AUTHORIZED,
    "Access denied: the user's dial-in permission is denied, call the desk": Cause.GROUP_NOT_AUTHORIZED,
    "Device not compliant": Cause.POSTURE_FAILED,
    "Domain controller unavailable": Cause.SERVER_UNREACHABLE,
    "Clock skew too great": Cause.CLOCK_SKEW,
    "PASSWORD-HAS-EXPIRED": Cause.PASSWORD_EXPIRED,
}
NOTHING = (
    "", "AAA failure", "Unspecified", "Access denied", "Access denied, call the help desk", "Access-Reject from radius-2", "Login failed",
    "Internal error 0x11", "Welcome to the corporate network", "Your password expires in 5 days",
    "Contact the token desk if you lost your token", "The password has not been changed",
    "Your account. It was locked by nobody", "unlocked accounts", "relocked", "passwords", "\x00\x1b[31m",
)  # fmt: skip
PROMPTS = {
    "Enter PASSCODE:": Cause.TOKEN_REQUIRED,
    "": Cause.TOKEN_REQUIRED,
    "Password:": Cause.TOKEN_REQUIRED,
    "Enter the code sent by SMS to number ending 17": Cause.TOKEN_REQUIRED,
    "Duo two-factor login. Enter a passcode or select one of the following options: 1. Duo Push to XXX-XXX-1234": Cause.TOKEN_REQUIRED,
    "Enter Next PASSCODE:": Cause.TOKEN_NEXT_CODE,
    "Please enter the next code from your token:": Cause.TOKEN_NEXT_CODE,
    "new PIN with the next card code": Cause.TOKEN_NEXT_CODE,
    "ACCEPT A SYSTEM GENERATED PIN": Cause.TOKEN_NEW_PIN,
    "You must select a new PIN. Do you want the system to generate your new PIN? (y/n)": Cause.TOKEN_NEW_PIN,
    "Reenter PIN:": Cause.TOKEN_NEW_PIN,
    "A push was sent to your phone": Cause.MFA_TIMEOUT,
    "Approve the sign-in request in your app": Cause.MFA_TIMEOUT,
    "Your password has expired. Enter a new password:": Cause.PASSWORD_EXPIRED,
    "Enter a new password:": Cause.PASSWORD_MUST_CHANGE,
}


@pytest.mark.parametrize("text", REJECTS)
def test_a_reject_with_words(text: str) -> None:
    for written in (text, text.upper(), f"Reply: {text}", f"{text} Call 5555."):
        found = BUILT_IN.reason(written)
        assert found is not None
        assert found[0] is REJECTS[text]


@pytest.mark.parametrize("text", NOTHING)
def test_a_reject_without_words_that_say_why(text: str) -> None:
    assert BUILT_IN.reason(text) is None


@pytest.mark.parametrize("text", PROMPTS)
def test_what_a_challenge_asks_for(text: str) -> None:
    assert BUILT_IN.prompt(text) is PROMPTS[text]


@pytest.mark.parametrize("user", ("account locked", "Password Expired", "x", "(", "locked", ""))
def test_a_name_in_a_message_says_nothing(user: str) -> None:
    assert BUILT_IN.reason(f"Access denied for '{user}'.", user) is None
    assert BUILT_IN.reason("Your account has been disabled", user) is not None


def test_a_name_is_passed_over_only_where_it_stands_alone() -> None:
    assert BUILT_IN.reason("Account locked", "lock") is not None
    assert BUILT_IN.reason("Access denied for LOCK: account locked", "lock") is not None
    assert BUILT_IN.reason("account locked", "account locked") is None


@pytest.mark.parametrize(
    ("name", "token"),
    (
        ("RSA", True), ("RSA_SDI", True), ("DUO-PROXY", True), ("AZUREMFA", True), ("OTP1", True),
        ("two-factor", True), ("UNIVERSAL", False), ("LAPTOP-AD", False), ("ISE", False), ("", False),
    ),
)  # fmt: skip
def test_names_of_server_groups(name: str, token: bool) -> None:  # noqa: FBT001
    assert BUILT_IN.token_group(name) is token


@settings(deadline=None)
@given(st.text(max_size=600), st.text(max_size=50))
def test_any_text_is_read(text: str, user: str) -> None:
    BUILT_IN.reason(text, user)
    BUILT_IN.prompt(text, user)
    BUILT_IN.token_group(text)
    with suppress(ValueError):
        Phrase.parse(text)
