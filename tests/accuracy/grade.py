"""Hold what was diagnosed against the labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accuracy.cases import Case, Label
from headend import diagnose
from headend.model.diagnosis import Diagnosis

# Wide enough that each bin holds attempts to speak of.
BINS = ((0.0, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01))


ASPECTS = ("user", "outcome", "cause", "stage", "admin")


@dataclass(frozen=True)
class Grade:
    """One attempt: ``label`` is ``None`` where there is none, ``found`` where it was missed.

    ``raised`` is the error that lost every attempt of the text, which no text should do.
    """

    case: Case
    label: Label | None
    found: Diagnosis | None
    raised: str = ""

    def right(self, aspect: str) -> bool:
        if self.label is None or self.found is None:
            return False
        label, found = self.label, self.found
        return {
            "user": found.user in label.users,
            "outcome": found.outcome in label.outcomes,
            "cause": found.causes[0].cause in label.causes,
            "stage": found.stage in label.stages,
            "admin": found.admin_login in label.admin,
        }[aspect]

    @property
    def wrong(self) -> tuple[str, ...]:
        """Return the names of what is not right."""
        if self.raised:
            return ("raised",)
        if self.label is None:
            return ("extra",)
        if self.found is None:
            return ("missed",)
        return tuple(aspect for aspect in ASPECTS if not self.right(aspect))


def grade(case: Case) -> list[Grade]:
    """Pair labels and diagnoses: by user in the order of the text, then whatever is left."""
    try:
        left = diagnose(case.text)
    except Exception as error:  # noqa: BLE001 - whatever it is, the table must say so
        return [Grade(case, label, None, repr(error)) for label in case.labels or (None,)]
    pairs: dict[int, Diagnosis] = {}
    for by_user in (True, False):
        for place, label in enumerate(case.labels):
            fits = (one for one in left if not by_user or one.user in label.users)
            if place not in pairs and (found := next(fits, None)) is not None:
                pairs[place] = found
                left.remove(found)
    return [
        *(Grade(case, label, pairs.get(place)) for place, label in enumerate(case.labels)),
        *(Grade(case, None, found) for found in left),
    ]


@dataclass(frozen=True)
class Score:
    """The grades of one folder, counted."""

    grades: tuple[Grade, ...]
    cases: int

    @property
    def labelled(self) -> list[Grade]:
        return [one for one in self.grades if one.label]

    def share(self, aspect: str) -> float:
        """Return the share of labelled attempts of which ``aspect`` is right."""
        right = sum(one.right(aspect) for one in self.labelled)
        return right / len(self.labelled) if self.labelled else 1.0

    @property
    def separated(self) -> int:
        """Count the cases of which every attempt was found, for its user, and no other."""
        return self.cases - len({one.case.name for one in self.grades if not one.right("user")})

    def bins(self) -> Iterator[tuple[float, int, int]]:
        """Yield where each bin of confidence begins, its diagnoses and how many are right."""
        for low, high in BINS:
            held = [
                one.right("cause")
                for one in self.grades
                if one.found and low <= one.found.causes[0].confidence < high
            ]
            yield low, len(held), sum(held)

    @property
    def brier(self) -> float:
        """Return the mean square between confidence and truth: 0 is perfect, .25 a coin."""
        squares = [
            (one.found.causes[0].confidence - one.right("cause")) ** 2
            for one in self.grades
            if one.found
        ]
        return sum(squares) / len(squares) if squares else 0.0


def score(given: list[Case]) -> Score:
    return Score(tuple(one for case in given for one in grade(case)), len(given))
