"""Scores in words and figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from accuracy.grade import BINS, Grade, Score

TITLES = {
    "outcome": "outcome right",
    "cause": "first cause right",
    "stage": "stage right",
    "admin": "admin login told apart",
}


def table(scores: dict[str, Score]) -> Iterator[str]:
    """Yield the lines of the whole report; a column a folder."""
    yield f"{'':36}" + "".join(f"{name:>13}" for name in scores)
    yield _row("cases", (str(one.cases) for one in scores.values()))
    yield _row("attempts", (str(len(one.labelled)) for one in scores.values()))
    yield _row("cases separated rightly", (_share(s.separated, s.cases) for s in scores.values()))
    for aspect, title in TITLES.items():
        yield _row(title, (f"{100 * one.share(aspect):.1f} %" for one in scores.values()))
    yield ""
    yield "first cause by its confidence (right of how many)"
    for place, (low, high) in enumerate(BINS):
        spoken = (list(one.bins())[place] for one in scores.values())
        title = f"{low:.1f} to {min(high, 1.0):.1f}"
        yield _row(f"  {title}", (f"{right} of {count}" for _, count, right in spoken))
    yield _row("  Brier score", (f"{one.brier:.3f}" for one in scores.values()))
    yield ""
    yield "first cause by what was the matter (right of how many)"
    causes = sorted({cause for one in scores.values() for cause in _by_cause(one)})
    for cause in causes:
        counts = (_by_cause(one).get(cause, (0, 0)) for one in scores.values())
        yield _row(f"  {cause}", (f"{right} of {n}" if n else "-" for right, n in counts))


def failures(name: str, score: Score) -> Iterator[str]:
    """Yield a few lines for each attempt that was not read as it is labelled."""
    for one in score.grades:
        if one.wrong:
            yield f"{name}/{one.case.name}: {', '.join(one.wrong)}"
            yield f"    expected {_expected(one)}"
            yield f"    got      {_got(one)}"


def as_json(scores: dict[str, Score]) -> dict[str, Any]:
    return {
        name: {
            "cases": one.cases,
            "attempts": len(one.labelled),
            "separated": one.separated,
            **{aspect: one.share(aspect) for aspect in TITLES},
            "bins": [
                {"from": low, "diagnoses": count, "right": right}
                for low, count, right in one.bins()
            ],
            "brier": one.brier,
            "causes": {
                cause: {"right": right, "attempts": n}
                for cause, (right, n) in sorted(_by_cause(one).items())
            },
            "failures": [
                {
                    "case": failed.case.name,
                    "wrong": failed.wrong,
                    "expected": _expected(failed),
                    "got": _got(failed),
                }
                for failed in one.grades
                if failed.wrong
            ],
        }
        for name, one in scores.items()
    }


def _row(title: str, values: Iterator[str]) -> str:
    return f"{title:36}" + "".join(f"{value:>13}" for value in values)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _by_cause(score: Score) -> dict[str, tuple[int, int]]:
    """Count by the likeliest cause of each label."""
    labelled, right = Counter[str](), Counter[str]()
    for one in score.grades:
        if one.label:
            labelled[one.label.causes[0]] += 1
            right[one.label.causes[0]] += one.right("cause")
    return {cause: (right[cause], count) for cause, count in labelled.items()}


def _expected(one: Grade) -> str:
    if one.label is None:
        return "no such attempt"
    label = one.label
    stages = "|".join(stage or "none" for stage in label.stages)
    users = "|".join(map(ascii, label.users))
    admin = " admin" if label.admin == (True,) else ""
    return f"{users} {'|'.join(label.outcomes)} {'|'.join(label.causes)} at {stages}{admin}"


def _got(one: Grade) -> str:
    if one.found is None:
        return one.raised or "nothing"
    found, first = one.found, one.found.causes[0]
    admin = " admin" if found.admin_login else ""
    return (
        f"{found.user!a} {found.outcome} {first.cause} ({first.confidence:.2f})"
        f" at {found.stage or 'none'}{admin}: {ascii(first.summary)[1:-1]}"
    )
