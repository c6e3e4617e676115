"""Would a capture here show the login: debug-trace, names, debugs, conditions, shuns."""

from __future__ import annotations

import re
from collections.abc import Iterable

from headend.device import debug_set
from headend.device.debugs import conditions_in
from headend.device.situation import Situation
from headend.device.witnesses import instead
from headend.model.check import Check, CheckState

_CONDITIONS = ("show webvpn debug-condition", "show crypto debug-condition")


def debug_trace(here: Situation) -> Check | None:
    """Judge whether debug comes to the session at all."""
    setting = here.first("show logging").get("debug_trace", "").lower()
    if setting.startswith("enabled"):
        return Check(
            "debug-trace",
            CheckState.REFUSE,
            "Debug goes to syslog ('Debug-trace logging: enabled'): a capture here would be empty",
            instead(here, "711001|113|716|722|734"),
        )
    if setting.startswith("disabled"):
        return Check("debug-trace", CheckState.OK, "Debug goes to the session that armed it")
    return None


def hidden_names(here: Situation) -> Check | None:
    """Judge whether syslog can be matched by user name."""
    settings = here.first("show logging")
    setting = settings.get("hide_username", "").lower()
    if setting.startswith("disabled"):
        return Check("hidden-names", CheckState.OK, "Syslog prints user names")
    if setting.startswith("enabled") and here.wanted.client_ip:
        return Check(
            "hidden-names",
            CheckState.OK,
            f"Syslog prints ***** for a user who failed; {here.wanted.client_ip} tells who it was",
        )
    if setting.startswith("enabled"):
        return Check(
            "hidden-names",
            CheckState.WARN,
            "Syslog prints ***** for a user who failed",
            "Match syslog by client address (--client-ip); leave the setting as it is",
        )
    if settings:
        return Check(
            "hidden-names",
            CheckState.UNKNOWN,
            "This release does not say whether syslog hides user names",
            "Name the client as well: --client-ip",
        )
    return None


def debugs(here: Situation) -> Check | None:
    """Judge whether the debugs that would be armed can show this login."""
    replies = {command: here.asked(command) or "" for command in debug_set.READ}
    if any(here.refusal(command) for command in debug_set.READ):
        return None
    if replies[debug_set.TUNNEL_GROUPS].strip() and not debug_set.tunnel_groups(replies):
        return None
    chosen = debug_set.choose(here.wanted, replies)
    names = ", ".join(line.removeprefix("debug ") for line in chosen.commands)
    group = here.wanted.group
    if group and group not in debug_set.tunnel_groups(replies):
        return Check(
            "debugs",
            CheckState.WARN,
            f"It has no tunnel group {group}: every server's debug would be armed ({names})",
            "Compare --group with show running-config tunnel-group; an alias is not the name",
        )
    missing = debug_set.missing(here.wanted, replies)
    if missing:
        return Check(
            "debugs",
            CheckState.WARN,
            f"Only {names} would be armed, and this login may end in what they do not show",
            f"Add --debug {' --debug '.join(map(repr, missing))}, or leave --debug out",
        )
    return Check("debugs", CheckState.OK, f"To be armed: {names}")


def stray_debug(here: Situation) -> Check | None:
    """Judge whether this session was given debugs by somebody before us."""
    reply = here.asked("show debug")  # an empty reply is an answer
    if reply is None or here.refusal("show debug"):
        return None
    stray = [row["debug"] for row in here.rows("show debug") if row.get("debug")]
    if stray:
        return Check(
            "stray-debug",
            CheckState.WARN,
            f"This session already has debug on: {', '.join(stray)}",
            "It goes off with ours when the capture ends",
        )
    if reply.strip():
        return None
    return Check(
        "stray-debug",
        CheckState.OK,
        "No debug in this session; other sessions' is unseen from here",
    )


def conditions(here: Situation) -> Check | None:
    """Judge whether a debug condition that somebody left would hide this user's lines."""
    replies = [here.asked(command) for command in _CONDITIONS]
    if None in replies or all(here.refusal(command) for command in _CONDITIONS):
        return None
    left = [each for reply in replies for each in conditions_in(reply or "")]
    if not left:
        return Check("conditions", CheckState.OK, "No debug condition is set")
    said = f"A debug condition is set: {'; '.join(left)[:200]}. It hides the lines of all others"
    remedy = "Ask who set it: debug webvpn condition reset, debug crypto condition reset"
    if _hides(here, conditions_in(replies[0] or "")):
        return Check("conditions", CheckState.REFUSE, f"{said}, and this login's with them", remedy)
    return Check("conditions", CheckState.WARN, said, remedy)


def _hides(here: Situation, left: list[str]) -> bool:
    """Return whether WebVPN lines are needed for this login, and a condition names another's."""
    wanted = here.wanted
    replies = {command: here.asked(command) or "" for command in debug_set.READ}
    armed = debug_set.choose(wanted, replies).commands
    ours = {each for each in (wanted.user, wanted.client_ip, wanted.group) if each}
    words = {word for each in left for word in re.split(r"[\s,:]+", each)}
    return bool(left and ours) and _shows_webvpn(armed) and not ours & words


def _shows_webvpn(armed: Iterable[str]) -> bool:
    return any(line.startswith("debug webvpn") for line in armed)


def shun(here: Situation) -> Check | None:
    """Judge whether the headend drops the client's packets before any debug could see them."""
    reply = here.asked("show shun")
    rows = here.rows("show shun")
    if reply is None or here.refusal("show shun") or (reply.strip() and not rows):
        return None
    shunned = {row["source"] for row in rows if row.get("source")}
    client = here.wanted.client_ip
    if client in shunned:
        return Check(
            "shun",
            CheckState.REFUSE,
            f"It shuns {client}: every packet of this client is dropped, a capture would be empty",
            f"The witness of why is its syslog: {instead(here, '401002|401004|733')}. "
            f"When that is understood: no shun {client}",
        )
    if shunned and client is None:
        return Check(
            "shun",
            CheckState.WARN,
            f"It shuns {len(shunned)} addresses; whether the client's is one of them is unseen",
            "Name the client: --client-ip",
        )
    return Check("shun", CheckState.OK, "It does not shun this client" if client else "No shuns")
