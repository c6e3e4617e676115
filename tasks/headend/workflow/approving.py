"""Two people sign one document: drawn up by the author, signed by both, checked before typing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from headend.change import approval as approvals
from headend.change.approval import NAMESPACE, Approval
from headend.change.window import Freeze, Window, frozen, span
from headend.errors import HeadendError, InputError, Refused
from headend.incident.changes import ChangeFolder
from headend.incident.naming import folder_name
from headend.incident.review import reviews
from headend.model.change import Plan
from headend.workflow import signing
from headend.workflow.signing import Signers

DOCUMENT = "approval.json"
GLASS = "break-glass.txt"
_FREEZES = "freezes.yaml"
_LARGEST = 1 << 16


@dataclass(frozen=True, slots=True)
class Approved:
    """A good approval: the document, and with which keys author and approver signed it.

    ``window`` ends with the approval where that ends first.
    """

    approval: Approval
    window: Window
    keys: tuple[str, str]
    signers: Signers


def draw_up(
    change: ChangeFolder, plan: Plan, approver: str, window: str, expires: str | None = None
) -> Approval:
    """Write the document that both sign; an older one, and its signatures, fall with it.

    Without ``expires`` the approval ends with its window.
    """
    not_revoked(change)
    ends = expires or Window.parse(window).end.isoformat()
    made = approvals.drawn_up(plan, approver, window, ends)
    for old in change.path.glob("approval.*"):
        old.unlink()
    change.write(DOCUMENT, made.document())
    change.audit("approval drawn up", **asdict(made))
    return made


def document_of(change: ChangeFolder) -> Approval:
    """Return the approval document of a change; raises ``Refused`` where there is none."""
    data = change.read(DOCUMENT)
    if data is None:
        raise Refused(
            f"Change {change.id} is not approved",
            remedy=f"headend change approve {change.id} --approver WHO --window WHEN --key KEY",
        )
    return approvals.read(data, DOCUMENT)


def sign(change: ChangeFolder, plan: Plan, approval: Approval, principal: str, key: Path) -> None:
    """Add the signature of author or approver; raises ``InputError`` for anybody else.

    Raises ``Refused`` where the document approves something else than the plan beside it: who
    signs has read the plan, and a document that came by mail may name another one.
    """
    not_revoked(change)
    reason = next(approvals.foreign(plan, approval), None)
    if reason:
        raise Refused(
            f"The approval beside plan {plan.id} is not for it: {reason}",
            remedy=f"Have it drawn up anew: headend change approve {plan.id} --approver --window",
        )
    may_sign(principal, approval.author, approval.approver)
    for name, text in reviews(plan).items():
        if change.read(name) not in {None, text}:
            raise Refused(
                f"{change.path / name} is not what plan {plan.id} gives: somebody edited it, or "
                "another version of this program wrote it",
                remedy=f"Read headend change show {plan.id}, remove that file, and sign again",
            )
    signature = signing.sign(approval.document(), key, _namespace(approval, principal))
    change.write(_signature(principal), signature)
    change.audit("approval signed", principal=principal)


def may_sign(principal: str, author: str, approver: str) -> None:
    """Raise ``InputError`` for anybody but the author of a plan and its approver."""
    if principal not in {author, approver}:
        raise InputError(
            f"{principal} is neither the author ({author}) nor the approver ({approver}) of this "
            "approval",
            remedy="Sign as one of them: --as; the author is who planned it: change new --as",
        )


def doubt(change: ChangeFolder, approval: Approval, who: str, allowed_signers: Path) -> str:
    """Return why a signature would not count here and now; empty where it would.

    The file of allowed signers may stand elsewhere, so this refuses nothing: applying does.
    """
    try:
        _checked(change, approval, who, Signers.read(allowed_signers))
    except Refused as refusal:
        return refusal.message
    return ""


def signed_by(change: ChangeFolder, approval: Approval) -> tuple[str, ...]:
    """Return whose signatures are there; whether they are good is not said."""
    both = (approval.author, approval.approver)
    return tuple(who for who in both if change.read(_signature(who)) is not None)


def glass_is_broken(change: ChangeFolder, plan: Plan, allowed_signers: Path) -> bool:
    """Return whether a change was applied without approval, and two have not signed it since."""
    if change.read(GLASS) is None:
        return False
    try:
        approval = document_of(change)
        _both_signed(change, approval, Signers.read(allowed_signers))
    except HeadendError:
        return True
    return any(approvals.foreign(plan, approval))


def revoke(change: ChangeFolder, who: str, why: str) -> None:
    """Take the approval back: nothing can be applied by it any more, nor by a later one."""
    change.revoke(who, why, datetime.now(UTC).isoformat(timespec="seconds"))


def not_revoked(change: ChangeFolder) -> None:
    """Raise ``Refused`` where the approval of a change was taken back."""
    revoked = change.revoked()
    if revoked is not None:
        by, why = revoked
        raise Refused(
            f"The approval of change {change.id} was revoked by {by}: {why}",
            remedy="Plan it anew, and have that approved: headend change new",
        )


def approved(change: ChangeFolder, plan: Plan, allowed_signers: Path) -> Approved:
    """Return the approval of a plan when it holds now.

    Raises ``Refused`` with the reason where it does not: no approval, revoked, void, expired, a
    signature that is missing, bad or made with the author's own key.
    """
    not_revoked(change)
    approval = document_of(change)
    reason = next(approvals.void(plan, approval, datetime.now(UTC)), None)
    if reason:
        raise Refused(f"The approval of change {change.id} is void: {reason}")
    signers = Signers.read(allowed_signers)
    keys = _both_signed(change, approval, signers)
    window = Window.parse(approval.window)
    ends = min(window.end, datetime.fromisoformat(approval.expires))
    return Approved(approval, replace(window, end=ends), keys, signers)


def freezes(inventory: Path) -> tuple[Freeze, ...]:
    """Return the freeze calendar beside the inventory, ``freezes.yaml``; none where it is missing.

    Raises ``InputError`` with the entry that cannot be read.
    """
    path = inventory / _FREEZES
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return ()
    from ruamel.yaml import YAML  # noqa: PLC0415 - slow, and few have a calendar
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        entries = YAML(typ="safe", pure=True).load(data[:_LARGEST].decode("utf-8")) or []
        return tuple(map(_freeze, entries))
    except (YAMLError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            f"{path} cannot be read: {' '.join(str(error).split())[:200]}",
            remedy='Write entries like - {from: "2026-12-20T00:00+01:00", to: "...", why: "..."}',
        ) from None


def frozen_now(calendar: Iterable[Freeze], needed: timedelta) -> str:
    """Return why nothing may begin now that takes ``needed``; empty where no freeze holds."""
    return frozen(calendar, datetime.now(UTC), needed)


def _both_signed(change: ChangeFolder, approval: Approval, signers: Signers) -> tuple[str, str]:
    first, second = (
        _checked(change, approval, who, signers) for who in (approval.author, approval.approver)
    )
    if first == second:
        raise Refused(
            f"{approval.author} and {approval.approver} signed with the same key {first}",
            remedy="Another person approves, with a key of their own",
        )
    return first, second


def _checked(change: ChangeFolder, approval: Approval, who: str, signers: Signers) -> str:
    signature = change.read(_signature(who))
    if signature is None:
        raise Refused(
            f"{who} has not signed the approval of change {change.id}",
            remedy=f"headend change approve {change.id} --as {who} --key ~/.ssh/id_ed25519",
        )
    return signing.verify(approval.document(), signature, who, _namespace(approval, who), signers)


def _namespace(approval: Approval, who: str) -> str:
    """Return for what somebody signs: the role is the approver's, the author only asks."""
    return approval.namespace if who == approval.approver else NAMESPACE


def _signature(principal: str) -> str:
    return f"approval.{folder_name(principal)}.sig"


def _freeze(entry: dict[str, str]) -> Freeze:
    return Freeze(*span(f"{entry['from']}/{entry['to']}"), str(entry["why"]))
