"""A reply to a typed line: silence is success, and whatever is not known to be harmless stops."""

import pytest

from headend.parse.reply import Verdict, judged

MAP = (
    "INFO: If a certificate map is configured ASA  will ask all users loading the logon page for a "
    "client certificate."
)
NAMES = """\
WARNING: For IKEv1, L2L tunnel-groups that have names which are not an IP
address may only be used if the tunnel authentication method is Digital Certificates
"""
STANDBY = """\
**** WARNING ****
\tConfiguration Replication is NOT performed from Standby unit to Active unit.
"""


@pytest.mark.parametrize(
    ("reply", "verdict"),
    (
        ("", Verdict.ACCEPTED),
        ("\n \n", Verdict.ACCEPTED),
        (MAP, Verdict.NOTICE),
        (NAMES, Verdict.WARNING),
        ("WARNING: Adding obj (A) to grp (B) failed; object already exists", Verdict.WARNING),
        ("WARNING: odd\nERROR: The group policy GP does not exist", Verdict.REFUSED),
        ("ERROR: % Invalid input detected at '^' marker.", Verdict.REFUSED),
        ("Removing object-group (X) failed; it does not exist", Verdict.REFUSED),
        ("Removing X not allowed, it is being used", Verdict.REFUSED),
        ("Command authorization failed", Verdict.REFUSED),
        ("something that no release was seen to print", Verdict.REFUSED),
        (STANDBY, Verdict.REFUSED),
        ("Nov 25 2026 10:00:00: %ASA-5-111010: User 'x', running 'CLI'", Verdict.ACCEPTED),
        ("Beginning configuration replication: Sending to mate.", Verdict.ACCEPTED),
    ),
)
def test_a_reply_is_judged(reply: str, verdict: Verdict) -> None:
    judgement = judged(reply)
    assert judgement.verdict is verdict
    assert judgement.goes_on is (verdict is not Verdict.REFUSED)
