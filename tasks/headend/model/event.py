"""One thing that a headend said about a login, as a reader understood it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from headend.model.line import Line


class Event(NamedTuple):
    """What one line (or one group of lines that ends with ``line``) means.

    ``facility`` names the reader (``aaa``, ``radius``, ``ldap``, ``syslog``); ``kind`` is that
    reader's word for what happened; ``fields`` holds the non-empty values of its TextFSM row,
    under lower-case names.
    """

    facility: str
    kind: str
    line: Line
    fields: Mapping[str, str]
