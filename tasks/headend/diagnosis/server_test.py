"""What the reply to ``test aaa-server`` means, and what the counters around it say."""

from __future__ import annotations

from headend.model.servers import ANSWERS, AaaServer, Outcome, ServerGroup, ServerTest
from headend.parse import show

# Whoever answered, even unusably, may have counted the password.
_ANSWERED = (*ANSWERS, "bad authenticators", "malformed responses", "unrecognized responses")
_COUNTED_AS = {
    Outcome.ACCEPTED: "accepts",
    Outcome.REJECTED: "rejects",
    Outcome.CHALLENGED: "challenges",
    Outcome.SILENT: "timeouts",
}
_MEANINGS = {
    Outcome.ACCEPTED: (
        "{} answers and accepts the probe account",
        "Path, secret and account are fine; a VPN login may still meet another rule of the server",
    ),
    Outcome.REJECTED: (
        "{} answers and rejects the probe account",
        "The path works. It was tried once and is tried nowhere else: check the account",
    ),
    Outcome.CHALLENGED: (
        "{} answers and asks for more (a code, a confirmation)",
        "Path and secret are fine; this test cannot answer a challenge",
    ),
    Outcome.REFUSED: (
        "the headend does not test {}: it did not ask for the password, and none was sent",
        "Its words say why: it does not know the group or the host, or the account may not test",
    ),
    Outcome.UNKNOWN: (
        "what the headend says about {} is not known here",
        "Read its own words; the password was sent, so it may count as a try",
    ),
}
_BIND = (
    "Check the path, and the bind account (ldap-login-dn): one that is locked or deleted looks "
    "the same, 'has been removed' included"
)
_CLIENT = "Check the path and the port, and that the server knows this headend as its client"
_AFTER_A_REPAIR = ". After a repair the first test may still fail: then test once more"


def judge(
    group: ServerGroup,
    host: str,
    reply: tuple[str, bool],
    counters: tuple[AaaServer | None, AaaServer | None],
    *,
    again: bool = False,
) -> ServerTest:
    """Return what one test came to.

    ``reply`` is what the headend printed, and whether it asked for the password; ``counters`` are
    the server's before and after. Words that are not known stay ``unknown``.
    """
    text, asked = reply
    rises = _rises(*counters)
    outcome, words = _outcome(text, asked=asked)
    if outcome is Outcome.REJECTED and rises and "challenges" in rises and "rejects" not in rises:
        outcome = Outcome.CHALLENGED  # some releases print a challenge as a reject
    reason, remedy = _meaning(group, host, outcome, rises or {})
    if outcome is Outcome.SILENT and not again:
        remedy += _AFTER_A_REPAIR
    answered = outcome in {Outcome.ACCEPTED, Outcome.REJECTED, Outcome.CHALLENGED} or any(
        name in _ANSWERED for name in rises or ()
    )
    witness = _witness(outcome, rises)
    return ServerTest(
        group.name, host, outcome, words, reason, remedy, rises, witness, answered, again
    )


def worth_repeating(test: ServerTest, before: AaaServer | None) -> bool:
    """Say whether this may have been the test that fails although the server is back.

    The first one after a repair does; it is told by the state from before. A server that answered
    anything is not sent a second password.
    """
    out_of_service = before is not None and before.state is not None and not before.active
    return test.outcome is Outcome.SILENT and out_of_service and not test.answered


def _outcome(text: str, *, asked: bool) -> tuple[Outcome, str]:
    said = [line.strip() for line in text.split("\n") if line.strip(" *\r")]
    last = next((line for line in reversed(said) if line.startswith(("ERROR", "INFO"))), "")
    words = last or (said[-1] if said else "")
    if not asked:
        return Outcome.REFUSED, words
    rows = [row for row in show.rows("test aaa-server", text) if row["test"] == "Authentication"]
    if len(rows) != 1:
        return Outcome.UNKNOWN, words
    result = rows[0]["result"].lower()
    if "challenge" in f"{result} {rows[0].get('reason', '')}".lower():
        return Outcome.CHALLENGED, words
    known = {
        "successful": Outcome.ACCEPTED,
        "rejected": Outcome.REJECTED,
        "server not responding": Outcome.SILENT,
        "not responding": Outcome.SILENT,
    }
    return known.get(result, Outcome.UNKNOWN), words


def _witness(outcome: Outcome, rises: dict[str, int] | None) -> str:
    if rises is None:
        return "The counters could not be compared"
    rose = ", ".join(f"{name} +{rise}" for name, rise in rises.items()) or "none rose"
    expected = _COUNTED_AS.get(outcome)
    if expected is None:
        return f"Counters: {rose}"
    return f"Counters: {rose}{'' if expected in rises else f', and {expected} should have'}"


def _rises(before: AaaServer | None, after: AaaServer | None) -> dict[str, int] | None:
    if before is None or after is None:
        return None
    both = {
        name: count - before.counters[name]
        for name, count in after.counters.items()
        if name in before.counters
    }
    if not both or min(both.values()) < 0:  # somebody cleared them
        return None
    return {name: rise for name, rise in both.items() if rise}


def _meaning(
    group: ServerGroup, host: str, outcome: Outcome, rises: dict[str, int]
) -> tuple[str, str]:
    where = f"{host} of {group.name}"
    if outcome is Outcome.SILENT:
        return _silence(group, where, rises)
    reason, remedy = _MEANINGS[outcome]
    return reason.format(where), remedy


def _silence(group: ServerGroup, where: str, rises: dict[str, int]) -> tuple[str, str]:
    if "bad authenticators" in rises:
        reason = f"{where} answers, and no answer is usable: the shared secret differs"
        return reason, "Set the same key on both sides; its log may call the try a wrong password"
    cause = _BIND if group.protocol == "ldap" else _CLIENT
    return f"{where} gave no usable answer", cause
