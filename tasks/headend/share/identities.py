"""Who and what is named in an incident: users, hosts, and the parts of distinguished names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from headend.model.event import Event

_USERS = ("user", "username", "simple_user", "success_user")
_PEOPLE = re.compile(
    r"(?i)\b(?:sAMAccountName|userPrincipalName|mail|displayName|givenName|sn|uid)"
    r"(?::\s{0,4}(?:value = )?|\s?=\s?)([^,;\]\)\"'\r\n]{1,128})"
)
_DN = re.compile(
    r"(?i)(?<![\w-])(?:CN|OU|DC|UID|E|emailAddress)\s?=\s?([^,;+/\"'()\[\]<>\r\n]{1,128})"
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_HOSTS = re.compile(
    r"(?im)(?:^\s{0,8}hostname\s|\bHostname:\s|\bdomain-name\s|\bfqdn\s|\(\S{1,64}\) host\s"
    r"|\b(?:ldaps?|https?)://)\s{0,4}([A-Za-z][\w.-]{1,128})"
)
_SHORTEST = 3


def users_in(events: Iterable[Event]) -> Iterator[str]:
    """Yield the user names that the readers found."""
    for event in events:
        for key in _USERS:
            name = event.fields.get(key, "")
            if name:
                yield name


def user_parts(user: str, vocabulary: Collection[str]) -> Iterator[str]:
    r"""Yield what must not be seen of a user name: ``jdoe`` and ``corp`` of ``CORP\jdoe``."""
    if not re.search(r"[^\W_]", user) or user.startswith(("<secret-", "[")):
        return
    realm, backslash, name = user.rpartition("\\")
    if not backslash:
        name, _, realm = user.partition("@")
    yield name.strip()
    yield from host_parts(realm, vocabulary)


def host_parts(host: str, vocabulary: Collection[str]) -> Iterator[str]:
    """Yield the labels of a host or domain name that tell whose it is."""
    labels = host.strip(" .").split(".")
    for label in labels[:-1] if len(labels) > 1 else labels:
        if len(label) >= _SHORTEST and not label.isdigit() and label.lower() not in vocabulary:
            yield label


def named_in(text: str, vocabulary: Collection[str]) -> Iterator[str]:
    """Yield the names that a text gives by structure: of people, of hosts, in certificates."""
    for match in _MAIL.finditer(text):
        yield from user_parts(match[0], vocabulary)
    for match in _HOSTS.finditer(text):
        yield from host_parts(match[1], vocabulary)
    for pattern in (_DN, _PEOPLE):
        for match in pattern.finditer(text):
            for word in re.findall(r"[^\W_](?:[\w.-]*[^\W_])?", match[1]):
                known = word.lower() in vocabulary or word.startswith("secret-")
                if len(word) >= _SHORTEST and not word.isdigit() and not known:
                    yield word
