"""What must hold for every input: each target takes bytes and raises where a promise breaks."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

from headend.change import approval as approvals
from headend.change import plan as plans
from headend.diagnosis import report
from headend.errors import InputError, Refused
from headend.model.document import report_document
from headend.model.event import Event
from headend.model.line import Line
from headend.model.policy import Caller, ClientCertificate, Point
from headend.parse import show
from headend.parse.read import Reader
from headend.parse.reply import Verdict, judged
from headend.policy.configuration import Configuration
from headend.policy.resolve import resolve
from headend.policy.typed import typed
from headend.redact import redact_bytes

# Lines of headends and clients, with the name that the client chose left open.
LINES = (
    "User: {user}",
    "got user '{user}'",
    "     user '{user}'",
    "[77] Invalid password for {user}",
    "[77] Processing LDAP response for user {user}",
    "[77] Performing Simple authentication for {user} to 10.9.0.1",
    "[77] Authentication successful for {user} to 10.9.0.1",
    "        Filter  = [sAMAccountName={user}]",
    "Checking simultaneous login restriction (max allowance=3) for user {user}",
    "%ASA-6-113004: AAA user authentication Successful : server = 10.9.0.1 : user = {user}",
    "%ASA-6-113008: AAA transaction status ACCEPT : user = {user}",
    "%ASA-6-113039: Group <GP> User <{user}> IP <1.2.3.4> AnyConnect parent session started.",
    "Nov 20 11:00:00: %ASA-6-113012: AAA user authentication Successful : LOCAL : user = {user}",
    "%ASA-6-605004: Login denied from 1.2.3.4/51215 to dmz:10.0.0.1/ssh for user '{user}'",
    "%ASA-7-711001: User: {user}",
)
PLAIN = "jdoe"
CERTIFICATE = ClientCertificate({"cn": "jdoe"}, {"cn": "issuing-ca-01"}, "jdoe@corp.example")
# RADIUS has room for no longer name.
LONGEST = 253


def text_of(data: bytes) -> str:
    """Return fuzzed bytes as a file's text would reach the readers."""
    return data.decode("utf-8", "backslashreplace")


def any_text(data: bytes) -> None:
    """No text raises, loses a line, or gives a document that JSON cannot carry."""
    lines = text_of(data).split("\n")
    found = report(Line("fuzz", number, line) for number, line in enumerate(lines, 1))
    (source,) = found.sources
    assert source.lines == len(lines)
    assert 0 <= source.unrecognised <= len(lines)
    for attempt in found.attempts:
        assert attempt.causes
        assert len(attempt.stages) == 9
    json.dumps(report_document(found))


def hostile_name(data: bytes) -> None:
    """A name that the client chose changes no more of an event than the values it stands in."""
    user = text_of(data).replace("\n", " ").replace("\r", " ").strip()[:LONGEST]
    if not user or set(user) == {"*"}:
        return
    for line in LINES:
        ours, plain = read(line.format(user=user)), read(line.format(user=PLAIN))
        assert [kind(event) for event in ours] == [kind(event) for event in plain], line
        for event, expected in zip(ours, plain, strict=True):
            for name, value in expected.fields.items():
                if PLAIN not in value:
                    assert event.fields.get(name) == value, (line, name)


def any_reply(data: bytes) -> None:
    """No reply to a show command raises, and each value in a row is text or a list of text."""
    text = text_of(data)
    for command in show.commands():
        for row in show.rows(str(command), text):
            for value in row.values():
                assert isinstance(value, str | list)


def any_bytes(data: bytes) -> None:
    """Redaction keeps the lines, and what it has masked once it leaves alone."""
    clean = redact_bytes(data, ["Tr0ub4dor&3"])
    assert clean.count(b"\n") == data.count(b"\n")
    assert b"Tr0ub4dor&3" not in clean


def any_configuration(data: bytes) -> None:
    """No configuration raises, what is printed reads the same, and every caller meets something."""
    configuration = Configuration.parse(text_of(data))
    assert Configuration.parse(configuration.text()).text() == configuration.text()
    names = configuration.names("tunnel-group")[:3]
    for caller in (Caller(), Caller("jdoe", names[0] if names else "X", certificate=CERTIFICATE)):
        met = resolve(configuration, caller)
        assert {Point.TUNNEL_GROUP, Point.GROUP_POLICY} <= set(met.by_point)
    typed(configuration, text_of(data).split("\n")[:50])


def any_plan(data: bytes) -> None:
    """What is no plan or approval is an input error and nothing else; a reply is always judged."""
    for read_back in (plans.read, approvals.read):
        with contextlib.suppress(InputError, Refused):
            read_back(data, "fuzz")
    assert judged(text_of(data)).verdict in Verdict


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target
    for target in (
        any_text,
        hostile_name,
        any_reply,
        any_bytes,
        any_configuration,
        any_plan,
    )
}


def read(line: str) -> list[Event]:
    """Return the events of one line."""
    reader = Reader()
    found = [*reader.feed(Line("fuzz", 1, line))[1]]
    return [*found, *reader.finish()[1]]


def kind(event: Event) -> tuple[str, str]:
    """Return what an event says, without its values."""
    return event.facility, event.kind
