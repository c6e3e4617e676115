"""The review of a planned change as Markdown for the ticket and as one HTML page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from headend.incident.markup import environment
from headend.model.change import Plan, Target, Touched

# So many callers are named where many meet the same; the rest is counted.
_NAMED = 4
# A certificate map asks everybody, and lets those in who have none: said once, and apart.
_ASKED = "asked-for-certificate"


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes at one point, and for whom."""

    point: str
    before: str
    after: str
    who: tuple[str, ...]

    @property
    def named(self) -> str:
        """The callers in words, the first few by name."""
        more = len(self.who) - _NAMED
        names = "; ".join(self.who[:_NAMED])
        return f"{names}; and {more} more" if more > 0 else names


def effects(touched: Iterable[Touched]) -> tuple[Effect, ...]:
    """Return what is touched, those who meet the same thing together."""
    gathered: dict[tuple[str, str, str], list[str]] = {}
    for one in touched:
        gathered.setdefault((one.point, one.before, one.after), []).append(one.who)
    return tuple(Effect(*key, tuple(dict.fromkeys(who))) for key, who in gathered.items())


def alike(plan: Plan) -> tuple[tuple[str, Target], ...]:
    """Return the targets of a plan with their names, those that say the same together."""
    gathered: list[tuple[list[str], Target]] = []
    for target in plan.targets:
        for names, other in gathered:
            if _same(other, target):
                names.append(target.headend)
                break
        else:
            gathered.append(([target.headend], target))
    return tuple((", ".join(names), target) for names, target in gathered)


def _same(one: Target, other: Target) -> bool:
    return replace(one, headend="", state={}) == replace(other, headend="", state={})


def reach(target: Target) -> str:
    """Return in one sentence whom a change touches on one headend besides those it is for."""
    radius = target.radius
    touched = {one.who for one in radius.others if one.point != _ASKED}
    asked = "Everybody is asked for a certificate from then on. " if _asks_all(target) else ""
    if not touched:
        return (
            f"{asked}Nobody else meets anything else ({radius.compared} ways to log in compared)."
        )
    sessions = f", {radius.sessions} of them with a session now" if radius.sessions else ""
    share = f"{len(touched)} of {radius.compared}"
    return f"{asked}{share} other ways to log in meet something new{sessions}."


def _asks_all(target: Target) -> bool:
    return any(one.point == _ASKED for one in target.radius.others)


def markdown_review(plan: Plan) -> str:
    """Return the review as Markdown; the same plan gives the same bytes."""
    return _render("review.md.j2", plan)


def html_review(plan: Plan) -> str:
    """Return the review as one self-contained HTML page without script."""
    return _render("review.html.j2", plan)


def reviews(plan: Plan) -> dict[str, bytes]:
    """Return the reviews that are kept beside a plan, by the name of their file."""
    texts = {"review.md": markdown_review(plan), "review.html": html_review(plan)}
    return {name: text.encode("utf-8", "backslashreplace") for name, text in texts.items()}


def _render(name: str, plan: Plan) -> str:
    templates = environment(html=name.endswith(".html.j2"))
    templates.filters["effects"] = effects
    templates.filters["reach"] = reach
    templates.filters["alike"] = alike
    return templates.get_template(name).render(plan=plan)
