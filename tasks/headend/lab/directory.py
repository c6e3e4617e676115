"""The people, computers and certificates that the lab's servers know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

BASE_DN: Final = "DC=corp,DC=example"
BIND_NAME: Final = "svc-asa"
BIND_DN: Final = f"CN={BIND_NAME},OU=Service,{BASE_DN}"
BIND_PASSWORD: Final = "Bind-svc-4711"  # noqa: S105 - a public lab credential
STAFF_GROUP: Final = f"CN=VPN-Users,OU=Groups,{BASE_DN}"
CONTRACTOR_GROUP: Final = f"CN=VPN-Contractors,OU=Groups,{BASE_DN}"
ISSUER: Final = "issuing-ca-01"
TRUSTPOINT: Final = "LAB-ISSUING-CA"
DISABLED: Final = "533"  # the sub-code of Active Directory

CertificateKind = Literal["user", "machine", "expired", "untrusted", "revoked"]


@dataclass(frozen=True)
class Token:
    """A hardware token: its code and what the token server asks besides it."""

    code: str
    mode: Literal["plain", "next-code", "new-pin"] = "plain"
    next_code: str = ""


@dataclass(frozen=True)
class Person:
    """A directory account; ``state`` is the AD sub-code that a right password meets."""

    name: str
    password: str
    state: str = ""
    member_of: tuple[str, ...] = (STAFF_GROUP,)
    token: Token | None = None
    bad_passwords: int = 0

    @property
    def dn(self) -> str:
        """The entry's distinguished name."""
        # A disabled account is moved aside, so that a search below the staff leaves it out.
        unit = "Leavers" if self.state == DISABLED else "Staff"
        return f"CN={self.name},OU={unit},{BASE_DN}"

    @property
    def upn(self) -> str:
        """The user principal name, as a user certificate carries it."""
        return f"{self.name}@corp.example"


@dataclass(frozen=True)
class Computer:
    """A domain computer, found by its DNS name."""

    host: str

    @property
    def dn(self) -> str:
        """The entry's distinguished name."""
        return f"CN={self.host.partition('.')[0]},OU=Laptops,{BASE_DN}"


@dataclass(frozen=True)
class Certificate:
    """A client certificate and the Windows store that holds it."""

    cn: str
    upn: str
    store: Literal["user", "machine"]
    serial: str
    issuer: str = ISSUER
    expired: bool = False
    revoked: bool = False

    @property
    def subject(self) -> str:
        """The subject name as headends print it."""
        unit = "Laptops" if self.store == "machine" else "Staff"
        return f"cn={self.cn},ou={unit},o=Example"


PEOPLE: Final[dict[str, Person]] = {
    person.name: person
    for person in (
        Person("jdoe", "Autumn-Leaf-7", token=Token("314159")),
        Person("asmith", "Copper-Kettle-3"),
        Person("m.rossi", "Winter-Moss-2", state="775", bad_passwords=5),
        Person("f.silva", "Paper-Boat-9", state="533"),
        Person("e.haas", "Silver-Fern-5", state="701"),
        Person("p.nowak", "Stone-Bridge-8", state="532"),
        Person("n.kumar", "Green-Door-4", state="773"),
        Person("s.tanaka", "Red-Maple-6", state="530"),
        Person("l.dubois", "Blue-Heron-1", state="531"),
        Person("b.ortiz", "Quiet-River-5", token=Token("271828", "next-code", "182845")),
        Person("k.meier", "Tall-Grass-2", token=Token("161803", "new-pin", "398874")),
        Person("g.olsen", "Warm-Stone-3", member_of=()),
        Person("c.tran", "Small-Cloud-7", member_of=(CONTRACTOR_GROUP,)),
    )
}
LOCAL_PASSWORDS: Final[dict[str, str]] = {
    "localuser": "Local-Stone-1",
    "breakglass": "Local-Glass-9",
}
COMPUTER: Final = Computer("laptop-0042.corp.example")


def person_named(name: str) -> Person | None:
    r"""Return the account, whether named plainly, ``DOMAIN\\name`` or ``name@realm``."""
    plain = name.rpartition("\\")[2].partition("@")[0].lower()
    return PEOPLE.get(plain)


def right_password(name: str) -> str:
    """Return the password that the lab's servers accept for this name; empty when unknown."""
    person = person_named(name)
    return person.password if person else LOCAL_PASSWORDS.get(name, "")


def certificate_of(name: str, kind: CertificateKind) -> Certificate:
    """Return the certificate that this person's laptop would offer."""
    if kind == "machine":
        return Certificate(COMPUTER.host, "", "machine", "1F00A2")
    plain = name.rpartition("\\")[2].partition("@")[0]
    return Certificate(
        plain,
        f"{plain}@corp.example",
        "user",
        {"user": "2B11C7", "expired": "0A33D1", "untrusted": "77E0", "revoked": "2B0F55"}[kind],
        issuer="rogue-ca" if kind == "untrusted" else ISSUER,
        expired=kind == "expired",
        revoked=kind == "revoked",
    )


def find_entry(attribute: str, value: str, base: str = BASE_DN) -> Person | Computer | None:
    """Look up one entry below ``base`` by its naming attribute, as a search does: no password."""
    found = _named(attribute, value.lower())
    below = found is not None and found.dn.lower().endswith(base.lower())
    return found if below else None


def _named(attribute: str, wanted: str) -> Person | Computer | None:
    if attribute.lower() == "dnshostname":
        return COMPUTER if wanted == COMPUTER.host else None
    if attribute.lower() == "userprincipalname":
        return next((one for one in PEOPLE.values() if one.upn == wanted), None)
    return PEOPLE.get(wanted)
