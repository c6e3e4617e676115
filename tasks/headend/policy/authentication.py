"""Who must prove what to whom: certificate, password, token, second server, authorization."""

from __future__ import annotations

from collections.abc import Iterator

from headend.model.policy import Answer, Known, Point, PolicyLine
from headend.model.servers import LOCAL
from headend.policy.objects import ServerGroup, Setting
from headend.policy.way import Way, cited, inherited, known

_NO_TOKEN = {"ldap", "kerberos", "nt", "http-form"}
_REQUIRED, _NOT_ASKED = "required", "not asked"


def answers(way: Way) -> Iterator[Answer]:
    """Yield the points from the certificate to the authorization."""
    yield _certificate(way)
    if "saml" in way.methods:
        yield _saml(way)
    else:
        yield _password(way)
        if way.asks_password:
            yield _server(way, Point.PRIMARY, way.general("authentication-server-group"))
        yield _token(way)
        second = way.general("secondary-authentication-server-group")
        if second and way.asks_password and second.values[:1] != ("none",):
            yield _server(way, Point.SECONDARY, second)
    yield _user_name(way)
    yield _authorization(way)


def _certificate(way: Way) -> Answer:
    setting = way.webvpn("authentication")
    wanted = any("certificate" in word for word in way.methods)
    value = _REQUIRED if wanted else "not required"
    return Answer(Point.CERTIFICATE, value, cited(setting), note=inherited(setting))


def _password(way: Way) -> Answer:
    setting = way.webvpn("authentication")
    value = _REQUIRED if way.asks_password else _NOT_ASKED
    return Answer(Point.PASSWORD, value, cited(setting), note=inherited(setting))


def _saml(way: Way) -> Answer:
    setting, provider = way.webvpn("authentication"), way.webvpn("saml", "identity-provider")
    name = provider.text if provider else "no identity provider"
    note = "passwords and tokens are the identity provider's own policy"
    return Answer(Point.PRIMARY, f"SAML: {name}", cited(setting, provider), Known.PARTLY, note)


def _server(way: Way, point: Point, setting: Setting | None) -> Answer:
    name, group = way.servers(setting)
    lines = cited(setting)
    if name.upper() == LOCAL:
        value, note = "local users of the headend", inherited(setting)
        return Answer(point, value, lines, known(setting), note)
    if group is None:
        note = "no such server group is configured: the login ends here"
        return Answer(point, f"{name} (missing)", lines, known(setting), note)
    hosts = ", ".join(host.words[-1] for host in group.hosts) or "no server"
    fallback = ", then local users" if setting and LOCAL in setting.values[1:] else ""
    value = f"{name} ({group.protocol}: {hosts}){fallback}"
    waits = [
        f"waits {seconds} s for {line.under.split()[-1]}"
        for seconds, line in group.values("timeout")
    ]
    note = "; ".join(filter(None, (inherited(setting), *waits)))
    return Answer(point, value, (*lines, group.line), known(setting), note)


def _token(way: Way) -> Answer:
    """Answer whether a hardware token is required, and by which line; at each interface."""
    settings = [
        way.general("authentication-server-group"),
        way.general("secondary-authentication-server-group"),
    ]
    here = _token_here(way)
    doors = dict.fromkeys(door for each in settings if each for door, _ in each.elsewhere)
    there = {door: _token_here(way.at(door)) for door in doors}
    if all(other.value == here.value for other in there.values()):
        return here
    lines = dict.fromkeys([*here.lines, *(line for each in there.values() for line in each.lines)])
    note = "; ".join(
        filter(None, (here.note, *(f"at {at} {it.value}" for at, it in there.items())))
    )
    sure = Known.NO if here.known is Known.NO else Known.PARTLY
    return Answer(Point.TOKEN, here.value, tuple(lines), sure, note)


def _token_here(way: Way) -> Answer:
    if not way.asks_password:
        return Answer(Point.TOKEN, _NOT_ASKED, cited(way.webvpn("authentication")))
    second = way.general("secondary-authentication-server-group")
    for setting in (way.general("authentication-server-group"), second):
        if setting is None or setting.values[:1] == ("none",):
            continue
        name, group = way.servers(setting)
        if group is not None and group.protocol == "sdi":
            return Answer(Point.TOKEN, _REQUIRED, (setting.line, group.line))
        if group is not None and way.token_name(name):
            note = f"by its name, {name} asks for tokens; only the server itself knows"
            return Answer(Point.TOKEN, "probably required", (setting.line,), Known.PARTLY, note)
    proxy = way.webvpn("proxy-auth", "sdi")
    if proxy:
        note = "proxy-auth sdi: the RADIUS server passes on the questions of a token server"
        return Answer(Point.TOKEN, "probably required", (proxy.line,), Known.PARTLY, note)
    return _asked_by_server(way)


def _asked_by_server(way: Way) -> Answer:
    settings = (
        way.general("authentication-server-group"),
        way.general("secondary-authentication-server-group"),
    )
    groups = [(setting, way.servers(setting)[1]) for setting in settings if setting]
    open_ended = [(setting, group) for setting, group in groups if group and _may_ask(group)]
    if open_ended:
        setting, group = open_ended[0]
        note = (
            f"{group.name} speaks {group.protocol}: whether it asks for a token is the server's "
            "own policy, not the headend's"
        )
        return Answer(Point.TOKEN, "not known", (setting.line, group.line), Known.NO, note)
    lines: tuple[PolicyLine, ...] = tuple(
        line
        for setting, group in groups
        for line in (setting.line, *((group.line,) if group else ()))
    )
    return Answer(Point.TOKEN, _NOT_ASKED, lines)


def _may_ask(group: ServerGroup) -> bool:
    return group.protocol not in _NO_TOKEN


def _user_name(way: Way) -> Answer:
    source = way.general("username-from-certificate")
    if source and not way.asks_password:
        value = f"taken from the certificate: {source.text}"
        return Answer(Point.USER_NAME, value, cited(source), note=inherited(source))
    if not way.asks_password and "saml" not in way.methods:
        return Answer(Point.USER_NAME, "taken from the certificate: CN OU")
    filled = way.webvpn("pre-fill-username")
    if filled:
        return Answer(Point.USER_NAME, "filled in from the certificate", cited(filled, source))
    return Answer(Point.USER_NAME, "typed by the user")


def _authorization(way: Way) -> Answer:
    setting = way.general("authorization-server-group")
    required = way.general("authorization-required")
    if setting is None:
        return Answer(Point.AUTHORIZATION, "none", cited(required))
    name, group = way.servers(setting)
    need = "must succeed" if required else "may fail"
    lines = cited(setting, required)
    if group is None:
        note = "" if name.upper() == LOCAL else "no such server group is configured"
        return Answer(Point.AUTHORIZATION, f"{name}: {need}", lines, note=note)
    note = ""
    if group.protocol == "ldap":
        bases = ", ".join(dict.fromkeys(base for base, _ in group.values("ldap-base-dn")))
        note = "an LDAP look-up asks for no password: it finds a disabled account too"
        note += f", unless {bases} leaves those out" if bases else ""
    elif group.protocol == "radius" and not group.settings.under("authorize-only"):
        note = "RADIUS sends a common password or the name as password: accounts may lock"
    note = "; ".join(filter(None, (inherited(setting), note)))
    sure = Known.PARTLY if note else Known.YES
    return Answer(
        Point.AUTHORIZATION, f"{name} ({group.protocol}): {need}", (*lines, group.line), sure, note
    )
