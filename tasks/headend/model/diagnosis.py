"""Outcomes, stages, causes and the diagnosis that is made of them: the public vocabulary."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """How an attempt ended."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CHALLENGED = "challenged"
    TIMEOUT = "timeout"
    ERROR = "error"
    INCOMPLETE = "incomplete"


class Stage(StrEnum):
    """The stages of a login, in the order in which a headend passes them."""

    TLS = "tls"
    CERTIFICATE = "certificate"
    TUNNEL_GROUP = "tunnel-group"
    PRIMARY = "primary-authentication"
    CHALLENGE = "challenge"
    SECONDARY = "secondary-authentication"
    AUTHORIZATION = "authorization"
    GROUP_POLICY = "group-policy"
    SESSION = "session"


class StageState(StrEnum):
    """What the evidence says of one stage."""

    PASSED = "passed"
    FAILED = "failed"
    UNSEEN = "unseen"
    NOT_REACHED = "not-reached"


class Cause(StrEnum):
    """Why a login failed; the ids are public and never renamed."""

    BAD_CREDENTIALS = "bad-credentials"
    ACCOUNT_UNKNOWN = "account-unknown"
    ACCOUNT_LOCKED = "account-locked"
    ACCOUNT_DISABLED = "account-disabled"
    ACCOUNT_EXPIRED = "account-expired"
    PASSWORD_EXPIRED = "password-expired"  # noqa: S105 - a cause id, not a password
    PASSWORD_MUST_CHANGE = "password-must-change"  # noqa: S105 - likewise
    LOGON_HOURS = "logon-hours"
    LOGON_WORKSTATION = "logon-workstation"
    TOKEN_REQUIRED = "token-required"  # noqa: S105 - likewise
    TOKEN_REJECTED = "token-rejected"  # noqa: S105 - likewise
    TOKEN_NEXT_CODE = "token-next-code"  # noqa: S105 - likewise
    TOKEN_NEW_PIN = "token-new-pin"  # noqa: S105 - likewise
    MFA_TIMEOUT = "mfa-timeout"
    MFA_DENIED = "mfa-denied"
    CERTIFICATE_MISSING = "certificate-missing"
    CERTIFICATE_STORE_LOCKED = "certificate-store-locked"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_UNTRUSTED = "certificate-untrusted"
    CERTIFICATE_REVOKED = "certificate-revoked"
    CERTIFICATE_REVOCATION_UNAVAILABLE = "certificate-revocation-unavailable"
    CERTIFICATE_MISMATCH = "certificate-mismatch"
    CERTIFICATE_USAGE = "certificate-usage"
    SERVER_UNREACHABLE = "server-unreachable"
    SERVER_SECRET_MISMATCH = "server-secret-mismatch"  # noqa: S105 - likewise
    SERVER_BIND_FAILED = "server-bind-failed"
    SERVER_TLS_FAILED = "server-tls-failed"
    SERVER_NOT_CONFIGURED = "server-not-configured"
    CLOCK_SKEW = "clock-skew"
    TUNNEL_GROUP_WRONG = "tunnel-group-wrong"
    GROUP_NOT_AUTHORIZED = "group-not-authorized"
    GROUP_POLICY_MISSING = "group-policy-missing"
    GROUP_POLICY_DENIED = "group-policy-denied"
    SIMULTANEOUS_LOGINS = "simultaneous-logins"
    DAP_DENIED = "dap-denied"
    POSTURE_FAILED = "posture-failed"
    SAML_FAILED = "saml-failed"
    LICENSE_EXHAUSTED = "license-exhausted"
    ADDRESS_POOL_EXHAUSTED = "address-pool-exhausted"
    CLIENT_SHUNNED = "client-shunned"
    HEADEND_DRAINING = "headend-draining"
    CLIENT_ABORTED = "client-aborted"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A redacted line that proves something, and where it stands."""

    source: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause, how sure we are of it (0 to 1), the proof, and what to do next."""

    cause: Cause
    confidence: float
    summary: str
    advice: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class RuledOut:
    """A cause that the evidence excludes, and why in a few words."""

    cause: Cause
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class StageReport:
    """What the evidence says of one stage; ``hint`` tells an unseen stage how to be seen."""

    stage: Stage
    state: StageState
    evidence: tuple[Evidence, ...] = ()
    hint: str = ""


