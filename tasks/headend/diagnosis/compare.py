"""The first decision at which two logins part: others connect without issues, this one does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.model.comparison import Comparison, Likeness, Point
from headend.model.diagnosis import Decision

if TYPE_CHECKING:
    from headend.model.diagnosis import Decided, Diagnosis

_ADVICE = {
    Decision.CERTIFICATE: (
        "Compare the two certificates: issuer, dates, key usage, and the store that each is in."
    ),
    Decision.TUNNEL_GROUP: (
        "The group that the user picks, the address typed or a certificate map decides this: have "
        "both log in the same way."
    ),
    Decision.SERVER_GROUP: "The tunnel group names its server group: compare the two in there.",
    Decision.SERVER: (
        "Both stand in one group: look whether the two servers know the same users and rules."
    ),
    Decision.PRIMARY: (
        "The server judges these two differently: its own log, and its rule for each, say why."
    ),
    Decision.CHALLENGE: (
        "The server asked for more: see who was asked, what the user saw, and what was answered."
    ),
    Decision.SECONDARY: "The second server judges them differently: compare the accounts there.",
    Decision.AUTHORIZATION: (
        "Compare the group memberships of the two, the attribute map and the group lock."
    ),
    Decision.GROUP_POLICY: (
        "Compare what maps the two to a group policy: memberOf, Class, the tunnel group's default."
    ),
    Decision.ACCESS_POLICY: "Compare what DAP saw of the two: endpoint, posture, AAA attributes.",
    Decision.SESSION: (
        "The headend refused one itself: login limit, licence, address pool, allowed protocols."
    ),
}
_UNDECIDED = (
    "No decision that was seen of both differs: capture both with the same debug, armed before "
    "they begin."
)


def compare(first: Diagnosis, second: Diagnosis) -> Comparison:
    """Return what two logins have in common, decision by decision, and where they part."""
    one, other = ({each.decision: each for each in side.decisions} for side in (first, second))
    points = tuple(
        Point(
            decision,
            _likeness(one.get(decision), other.get(decision)),
            one.get(decision),
            other.get(decision),
        )
        for decision in Decision
        if decision in one or decision in other
    )
    parting = next((point for point in points if point.likeness is Likeness.DIFFERENT), None)
    advice = _ADVICE[parting.decision] if parting is not None else _UNDECIDED
    return Comparison(first, second, points, parting, advice)


def _likeness(one: Decided | None, other: Decided | None) -> Likeness:
    if one is None or other is None:
        return Likeness.ONE_SIDED
    shorter, longer = sorted((one.value.casefold(), other.value.casefold()), key=len)
    # "rejected" may be the same as "rejected, data 775": one debug tells more than the other.
    alike = longer == shorter or longer.startswith(f"{shorter}, ")
    return Likeness.SAME if alike else Likeness.DIFFERENT
