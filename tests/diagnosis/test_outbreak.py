"""Who else fails: the sentence that comes first, and what it may not claim."""

from headend.diagnosis import Diagnoser
from headend.diagnosis.outbreak import Outbreak
from headend.model.diagnosis import Cause
from headend.model.line import Line

REJECTED = (
    "Nov 23 2026 {} fw-1 : %ASA-6-113005: AAA user authentication Rejected : "
    "reason = AAA failure : server = 10.1.1.5 : user = {} : user IP = 198.51.100.{}"
)


def counted(*failures: tuple[str, str]) -> Outbreak:
    outbreak = Outbreak()
    diagnoser = Diagnoser(on_final=outbreak.add)
    for number, (time, user) in enumerate(failures, 1):
        diagnoser.take(Line("log", number, REJECTED.format(time, user, number)))
    diagnoser.finish()
    return outbreak


def test_a_user_who_fails_alone_is_told_so() -> None:
    verdict = counted(("09:00:00", "jdoe"), ("12:00:00", "jdoe")).verdict(
        Cause.BAD_CREDENTIALS, "CORP\\jdoe"
    )
    assert verdict.kind == "alone"
    assert "in the 3 h that the logs go back: it is this user's alone" in verdict.sentence


def test_hidden_names_are_counted_apart_and_never_as_a_person() -> None:
    verdict = counted(("09:00:00", "jdoe"), ("09:01:00", "*****"), ("09:02:00", "*****")).verdict(
        Cause.BAD_CREDENTIALS, "jdoe"
    )
    assert (verdict.kind, verdict.users, verdict.hidden) == ("several", ("jdoe",), 2)
    assert "1 user and 2 logins of hidden names" in verdict.sentence
