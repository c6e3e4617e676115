"""What a line typed in configuration mode does, and what the headend answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from headend.lab.configuration import Configuration, Node
from headend.lab.logbook import LEVELS
from headend.lab.modes import GROUP_WEBVPN, ROOTS, mode_of

STANDBY_WARNING: Final = (
    "**** WARNING ****",
    "\tConfiguration Replication is NOT performed from Standby unit to Active unit.",
    "\tConfigurations are no longer synchronized.",
)
ANONYMOUS_REPORTING: Final = (
    "***************************** NOTICE *****************************",
    "",
    "Help to improve the ASA platform by enabling anonymous reporting,",
    "which allows Cisco to securely receive minimal error and health",
    "information from the device. To learn more about this feature,",
    "please visit: http://www.cisco.com/go/smartcall",
    "",
    "Would you like to enable anonymous error reporting to help improve",
)
_LATER: Final = (
    "",
    "In the future, if you would like to enable this feature,",
    'issue the command "call-home reporting anonymous".',
)
REPORTING_ANSWERS: Final[dict[str, tuple[str, ...]]] = {"y": (), "n": _LATER, "a": _LATER}
CERTIFICATE_PROMPT_NOTE: Final = (
    "INFO: If a certificate map is configured ASA  will ask all users "
    "loading the logon page for a client certificate."
)

_NUMERIC: Final = (
    "pager lines",
    "terminal width",
    "logging buffer-size",
    "ssh timeout",
    "timeout",
    "authentication-port",
    "server-port",
    "max-failed-attempts",
    "vpn-simultaneous-logins",
)
_NAMED: Final = {
    "tunnel-group": "tunnel-group",
    "group-policy": "group policy",
    "username": "user",
}


@dataclass(frozen=True)
class Place:
    """Where the next configuration line lands: a mode's name and the heading above it."""

    mode: str = "config"
    node: Node | None = None
    words: frozenset[str] = frozenset()
    above: Place | None = None


@dataclass(frozen=True)
class Outcome:
    """The headend's answer to one configuration line; ``bad`` is the token that it refused."""

    place: Place
    output: tuple[str, ...] = ()
    bad: int | None = None


