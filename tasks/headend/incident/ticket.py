"""The hand-over as the body of a ticket or a message, where received text is only text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from headend.model.line import visible

Section = tuple[str, Sequence[tuple[str, str]]]

# Jira's marks that act anywhere, and the dash and parentheses of which it makes rules and icons.
_JIRA = re.compile(r"[\\{}\[\]*_^~+?!|#&<>@-]|:(?=[/()DP|])|\((?=[!xyi/?+*on-])")
# Whatever makes a link of plain text, in any of the three.
_LINK = re.compile(r"(?<=[A-Za-z]):(?=//)|(?<=www)\.|(?<=mailto):", re.IGNORECASE)
_CODE = re.compile(r"\[(?=/?code\])", re.IGNORECASE)
_BREAK = "\u2060"
# In a message a mark cannot be escaped: a word joiner in front keeps it from being one.
_SLACK = re.compile(r"[*_~`]|@(?=here|channel|everyone)|(?<!\d):(?=[\w+-]+:)")
_SLACK_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def servicenow(sections: Sequence[Section]) -> str:
    """Return plain text; ``[code]`` would switch a work note to HTML."""
    return _body(sections, lambda title: title.upper(), "{}: {}", _plain)


def jira(sections: Sequence[Section]) -> str:
    """Return wiki markup in which every received mark is escaped."""
    return _body(sections, lambda title: f"h3. {title}", "*{}:* {}", _jira)


def slack(sections: Sequence[Section]) -> str:
    """Return mrkdwn in which no received text is a mention, a link or a style."""
    return _body(sections, lambda title: f"*{title}*", "*{}:* {}", _slack)


FORMATS: Mapping[str, Callable[[Sequence[Section]], str]] = {
    "servicenow": servicenow,
    "jira": jira,
    "slack": slack,
}


def _body(
    sections: Sequence[Section],
    title: Callable[[str], str],
    row: str,
    escaped: Callable[[str], str],
) -> str:
    parts = [
        [title(escaped(name)), *(row.format(escaped(key), escaped(value)) for key, value in rows)]
        for name, rows in sections
    ]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _plain(text: str) -> str:
    return _CODE.sub(f"[{_BREAK}", _LINK.sub(rf"{_BREAK}\g<0>", visible(text)))


def _jira(text: str) -> str:
    return _JIRA.sub(r"\\\g<0>", _LINK.sub(rf"{_BREAK}\g<0>", visible(text)))


def _slack(text: str) -> str:
    unlinked = _LINK.sub(rf"{_BREAK}\g<0>", visible(text))
    return _SLACK.sub(rf"{_BREAK}\g<0>", unlinked).translate(_SLACK_ENTITIES)
