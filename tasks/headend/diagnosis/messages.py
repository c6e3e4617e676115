"""What each syslog id means to a login (ids as in the Cisco syslog guide)."""

from __future__ import annotations

from enum import IntEnum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headend.model.event import Event


class Phase(IntEnum):
    """How far a login has come when a message is sent; a login never goes back."""

    CERTIFICATE = auto()
    CHALLENGE = auto()
    PASSWORD = auto()
    AUTHORIZED = auto()
    POLICY = auto()
    ACCEPTED = auto()
    ACCESS = auto()
    STARTED = auto()
    REFUSED = auto()


REJECTS = frozenset({"113005", "113015", "113016", "113017", "716039"})
ADMIN = frozenset({"113021", "315011", "605004", "605005", "611101", "611102"})
ADMIN_REFUSED = frozenset({"113021", "605004", "611102"})
ADMIN_STARTED = frozenset({"605005", "611101"})
STARTED = frozenset(
    {"113039", "716001", "722022", "722033", "722034", "722051", "750006", "751025"}
)
ERRORS = frozenset({"113013", "113014"})

# Refusals that come after the AAA server's ACCEPT.
DENIED = frozenset(
    {
        "113029", "113030", "713004", "113033", "113035", "113036", "113037", "113038", "113040",
        "716023", "716040", "716046", "716057", "722001", "722003", "722020", "722046",
        "722048", "722049", "722050", "734002", "751008", "751018", "751019",
    }
)  # fmt: skip
# IKEv2 gives up, before or after the servers were asked.
IKE_ABORTED = frozenset(
    {"750003", "751002", "751004", "751006", "751009", "751011", "751012", "751013", "751015"}
)

# What may follow another refusal of the same login; any other is the next login's.
FOLLOWS = ADMIN_REFUSED | {"113006", "113025", "315011", "716039"}

# Refusals that come when the session is being set up, after "parent session started".
AFTER_START = frozenset(
    {
        "113035",
        "722001",
        "722003",
        "722020",
        "722046",
        "722048",
        "722049",
        "722050",
        "716057",
        "734002",
    }
)
# The tunnel itself: from here on nothing is refused any more.
TUNNEL = frozenset({"722022", "722033", "722034", "722051", "750006", "751025"})

SHUNNED = "733201"
SKEW = "113020"
CLOCK = "771002"
HANDSHAKE_FAILED = "725006"
HANDSHAKES = frozenset({"725001", "725002", HANDSHAKE_FAILED, "725014"})
SERVER_STATE = frozenset({"113020", "113022", "113023", "113045"})

SAML = frozenset({"716160", "716162"})
# No address could be given; these name the tunnel group at most.
NO_ADDRESS = frozenset({"737003", "737004", "737007", "737010", "737012", "737019", "737033"})

# Certificate messages name a certificate, not a login.
CERTIFICATE_FAILED = frozenset({"717009", "717027", "717031"})
CERTIFICATE_PASSED = frozenset({"717022", "717028", "717030", "717038"})
CERTIFICATE_ABOUT = frozenset({"717025", "717029", "717035", "717036"})
# A login may still go on: without a revocation check, by the default group, with a password.
CERTIFICATE_DOUBTED = frozenset(
    {
        "113026", "113028", "717010", "717012", "717015", "717018", "717019", "717032", "717037",
    }
)  # fmt: skip
CERTIFICATE = CERTIFICATE_FAILED | CERTIFICATE_PASSED | CERTIFICATE_ABOUT | CERTIFICATE_DOUBTED

# The next server, or the local database, may still be asked after an error.
_PHASES: dict[str, Phase] = (
    dict.fromkeys(REJECTS | DENIED | IKE_ABORTED | ADMIN_REFUSED | SAML, Phase.REFUSED)
    | dict.fromkeys(ERRORS, Phase.PASSWORD)
    | dict.fromkeys(STARTED | ADMIN_STARTED, Phase.STARTED)
    | {
        "113001": Phase.REFUSED,
        "113003": Phase.POLICY,
        "113004": Phase.PASSWORD,
        "113006": Phase.REFUSED,
        "113008": Phase.ACCEPTED,
        "113009": Phase.POLICY,
        "113010": Phase.CHALLENGE,
        "113011": Phase.POLICY,
        "113012": Phase.PASSWORD,
        "113018": Phase.ACCESS,
        "113024": Phase.CERTIFICATE,
        "113025": Phase.REFUSED,
        "716038": Phase.ACCEPTED,
        "722041": Phase.STARTED,
        "734001": Phase.ACCESS,
        "734003": Phase.ACCESS,
    }
)


def phase(event: Event) -> Phase | None:
    """Return how far the login is, or ``None`` for a message that is not about a login."""
    if event.kind.startswith("75") and event.fields.get("user") == event.fields.get("client_ip"):
        # A tunnel between sites has its peer's address for a user.
        return None
    if event.kind == "734003" and not event.fields.get("attribute", "").startswith("endpoint"):
        return None
    if event.kind == "113004" and event.fields.get("action") == "authorization":
        return Phase.AUTHORIZED
    return _PHASES.get(event.kind)