def _references(body: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    word, rest = body[0].lower(), body[1:]
    servers = ("authentication-server-group", "authorization-server-group")
    if word == "default-group-policy":
        return [("group policy", ("group-policy", name)) for name in rest[:1]]
    if word.removeprefix("secondary-") in servers:
        groups = [name for name in rest if not name.startswith("(") and name != "LOCAL"]
        return [("aaa-server group", ("aaa-server", name)) for name in groups[:1]]
    if word == "group-lock":
        return [("tunnel-group", ("tunnel-group", name)) for name in rest[1:2]]
    if word == "certificate-group-map":
        rules = ("crypto", "ca", "certificate", "map", *rest[:2])
        return [("certificate map entry", rules), ("tunnel-group", ("tunnel-group", rest[2]))]
    return []


def _wrong_value(body: list[str]) -> int | None:
    """Return the position of a value that is no number or level where one must be."""
    for subject in _NUMERIC:
        words = subject.split()
        at = len(words)
        if body[:at] == words and len(body) > at and not body[at].isdecimal():
            return at
    if body[0] == "logging" and body[1:2] in (["buffered"], ["monitor"]) and len(body) > 2:  # noqa: PLR2004
        known = body[2] in LEVELS or body[2] in "01234567"
        return None if known else 2
    return None


class Configurer:
    """Apply configuration lines to a configuration, as a headend does: at once, line by line."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration

    def apply(self, line: str, place: Place) -> Outcome:
        """Apply one line and return where the session stands afterwards, with the reply."""
        words = line.split()
        negative = words[0] == "no"
        body = words[1:] if negative else words
        if not body:
            return Outcome(place, ("ERROR: % Incomplete command",))
        here: Place | None = place
        wrong = _wrong_value(body) if not negative else None
        if wrong is not None:
            return Outcome(place, bad=wrong)
        # Leaving a sub-mode is implicit: a line unknown here is tried one level up.
        while here is not None and here.node is not None:
            if body[0].lower() in here.words:
                return self._child(body, here, negative=negative)
            here = here.above
        if body[0].lower() not in ROOTS and words[:2] != ["clear", "configure"]:
            return Outcome(place, bad=1 if negative else 0)
        if negative:
            return self._remove(body)
        return self._top(body)

    def _child(self, body: list[str], place: Place, *, negative: bool) -> Outcome:
        node = place.node
        text = " ".join(body)
        if place.mode == "ca-certificate-map":
            text = text.lower()  # headends store match strings in lower case
        if negative:
            self.configuration.remove(text.split(), node)
            return Outcome(place)
        if place.mode in ("config-group-policy", "config-username") and text == "webvpn":
            inner = self.configuration.add(text, node)
            return Outcome(Place("config-group-webvpn", inner, GROUP_WEBVPN, place))
        problem = self._reference_problem(body)
        if problem:
            return Outcome(place, (problem,))
        note: tuple[str, ...] = ()
        if body[0] == "certificate-group-map":
            maps = [one for one in (node.children if node else ()) if one.starts(body[:1])]
            note = () if maps else (CERTIFICATE_PROMPT_NOTE,)
        self.configuration.add(text, node)
        return Outcome(place, note)

    def _reference_problem(self, body: list[str]) -> str:
        if body[0] == "certificate-group-map" and len(body) < 4:  # noqa: PLR2004 - map, number, group
            return "ERROR: % Incomplete command"
        for what, words in _references(body):
            if not self.configuration.first(*words):
                return f"ERROR: The {what} {words[-1]} does not exist"
        return ""

    def _top(self, body: list[str]) -> Outcome:
        if body[:2] == ["clear", "configure"]:
            return self._clear(body[2:])
        if body[0] in _NAMED and len(body) > 2:  # noqa: PLR2004 - subject, name, what of it
            if body[2].endswith("attributes") and not self.configuration.first(*body[:2]):
                missing = f"ERROR: The {_NAMED[body[0]]} {body[1]} does not exist"
                return Outcome(Place(), (missing,))
            if body[2:4] == ["internal", "from"]:
                return self._inherit(body)
        if self.configuration.remove(["no", *body]):
            return Outcome(Place())
        text = " ".join(body)
        mode = mode_of(text)
        node = self.configuration.add(text)
        return Outcome(Place(mode[0], node, mode[1], Place()) if mode else Place())

    def _inherit(self, body: list[str]) -> Outcome:
        if len(body) < 5:  # noqa: PLR2004 - group-policy NAME internal from OTHER
            return Outcome(Place(), ("ERROR: % Incomplete command",))
        source = self.configuration.first("group-policy", body[4])
        if source is None:
            return Outcome(Place(), (f"ERROR: The group policy {body[4]} does not exist",))
        self.configuration.add(f"group-policy {body[1]} internal")
        copied = self.configuration.add(f"group-policy {body[1]} attributes")
        original = self.configuration.first("group-policy", body[4], "attributes")
        self._copy(original, copied)
        return Outcome(Place())

    def _copy(self, original: Node | None, copied: Node) -> None:
        for child in original.children if original else ():
            self._copy(child, self.configuration.add(child.text, copied))

    def _in_use(self, body: list[str]) -> str:
        webvpn = self.configuration.first("webvpn")
        maps = [one.tokens for one in webvpn.children] if webvpn else []
        maps = [words for words in maps if words[0] == "certificate-group-map"]
        if body[:4] == ["crypto", "ca", "certificate", "map"]:
            if any(words[1 : 1 + len(body[4:])] == body[4:] for words in maps):
                return f"ERROR: Certificate map {body[4]} is in use. Removal failed"
        elif body[0] == "tunnel-group" and any(words[-1] == body[1] for words in maps):
            return f"ERROR: tunnel-group {body[1]} is in use by certificate-group-map"
        elif body[0] == "group-policy":
            for group in self.configuration.find("tunnel-group"):
                if group.value("default-group-policy") == [body[1]]:
                    return f"ERROR: Group policy {body[1]} is in use by tunnel-group"
        return ""

    def _remove(self, body: list[str]) -> Outcome:
        named = body[0] in ("tunnel-group", "group-policy", "aaa-server", "crypto", "username")
        problem = self._in_use(body) if named and len(body) > 1 else ""
        if problem:
            return Outcome(Place(), (problem,))
        if body[:3] == ["logging", "hide", "username"]:
            self.configuration.add("no logging hide username")
            return Outcome(Place())
        if body[0] in ("tunnel-group", "group-policy") and len(body) > 1:
            attributes = len(body) > 2 and body[2].endswith("attributes")  # noqa: PLR2004
            body = body if attributes else body[:2]
        if not self.configuration.remove(body) and named:
            return Outcome(Place(), (f"ERROR: {' '.join(body)} does not exist",))
        return Outcome(Place())

    def _clear(self, body: list[str]) -> Outcome:
        if not body:
            return Outcome(Place(), ("ERROR: % Incomplete command",))
        if body[0] not in ROOTS:
            return Outcome(Place(), bad=2)
        return self._remove(body)
