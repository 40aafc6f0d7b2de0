"""Check of chapter 6: the unit that tells inside from outside."""

from dataclasses import dataclass

import torch

from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.judge import Standard
from rnnlab.checks.parameter_count import CHAPTER
from rnnlab.checks.units import UnitCheck

_SIZES = ("seq_len", "batch", "hidden_size")
_REFUSED = "raises a ValueError"


@dataclass(frozen=True)
class TrackingCase(Case):
    """Cell states and which steps lie inside.

    Attributes:
        apart: By how much the tracking unit differs inside, in spreads.
        coarse: Whether states are whole numbers, so that many are equal.
        inside: "some", "all" or "none" of the steps.
    """

    apart: float = 1.5
    coarse: bool = False
    inside: str = "some"


class FindTrackingUnit(UnitCheck):
    """The unit whose cell state tells inside from outside, and its score."""

    name = "find_tracking_unit"
    equation = "eq-tracking-score"
    chapter = CHAPTER
    returns = ("unit", "score")
    established = (
        "Unit and score are those of comparing every inside step with every "
        "outside step, and you refuse where one kind is missing (7 cases)."
    )
    hints = (
        "Take every pair of an inside and an outside step. In what share of "
        "the pairs is the inside state the larger one? What if it is equal?",
        "A unit that is low inside tracks as well as one that is high. From "
        "which number must a score be far away?",
        "eq-tracking-score: for each unit, compare inner[:, None] with "
        "outer[None, :]; count 1 where larger, 1/2 where equal, and take the "
        "mean. Pick the unit with the largest |score - 1/2|.",
    )
    standard = Standard("that of all pairs")
    forbidden = ("roc_auc_score", "mannwhitneyu", "roc_curve")
    public = (
        TrackingCase(
            "a unit is high inside", dict(zip(_SIZES, (7, 2, 3), strict=True))
        ),
        TrackingCase(
            "a unit is low inside",
            dict(zip(_SIZES, (8, 2, 4), strict=True)),
            seed=1,
            apart=-2.5,
        ),
        TrackingCase(
            "many cell states are equal",
            dict(zip(_SIZES, (9, 2, 4), strict=True)),
            seed=2,
            coarse=True,
            apart=1.2,
        ),
        TrackingCase(
            "there is one unit",
            dict(zip(_SIZES, (6, 2, 1), strict=True)),
            seed=3,
        ),
        TrackingCase(
            "the cell states are float32",
            dict(zip(_SIZES, (8, 3, 3), strict=True)),
            seed=4,
            dtype=torch.float32,
            apart=-1.0,
        ),
        TrackingCase(
            "no step is inside",
            dict(zip(_SIZES, (5, 2, 3), strict=True)),
            seed=5,
            inside="none",
        ),
        TrackingCase(
            "every step is inside",
            dict(zip(_SIZES, (5, 2, 3), strict=True)),
            seed=6,
            inside="all",
        ),
    )

    def hidden_cases(self, seeds):
        """Return long ones, one sequence, ties, strides, float32, refusals."""
        case = TrackingCase
        yield case(
            "the sequences are long",
            dict(zip(_SIZES, (150, 2, 12), strict=True)),
            next(seeds),
            apart=0.6,
        )
        yield case(
            "the batch holds one sequence",
            dict(zip(_SIZES, (14, 1, 5), strict=True)),
            next(seeds),
            apart=-2.0,
        )
        yield case(
            "many cell states are equal",
            dict(zip(_SIZES, (30, 2, 5), strict=True)),
            next(seeds),
            coarse=True,
            apart=-1.0,
        )
        yield case(
            "the cell states do not lie in memory row by row",
            dict(zip(_SIZES, (9, 4, 5), strict=True)),
            next(seeds),
            contiguous=False,
        )
        yield case(
            "the cell states are float32",
            dict(zip(_SIZES, (30, 2, 5), strict=True)),
            next(seeds),
            torch.float32,
        )
        yield case(
            "no step is inside",
            dict(zip(_SIZES, (4, 3, 2), strict=True)),
            next(seeds),
            inside="none",
        )
        yield case(
            "every step is inside",
            dict(zip(_SIZES, (3, 1, 2), strict=True)),
            next(seeds),
            inside="all",
        )

    def arguments(self, case):
        """Return cell states and which steps lie inside."""
        numbers = case.generator()
        seq_len, batch, units = case.sizes.values()
        inside = torch.rand(seq_len, batch, generator=numbers) < 0.35
        inside[0], inside[1], inside[2, 0] = False, True, False
        if case.inside != "some":
            inside = torch.full_like(inside, case.inside == "all")
        states = torch.randn(
            seq_len, batch, units, generator=numbers, dtype=torch.float64
        )
        tracker = int(torch.randint(units, (), generator=numbers))
        states[..., tracker] += case.apart * inside
        # Another unit strays far and tells nothing: a mean would be fooled.
        if units > 2:
            states[..., (tracker + 1) % units] *= 6.0
        states += 0.7
        if case.coarse:
            states = states.round()
        return self.placed(case, {"cell_states": states, "inside": inside})

    def right(self, arguments):
        """Return what all pairs say, unit by unit."""
        states, inside = arguments.values()
        inner, outer = states[inside].double(), states[~inside].double()
        above = (inner[:, None] > outer).double().mean(dim=(0, 1))
        equal = (inner[:, None] == outer).double().mean(dim=(0, 1))
        score = above + equal / 2
        unit = int((score - 0.5).abs().argmax())
        return unit, float(score[unit])

    def oracle(self, case):
        """Return unit and score, or that it refuses."""
        if case.inside != "some":
            return {_REFUSED: torch.tensor([True])}
        return super().oracle(case)

    def drive(self, function, case):
        """Return unit and score, or that the function refused."""
        if case.inside == "some":
            return super().drive(function, case)
        kind = "every step" if case.inside == "all" else "no step"
        try:
            returned = function(*self.arguments(case).values())
        except ValueError as error:
            if str(error).strip():
                return {_REFUSED: torch.tensor([True])}
            raise drive.Unusable(
                f"where {kind} lies inside, your ValueError has no message. "
                "Say what is missing."
            ) from error
        came = "None came back" if returned is None else "nothing was raised"
        raise drive.Unusable(
            f"{kind} lies inside, so there is nothing to compare, and {came}. "
            "Raise a ValueError that says so."
        )
