"""Reports made by hand: the founding case, and one that hostile users wrote."""

from __future__ import annotations

from headend.model.diagnosis import (
    Cause,
    Diagnosis,
    Evidence,
    Finding,
    Outcome,
    Report,
    RuledOut,
    Source,
    Stage,
    StageReport,
    StageState,
    UnknownShape,
)

CAPTURE = "vpn-1/capture.log"
UNKNOWN = Evidence(CAPTURE, 12, "SDI: something no reader knew")

HOSTILE = "[red]x[/red]<script>alert(1)</script>\x1b[31m`*_|# http://evil.example\n# x"


def stages(failed: Stage, passed: tuple[Stage, ...] = ()) -> tuple[StageReport, ...]:
    result = []
    for stage in Stage:
        if stage is failed:
            result.append(StageReport(stage, StageState.FAILED))
        elif stage in passed:
            result.append(StageReport(stage, StageState.PASSED))
        elif list(Stage).index(stage) > list(Stage).index(failed):
            result.append(StageReport(stage, StageState.NOT_REACHED))
        else:
            hint = "debug crypto ca 14 would show it"
            result.append(StageReport(stage, StageState.UNSEEN, hint=hint))
    return tuple(result)


def diagnosis(
    user: str | None = "b.ortiz",
    *,
    text: str = "45 6e 74 65 72 20 50 41 53 53 43 4f 44 45 3a    |  Enter PASSCODE:",
    summary: str = "The server asked for a token passcode and none came back",
    outcome: Outcome = Outcome.CHALLENGED,
) -> Diagnosis:
    evidence = (
        Evidence(CAPTURE, 84, text),
        Evidence(CAPTURE, 89, "rad_procpkt: CHALLENGE"),
        Evidence(CAPTURE, 104, "Authentication Status: 2 (CHALLENGE)"),
    )
    first = Finding(
        Cause.TOKEN_REQUIRED,
        0.9,
        summary,
        (
            "Ask whether the user has a token, and whether the client showed a second prompt",
            "If policy allows a certificate instead: headend policy --user b.ortiz",
        ),
        evidence,
    )
    other = Finding(
        Cause.CLIENT_ABORTED,
        0.3,
        "The client may have given up before it answered",
        (),
        (Evidence(CAPTURE, 91, "remove_req 0xd8a5b000 session 0x8 id 7"),),
    )
    return Diagnosis(
        id="1",
        headend="vpn-1",
        user=user,
        client_ip="198.51.100.23",
        tunnel_group="CORP",
        group_policy="GP-STAFF",
        server_group="RSA",
        server="10.20.1.5",
        admin_login=False,
        started="2026-11-23T23:15:00Z",
        ended=None,
        outcome=outcome,
        stage=Stage.CHALLENGE,
        causes=(first, other),
        stages=stages(Stage.CHALLENGE, (Stage.TUNNEL_GROUP, Stage.PRIMARY)),
        witnesses={"debug": "challenged", "counters": None, "syslog": None},
        ruled_out=(RuledOut(Cause.SERVER_UNREACHABLE, "the server answered", evidence[1:2]),),
    )


def report(*attempts: Diagnosis) -> Report:
    return Report(
        sources=(Source(CAPTURE, 112, 1),),
        attempts=attempts or (diagnosis(),),
        unrecognised=(UNKNOWN,),
        unrecognised_shapes=(UnknownShape("SDI: something no reader knew", 1, UNKNOWN),),
    )


def hostile_report() -> Report:
    return report(diagnosis(HOSTILE, text=HOSTILE, summary=f"Said {HOSTILE}"))
