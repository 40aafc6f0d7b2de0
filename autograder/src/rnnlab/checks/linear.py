"""Checks of chapter 1: the linear case, and the bound for any other."""

from dataclasses import dataclass

import torch

from rnnlab.checks.case import Case
from rnnlab.checks.judge import Standard
from rnnlab.checks.values import ValuesCheck
from rnnlab.checks.vanilla import CHAPTER
from rnnlab.checks.vanishing import RELATIVE


def _sizes(batch, hidden_size, lag):
    return {"batch": batch, "hidden_size": hidden_size, "lag": lag}


class LinearGradient(ValuesCheck):
    """The gradient some steps earlier, in an RNN without nonlinearity."""

    name = "linear_gradient"
    equation = "eq-linear-gradient"
    chapter = CHAPTER
    returns = "gradient"
    established = (
        "The matrix power gives what autograd gives when it goes back "
        "through lag steps, lag 0 and lag 1 too (6 cases)."
    )
    hints = (
        "Going back one step multiplies the gradient by weight_hh. What "
        "multiplies it after lag steps?",
        "`weight_hh ** 2` squares each entry. Which function of torch.linalg "
        "multiplies a matrix by itself, and what is its power 0?",
        "eq-linear-gradient: each gradient is a row and stands on the left "
        "of the power; weight_hh is not transposed.",
    )
    standard = Standard(
        "autograd's gradient",
        {"gradient": ("batch", "unit")},
        {"float64": (1e-6, 1e-14), "float32": (1e-3, 1e-5)},
    )
    public = (
        Case("lag is 3", _sizes(2, 3, 3)),
        Case("lag is 2 and batch equals hidden_size", _sizes(3, 3, 2), seed=1),
        Case("lag is 0", _sizes(2, 4, 0), seed=2),
        Case("lag is 1", _sizes(2, 3, 1), seed=3),
        Case("lag is 12", _sizes(1, 4, 12), seed=4),
        Case(
            "the inputs are float32",
            _sizes(1, 3, 2),
            seed=5,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return lag 0 and 1, a large lag, one unit, strides, float32."""
        yield Case("lag is 0", _sizes(3, 2, 0), next(seeds))
        yield Case("lag is 1", _sizes(2, 5, 1), next(seeds))
        yield Case("lag is large", _sizes(2, 3, 40), next(seeds))
        yield Case("hidden_size is 1", _sizes(2, 1, 5), next(seeds))
        yield Case("batch equals hidden_size", _sizes(4, 4, 3), next(seeds))
        yield Case(
            "the inputs do not lie in memory row by row",
            _sizes(3, 4, 4),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the inputs are float32",
            _sizes(2, 4, 3),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return the gradient at the end and the weights."""
        numbers = case.generator()
        batch, units, _ = case.sizes.values()
        return {
            "grad_hidden_state": case.draw(numbers, batch, units),
            "weight_hh": case.draw(numbers, units, units),
        }

    def call(self, function, arguments, case):
        """Call the learner's function, with lag as a plain int."""
        return function(*arguments.values(), case.sizes["lag"])

    def right(self, arguments, case):
        """Let autograd go back through so many linear steps."""
        at_the_end, weight_hh = arguments.values()
        first = state = torch.zeros_like(at_the_end).requires_grad_()
        for _ in range(case.sizes["lag"]):
            state = torch.nn.functional.linear(state, weight_hh)
        (gradient,) = torch.autograd.grad(state, first, at_the_end)
        return gradient


@dataclass(frozen=True)
class BoundCase(Case):
    """Weights of some size, the largest slope, and the lags.

    Attributes:
        max_slope: Largest slope of the nonlinearity.
        lags: How far back, in any order.
    """

    max_slope: float = 1.0
    lags: tuple = ()

    def describe(self):
        """Return what a learner needs to rebuild the case."""
        lags = f"lags {list(self.lags)}, max_slope {self.max_slope:g}"
        return f"{lags}, {super().describe()}"


class VanishingBound(ValuesCheck):
    """An upper bound on how much of a gradient is left, by lag."""

    name = "vanishing_bound"
    equation = "eq-vanishing-bound"
    chapter = CHAPTER
    returns = "bound"
    established = (
        "The bound is right to a millionth of itself: for tanh and sigmoid, "
        "for lags in any order, 0 among them (4 cases)."
    )
    hints = (
        "By how much can weight_hh lengthen a vector at most? Is that its "
        "largest eigenvalue, or something else?",
        "The largest singular value is the most that a matrix lengthens any "
        "vector; torch.linalg.matrix_norm knows it under ord=2. A step also "
        "multiplies by a slope: by which one at most?",
        "eq-vanishing-bound: one step leaves at most max_slope * sigma_max, "
        "so lag steps leave at most that product to the power lag. Both "
        "factors go into the power.",
    )
    standard = Standard("the largest stretch", {"bound": ("entry",)}, RELATIVE)
    public = (
        BoundCase(
            "max_slope is 1/4",
            {"hidden_size": 3},
            max_slope=0.25,
            lags=(0, 1, 2, 3),
        ),
        BoundCase(
            "the lags are in no order",
            {"hidden_size": 4},
            seed=1,
            max_slope=0.5,
            lags=(5, 0, 2),
        ),
        BoundCase(
            "max_slope is 1", {"hidden_size": 2}, seed=2, lags=(1, 10, 3)
        ),
        BoundCase(
            "weight_hh is float32",
            {"hidden_size": 3},
            seed=3,
            dtype=torch.float32,
            max_slope=0.25,
            lags=(0, 1, 2),
        ),
    )

    def hidden_cases(self, seeds):
        """Return one unit, one lag, far lags, no order, strides, float32."""
        case = BoundCase
        yield case(
            "hidden_size is 1", {"hidden_size": 1}, next(seeds), lags=(2, 0, 1)
        )
        yield case(
            "there is one lag",
            {"hidden_size": 3},
            next(seeds),
            max_slope=0.25,
            lags=(7,),
        )
        yield case(
            "the lags are large",
            {"hidden_size": 5},
            next(seeds),
            max_slope=0.25,
            lags=(50, 100, 0),
        )
        yield case(
            "max_slope is neither 1 nor 1/4",
            {"hidden_size": 4},
            next(seeds),
            max_slope=0.6,
            lags=(0, 3, 3, 1),
        )
        yield case(
            "weight_hh does not lie in memory row by row",
            {"hidden_size": 4},
            next(seeds),
            contiguous=False,
            lags=(1, 2),
        )
        yield case(
            "weight_hh is float32",
            {"hidden_size": 6},
            next(seeds),
            torch.float32,
            max_slope=0.25,
            lags=(4, 2),
        )

    def arguments(self, case):
        """Return the weights and the lags."""
        units = case.sizes["hidden_size"]
        return {
            "weight_hh": case.draw(case.generator(), units, units),
            "lags": torch.tensor(case.lags, device=case.device),
        }

    def call(self, function, arguments, case):
        """Call the learner's function, with max_slope as a plain float."""
        weight_hh, lags = arguments.values()
        return function(weight_hh, case.max_slope, lags)

    def right(self, arguments, case):
        """Find the largest stretch from its square, an eigenvalue."""
        weight_hh, lags = arguments.values()
        squares = torch.linalg.eigvalsh(weight_hh.mT @ weight_hh)
        stretch = case.max_slope * squares.max().sqrt()
        return torch.stack([stretch**lag for lag in lags.tolist()])