class Agreement(StrEnum):
    """How the witnesses of one attempt (debug, syslog, counters) stand to each other."""

    AGREE = "agree"
    CONTRADICT = "contradict"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Corroboration:
    """Whether the witnesses of an attempt agree, and the same in a sentence or two."""

    state: Agreement
    said: str


@dataclass(frozen=True, slots=True)
class Span:
    """From which line to which one source tells of an attempt."""

    source: str
    first: int
    last: int


class Decision(StrEnum):
    """The decisions on the way of a login, in order: two logins part at the first that differs."""

    CERTIFICATE = "certificate"
    TUNNEL_GROUP = "tunnel-group"
    SERVER_GROUP = "server-group"
    SERVER = "server"
    PRIMARY = "primary-answer"
    CHALLENGE = "challenge"
    SECONDARY = "secondary-answer"
    AUTHORIZATION = "authorization"
    GROUP_POLICY = "group-policy"
    ACCESS_POLICY = "access-policy"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided at one point of a login, in a few words, and the line that tells it."""

    decision: Decision
    value: str
    evidence: Evidence


class Lane(StrEnum):
    """Who acted at a moment of a login: the user's client, the headend, or an AAA server."""

    CLIENT = "client"
    HEADEND = "headend"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened at one moment of an attempt, and the line that tells it.

    ``at`` is ISO 8601, ``None`` where the line carries no time and none is known of its arrival.
    What a client wrote stands at the headend's time: its clock's offset is taken off.
    """

    at: str | None
    lane: Lane
    words: str
    stage: Stage
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ClientClock:
    """By how many seconds the client's clock was ahead of the headend's, and how that is known."""

    seconds: float
    said: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything known of one login attempt; ``None`` is what was not seen.

    ``causes`` is ranked and never empty, ``stages`` always lists all nine. ``started`` and
    ``ended`` are ISO 8601 where the lines had a time. ``settled`` turns true when no further line
    of this attempt is expected, which is when a capture may end. ``unknown_lines`` counts those
    between its first line and its last that no reader knew. ``notes`` say what else makes it less
    sure. ``course`` tells its main moments in order, ``client_clock`` how the client's clock stood.
    ``began`` is the time of its first stamp even where that names no year: then it is in 1904.
    """

    id: str
    headend: str | None
    user: str | None
    client_ip: str | None
    tunnel_group: str | None
    group_policy: str | None
    server_group: str | None
    server: str | None
    admin_login: bool
    started: str | None
    ended: str | None
    outcome: Outcome
    stage: Stage | None
    causes: tuple[Finding, ...]
    stages: tuple[StageReport, ...]
    witnesses: dict[str, str | None] = field(default_factory=dict)
    ruled_out: tuple[RuledOut, ...] = ()
    settled: bool = False
    corroboration: Corroboration | None = None
    unknown_lines: int = 0
    span: Span | None = None
    decisions: tuple[Decided, ...] = ()
    notes: tuple[str, ...] = ()
    course: tuple[Moment, ...] = ()
    client_clock: ClientClock | None = None
    began: datetime | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One input, how many lines it had and how many of them no reader knew."""

    name: str
    lines: int
    unrecognised: int


@dataclass(frozen=True, slots=True)
class UnknownShape:
    """Unknown lines that differ in numbers, names and addresses only: how many, and one of them."""

    shape: str
    count: int
    example: Evidence


@dataclass(frozen=True, slots=True)
class Report:
    """All attempts found in some sources, and the lines that nobody could explain.

    ``unrecognised`` holds the first of these lines, ``unrecognised_shapes`` the most frequent kinds
    of them, and ``unrecognised_rest`` counts those whose kind is not among these.
    """

    sources: tuple[Source, ...]
    attempts: tuple[Diagnosis, ...]
    unrecognised: tuple[Evidence, ...]
    unrecognised_shapes: tuple[UnknownShape, ...] = ()
    unrecognised_rest: int = 0
