"""Make a bundle of an incident that others may read, and write it only if it is proved clean."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from headend.device.credentials import VAULT
from headend.diagnosis import Diagnoser
from headend.diagnosis.words import Words
from headend.errors import InputError, Refused
from headend.incident.incident import Incident
from headend.incident.private import json_bytes, write_atomic, write_output
from headend.model.diagnosis import Diagnosis, Report
from headend.model.event import Event
from headend.model.line import Line
from headend.paths import PARSERS
from headend.redact import redact_bytes
from headend.share import identities
from headend.share.addresses import Addresses, found_in
from headend.share.leaks import leaks
from headend.share.pseudonyms import Spellings, looks_typed, pseudonyms
from headend.share.rewriting import Rewriter
from headend.share.views import stretches
from headend.workflow import bundle

TABLE = "sharing.json"
_SCHEMA = "headend.sharing/1"


@dataclass(frozen=True, slots=True)
class Shared:
    """The bundle that was written, and what stands in it in place of the real things."""

    path: Path
    table: Path
    files: tuple[str, ...]
    names: int
    addresses: int
    masked: int
    attempts: tuple[Diagnosis, ...]


def share(incident: Incident, target: Path, words: Words, keep: Collection[str] = ()) -> Shared:
    """Write the bundle of an incident to ``target``, and the table that names people here.

    ``keep`` are names that identify nobody. Raises ``Refused``, and writes no bundle, where a
    name, an address or a secret would be left, or where the bundle is not diagnosed as the
    incident's own files are.
    """
    texts = _texts(incident)
    before, events = _diagnosed(texts, words)
    names, addresses, key = _found(incident, texts, before, events, keep)
    found = pseudonyms(names, key, _vocabulary())
    spellings = Spellings(found, _vocabulary())
    mapped = Addresses(addresses, key)
    rewriter = Rewriter(spellings, mapped)
    shared = {rewriter.line(name): rewriter.text(text) for name, text in texts.items()}
    after, _ = _diagnosed(shared, words)
    _same(before, after)
    files = {name: text.encode("utf-8", "surrogateescape") for name, text in shared.items()}
    facts = {
        "incident": incident.id,
        "attempts": [
            {
                "outcome": one.outcome,
                "stage": one.stage,
                "causes": [cause.cause for cause in one.causes],
            }
            for one in after.attempts
        ],
        "texts": list(shared),
    }
    data = bundle.packed(files, facts)
    named = "\n".join([incident.id, *files]).encode("utf-8", "surrogateescape")
    _prove({**files, "the list of files": named}, spellings, mapped)
    table = _write_table(incident, key, names, found, mapped)
    write_output(target, data)
    masked = sum(looks_typed(name) for name in names)
    return Shared(
        target, table, tuple(sorted(files)), len(found), len(addresses), masked, after.attempts
    )


def _texts(incident: Incident) -> dict[str, str]:
    """Return what the headends said, by file name, redacted by all that is known now."""
    wanted = [
        path
        for path in incident.files
        if path.name == "capture.log" or (path.suffix == ".txt" and path.parent.name == "show")
    ]
    texts = {}
    for path in sorted(wanted, key=lambda one: (one.parts[0], "show" in one.parts, one)):
        data = redact_bytes((incident.path / path).read_bytes(), VAULT.known())
        if data.strip():
            texts[path.as_posix()] = data.decode("utf-8", "surrogateescape")
    if not texts:
        raise InputError(f"Incident {incident.id} has nothing captured that could be shared")
    return texts


def _diagnosed(texts: dict[str, str], words: Words) -> tuple[Report, list[Event]]:
    events: list[Event] = []
    diagnoser = Diagnoser(on_event=events.append, words=words)
    for name, text in texts.items():
        for number, line in enumerate(text.split("\n"), 1):
            shown = line.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
            diagnoser.take(Line(name, number, shown.rstrip("\r")))
    return diagnoser.finish(), events


def _found(
    incident: Incident,
    texts: dict[str, str],
    report: Report,
    events: Iterable[Event],
    keep: Collection[str],
) -> tuple[set[str], set[IPv4Address | IPv6Address], bytes]:
    vocabulary = _vocabulary()
    record = incident.record
    users = {*identities.users_in(events), *(one.user or "" for one in report.attempts)}
    users.add(record["user"] or "")
    names = {part for user in users for part in identities.user_parts(user, vocabulary)}
    for headend in {*record["headends"], *(one.headend or "" for one in report.attempts)}:
        names.update(identities.host_parts(headend, vocabulary))
    addresses: set[IPv4Address | IPv6Address] = set()
    for text in texts.values():
        for stretch in stretches([line.rstrip("\r") for line in text.split("\n")]):
            for shown in {*stretch.lines, "".join(stretch.lines)}:
                names.update(identities.named_in(shown, vocabulary))
                addresses.update(value for _, _, value in found_in(shown))
    policies = {one for each in report.attempts for one in (each.group_policy, each.tunnel_group)}
    asked = {one.user for one in report.attempts}
    # The debug calls a policy that is looked up by the word for a user.
    kept = {one.lower() for one in (*keep, *(one for one in policies - asked if one))}
    names = {name for name in names if name and name.lower() not in kept}
    return names, addresses, _key(incident)


def _key(incident: Incident) -> bytes:
    """Return the incident's own key: shared twice, it reads the same."""
    try:
        return bytes.fromhex(json.loads((incident.path / TABLE).read_bytes())["key"])
    except FileNotFoundError:
        return secrets.token_bytes(32)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{incident.path / TABLE} cannot be read",
            remedy="Move it away: the next bundle then has other pseudonyms",
        ) from error


