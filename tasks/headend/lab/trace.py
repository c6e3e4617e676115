"""Debug lines of the AAA state machine, each with the debugs that show it.

A line's level is the one at which public captures show it: what lower levels print is not public,
so the lab prints it at none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from headend.lab.debug_filter import Tag

# A line and the debugs of which any one shows it.
Line = tuple[tuple[Tag, ...], str]

COMMON: Final = (Tag("aaa common", 255),)
AUTHENTICATION: Final = (Tag("aaa common"), Tag("aaa authentication"))
AUTHORIZATION: Final = (Tag("aaa common", 255), Tag("aaa authorization"))
INTERNAL: Final = (Tag("aaa common", 255), Tag("aaa internal"))
RADIUS: Final = (Tag("radius session"),)
DECODE: Final = (Tag("radius decode"),)
LDAP: Final = (Tag("ldap"),)
LDAP_DETAIL: Final = (Tag("ldap", 255),)
SDI: Final = (Tag("sdi"),)
SDI_DETAIL: Final = (Tag("sdi", 255),)
SAML: Final = (Tag("webvpn saml"),)
SAML_DETAIL: Final = (Tag("webvpn saml", 25),)
CRYPTO: Final = (Tag("crypto ca"),)
CRYPTO_DETAIL: Final = (Tag("crypto ca", 255), Tag("crypto ca messages", 255))
WEBVPN: Final = (Tag("webvpn anyconnect", 255), Tag("webvpn session"))
DAP: Final = (Tag("dap trace"),)

STATUS_NAMES: Final = {1: "ACCEPT", -1: "REJECT", 2: "CHALLENGE", -3: "UNAVAILABLE", -2: "ERROR"}
_RULE: Final = "------------------------------------------------"


def lines(tags: tuple[Tag, ...], *texts: str) -> list[Line]:
    """Tag several lines alike; a text of several lines is split."""
    return [(tags, line) for text in texts for line in text.split("\n")]


class Transaction:
    """One AAA session: its handle and pointer, and the words printed along its way.

    Shapes follow public captures of ``debug aaa common 255`` on 9.x; the spelling differs
    between releases.
    """

    def __init__(self, handle: int, *, authorizing: str = "") -> None:
        self.handle = handle
        self.pointer = f"0x{0xD8A50000 + handle * 0x120:08x}"
        self.groups = ("<none>", authorizing or "<none>")
        self.user_policy = ""
        self.tunnel_policy = ""

    def opened(self) -> list[Line]:
        """Print the opening of the session."""
        return [
            *lines(AUTHENTICATION, "AAA API: In aaa_open"),
            *lines(AUTHENTICATION, f"AAA session opened: handle = {self.handle}"),
        ]

    def started(self) -> list[Line]:
        """Print what every request begins with, a challenge's answer included."""
        return lines(
            COMMON,
            "AAA API: In aaa_process_async",
            "aaa_process_async: sending AAA_MSG_PROCESS",
            f"AAA task: aaa_process_msg({self.pointer}) received message type 0",
            "AAA FSM: In AAA_StartAAATransaction",
            "AAA FSM: In AAA_InitTransaction",
        )

    def asking(self, what: str, group: str, server: str, user: str) -> list[Line]:
        """Print the choice of a server; ``server`` empty means that none was found."""
        tags = AUTHENTICATION if what.startswith("authentication") else AUTHORIZATION
        found = f"AAA_BindServer: Using server: {server}"
        return [
            *lines(tags, "", f"Initiating {what} (Svr Grp: {group})", _RULE),
            *lines(COMMON, "AAA FSM: In AAA_BindServer"),
            *lines(tags, found if server else "AAA_BindServer: No server found"),
            *(lines(COMMON, "AAA FSM: In AAA_SendMsg") if server else []),
            *(lines(tags, f"User: {user}", "Resp: ") if server else []),
        ]

    def answered(self, status: int, label: str, state: str, message: str = "") -> list[Line]:
        """Print a server's verdict; ``label`` is Authentication, Authorization and so on."""
        name = STATUS_NAMES[status]
        tags = AUTHENTICATION if label == "Authentication" else AUTHORIZATION
        primary, author = self.groups
        unreachable = status == -3  # noqa: PLR2004 - the task's own code for "no server answered"
        return [
            *lines(tags, f"callback_aaa_task: status = {status}, msg = {message}"),
            *lines(
                COMMON,
                "AAA FSM: In aaa_backend_callback",
                f"aaa_backend_callback: Handle = {self.handle}, pAcb = {self.pointer}",
                *(["aaa_backend_callback: Error: No response from server"] if unreachable else []),
                f"AAA task: aaa_process_msg({self.pointer}) received message type 1",
                "AAA FSM: In AAA_ProcSvrResp",
            ),
            *lines(tags, "", "Back End response: ", "------------------"),
            *lines(tags, f"{label} Status: {status} ({name})", ""),
            *lines(
                COMMON,
                "AAA FSM: In AAA_NextFunction",
                f"AAA_NextFunction: i_fsm_state = IFSM_{state}, auth_status = {name}",
                f"AAA_NextFunction: authen svr = {primary}, author svr = {author}, "
                f"user pol = {self.user_policy}, tunn pol = {self.tunnel_policy}",
            ),
        ]

    @staticmethod
    def next_state(state: str) -> list[Line]:
        """Print the step that comes next."""
        return lines(COMMON, f"AAA_NextFunction: New i_fsm_state = IFSM_{state}, ")

    def policy(self, kind: str, name: str, *, exists: bool) -> list[Line]:
        """Print the look-up of a group policy, which is a step and not a second login."""
        label, state = {
            "user": ("User Group Policy", "USER_GRP_POLICY"),
            "tunnel": ("Tunnel Group Policy", "TUNN_GRP_POLICY"),
        }[kind]
        query = f"{kind} group policy lookup"
        return [
            *self.next_state(state),
            *lines(COMMON, "AAA FSM: In AAA_InitTransaction"),
            *lines(INTERNAL, f"aaai_policy_name_to_server_id({name})"),
            *lines(INTERNAL, "Got server ID 0 for group policy DB"),
            *self.asking(query, "GROUP_POLICY_DB", "<Internal Server>", name),
            *self.answered(1 if exists else -1, label, state),
        ]

    def finished(self, status: str, extra: Iterable[str] = ()) -> list[Line]:
        """Print the verdict of the whole session."""
        return [
            *lines(COMMON, "AAA FSM: In AAA_ProcessFinal", *extra),
            *lines(AUTHENTICATION, f"Auth Status = {status}"),
        ]

    def closed(self) -> list[Line]:
        """Print the end of the session, which a cancelled login reaches as well."""
        return [
            *lines(AUTHENTICATION, "AAA API: In aaa_close"),
            *lines(COMMON, f"AAA task: aaa_process_msg({self.pointer}) received message type 3"),
            *lines(INTERNAL, f"In aaai_close_session ({self.handle})"),
        ]
