# ruff: noqa: PLR0913 - a login has this many names
"""The lines of whole logins, as a headend prints them while it debugs."""

from __future__ import annotations

import random


def hexed(text: str) -> list[str]:
    data = text.encode()
    return [
        f"{data[at : at + 16].hex(' ')}    |  {data[at : at + 16].decode('ascii', 'replace')}"
        for at in range(0, len(data), 16)
    ]


def attribute(number: int, name: str, text: str) -> list[str]:
    length = len(text.encode()) + 2
    return [
        f"Radius: Type = {number} (0x{number:02X}) {name}",
        f"Radius: Length = {length} (0x{length:02X})",
        "Radius: Value (String) = ",
        *hexed(text),
    ]


def opened(handle: int, pointer: str, user: str, group: str, server: str) -> list[str]:
    return [
        "AAA API: In aaa_open",
        f"AAA session opened: handle = {handle}",
        "AAA API: In aaa_process_async",
        "aaa_process_async: sending AAA_MSG_PROCESS",
        f"AAA task: aaa_process_msg({pointer}) received message type 0",
        "AAA FSM: In AAA_StartAAATransaction",
        *step("authentication to primary server", group, server, user),
    ]


def step(what: str, group: str, server: str, user: str) -> list[str]:
    return [
        "AAA FSM: In AAA_InitTransaction",
        "",
        f"Initiating {what} (Svr Grp: {group})",
        "------------------------------------------------",
        "AAA FSM: In AAA_BindServer",
        f"AAA_BindServer: Using server: {server}",
        "AAA FSM: In AAA_SendMsg",
        f"User: {user}",
        "Resp: ",
    ]


def answered(
    handle: int, pointer: str, number: int, word: str, of: str = "Authentication"
) -> list[str]:
    return [
        f"callback_aaa_task: status = {number}, msg = ",
        "AAA FSM: In aaa_backend_callback",
        f"aaa_backend_callback: Handle = {handle}, pAcb = {pointer}",
        f"AAA task: aaa_process_msg({pointer}) received message type 1",
        "AAA FSM: In AAA_ProcSvrResp",
        "",
        "Back End response: ",
        "------------------",
        f"{of} Status: {number} ({word})",
    ]


def closed(handle: int, word: str) -> list[str]:
    return [
        "AAA FSM: In AAA_ProcessFinal",
        f"Auth Status = {word}",
        "AAA API: In aaa_close",
        f"In aaai_close_session ({handle})",
    ]


def ldap(
    key: int, user: str, code: str | None = None, server: str = "10.9.0.1", policy: str = ""
) -> list[str]:
    end = -1 if code else 1
    lines = [
        "Session Start",
        "New request Session, context 0x00007fff00000010, reqType = Authentication",
        "Fiber started",
        f"Creating LDAP context with uri=ldap://{server}:389",
        f"Connect to LDAP server: ldap://{server}:389, status = Successful",
        "Binding as svc-lookup",
        f"Performing Simple authentication for svc-lookup to {server}",
        "LDAP Search:",
        "\tBase DN = [DC=example]",
        f"\tFilter  = [sAMAccountName={user}]",
        "\tScope   = [SUBTREE]",
        f"User DN = [CN={user},DC=example]",
        "Binding as user",
        f"Performing Simple authentication for {user} to {server}",
    ]
    if code:
        lines += [
            f"Simple authentication for {user} returned code (49) Invalid credentials",
            f"Processing LDAP response for user {user}",
            (
                f"Message ({user}): 80090308: LdapErr: DSID-0C090400, comment: AcceptSecurity"
                f"Context error, data {code}, v1db1"
            ),
            f"Invalid password for {user}",
        ]
    else:
        lines += [
            f"Processing LDAP response for user {user}",
            f"Authentication successful for {user} to {server}",
        ]
        if policy:
            lines += [
                "  memberOf: value = CN=x",
                f"          mapped to Group-Policy: value = {policy}",
            ]
    lines += [f"Fiber exit Tx=1 bytes Rx=2 bytes, status={end}", "Session End"]
    return [
        line.replace("\t", "        ") if line.startswith("\t") else f"[{key}] {line}"
        for line in lines
    ]


def radius_request(
    session: str,
    number: int,
    pointer: str,
    user: str,
    server: str,
    *,
    state: str = "",
    empty: bool = False,
    client: str = "198.51.100.9",
) -> list[str]:
    password = 2 if empty else 18
    lines = [
        f"radius mkreq: {session}",
        f"alloc_rip {pointer}",
        f"    new request {session} --> {number} ({pointer})",
        f"got user '{user}'",
        "got password",
        f"add_req {pointer} session {session} id {number}",
        "RADIUS_REQUEST",
        "radius.c: rad_mkpkt",
        f"rad_mkpkt: ip:source-ip={client}",
        "",
        "RADIUS packet decode (authentication request)",
        "--------------------------------------",
        "Raw packet data (length = 100).....",
        "01 07 00 86 5e 2b 1c 0a    |  ....",
        "Parsed packet data.....",
        "Radius: Code = 1 (0x01)",
        f"Radius: Identifier = {number} (0x{number:02X})",
        *attribute(1, "User-Name", user),
        "Radius: Type = 2 (0x02) User-Password",
        f"Radius: Length = {password} (0x{password:02X})",
        "Radius: Value (String) = ",
    ]
    if not empty:
        lines.append("<secret-1>    |  ....")
    if state:
        lines += attribute(24, "State", state)
    return [*lines, f"send pkt {server}/1812"]


def radius_answer(
    session: str,
    number: int,
    pointer: str,
    code: int,
    *,
    text: str = "",
    state: str = "",
    server: str = "10.9.0.5",
) -> list[str]:
    word = {2: "ACCEPT", 3: "REJECT", 11: "CHALLENGE"}[code]
    lines = [
        f"rip {pointer} state 7 id {number}",
        "rad_vrfy() : response message verified",
        f"rip {pointer}",
        " : chall_state ''",
        " : state 0x7",
        " : reqauth:",
        "     5e 2b 1c 0a 77 d1 40 e2 9b 12 0f c4 a1 b2 c3 d4",
        f"     session_id {session}",
        f"     request_id 0x{number:x}",
        "     response '***'",
        f"     sip {server}",
        "RADIUS packet decode (response)",
        "Parsed packet data.....",
        f"Radius: Code = {code} (0x{code:02X})",
        f"Radius: Identifier = {number} (0x{number:02X})",
    ]
    if text:
        lines += attribute(18, "Reply-Message", text)
    if state:
        lines += attribute(24, "State", state)
    return [
        *lines,
        f"rad_procpkt: {word}",
        "RADIUS_DELETE",
        f"remove_req {pointer} session {session} id {number}",
        f"free_rip {pointer}",
        "radius: send queue empty",
    ]


def interleaved(one: list[list[str]], other: list[list[str]], seed: int) -> list[str]:
    """Mix two logins at random; what stands in one inner list comes in one piece."""
    chance = random.Random(seed)  # noqa: S311 - a mix, not a secret
    left, right = [list(piece) for piece in one], [list(piece) for piece in other]
    mixed: list[str] = []
    while left or right:
        pile = left if left and (not right or chance.random() < 0.5) else right
        mixed += pile.pop(0)
    return mixed


def text(*parts: list[str]) -> str:
    return "\n".join(line for part in parts for line in part)