def _write_table(
    incident: Incident, key: bytes, names: set[str], found: dict[str, str], mapped: Addresses
) -> Path:
    spelt = {name.lower(): name for name in sorted(names)}
    # What may be a password stands nowhere, not even here.
    people = {other: spelt[name] for name, other in found.items() if not looks_typed(spelt[name])}
    addresses = {
        mapped.find(str(one))[0][2]: str(one)
        for one in sorted(mapped.known, key=lambda one: (one.version, one.packed))
    }
    document = {
        "schema": _SCHEMA,
        "key": key.hex(),
        "names": dict(sorted(people.items())),
        "addresses": addresses,
    }
    return write_atomic(incident.path / TABLE, json_bytes(document, indent=2))


def _same(before: Report, after: Report) -> None:
    for one, other in zip(before.attempts, after.attempts, strict=False):
        if _essence(one) != _essence(other):
            raise Refused(
                f"Attempt {one.id} would be diagnosed differently in the bundle",
                remedy="A name is a word of the headends' own language: allow it with --keep NAME",
            )
    if len(before.attempts) != len(after.attempts):
        raise Refused(
            f"The bundle would tell of {len(after.attempts)} attempts, not {len(before.attempts)}",
            remedy="A name is a word of the headends' own language: allow it with --keep NAME",
        )


def _essence(one: Diagnosis) -> object:
    return (
        [(cause.cause, cause.confidence) for cause in one.causes],
        one.outcome,
        one.stage,
        [(stage.stage, stage.state) for stage in one.stages],
    )


def _prove(files: dict[str, bytes], names: Spellings, addresses: Addresses) -> None:
    known = VAULT.known()
    for name, data in files.items():
        text = data.decode("utf-8", "surrogateescape")
        for leak in leaks(text, names, addresses.known, known):
            raise Refused(
                f"The bundle would show {leak.kind} in {name} line {leak.line}; none was written",
                remedy="Look at that line of the incident's file; --keep NAME allows a name",
            )


@cache
def _vocabulary() -> frozenset[str]:
    """Return the words of the headends' own language, which identify nobody."""
    words = {"example", "invalid", "localhost", "local"}  # RFC 2606 and 6762: nobody's names
    for path in PARSERS.glob("*.textfsm"):
        words.update(re.findall(r"[a-z][a-z0-9]+", path.read_text(encoding="utf-8").lower()))
    return frozenset(words)
