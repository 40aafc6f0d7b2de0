"""Check of chapter 7: the logarithm of a gradient behind many factors."""

import math

import torch

from rnnlab.checks.case import Case
from rnnlab.checks.judge import Standard
from rnnlab.checks.skip import CHAPTER
from rnnlab.checks.values import ValuesCheck

SAME = "one matrix is met again and again"
HUGE = "the product overflows"
TINY = "the product underflows"
NOTHING = "nothing is left on the way"
_SCALES = {HUGE: 40.0, TINY: 0.01}


def _sizes(count, size):
    return {"count": count, "size": size}


class LogGrowth(ValuesCheck):
    """How long a gradient is behind each factor, as a logarithm."""

    name = "log_growth"
    equation = "eq-log-growth"
    chapter = CHAPTER
    returns = "log_norms"
    established = (
        "Every logarithm is right, for factors that differ and for one that "
        "returns, where the product itself would overflow or underflow, and "
        "-inf where nothing is left (6 cases)."
    )
    hints = (
        "A thousand factors of 10 give a number that float64 cannot hold. "
        "Can it hold the logarithm? What do you add up?",
        "After each factor you may shorten the row to length 1, if you write "
        "down what you divided by. What is divided when the length is 0?",
        "eq-log-growth: row = row @ jacobian, length = row.norm(), add "
        "length.log() to the total, row = row / length. Begin with the "
        "gradient over its norm and a total of 0.",
    )
    standard = Standard(
        "the exact logarithm",
        {"log_norms": ("entry",)},
        {"float64": (1e-6, 1e-8), "float32": (1e-4, 1e-3)},
    )
    public = (
        Case("the factors differ", _sizes(3, 3)),
        Case(SAME, _sizes(4, 2), seed=1),
        Case(HUGE, _sizes(260, 3), seed=2),
        Case(TINY, _sizes(260, 3), seed=3),
        Case(NOTHING, _sizes(4, 3), seed=4),
        Case(
            "the inputs are float32",
            _sizes(5, 3),
            seed=5,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return no factor, one, one unit, extremes, strides, float32."""
        yield Case("there are no factors", _sizes(0, 3), next(seeds))
        yield Case("there is one factor", _sizes(1, 4), next(seeds))
        yield Case("size is 1", _sizes(6, 1), next(seeds))
        yield Case(SAME, _sizes(50, 4), next(seeds))
        yield Case(HUGE, _sizes(300, 4), next(seeds))
        yield Case(TINY, _sizes(300, 4), next(seeds))
        yield Case(NOTHING, _sizes(6, 2), next(seeds))
        yield Case(
            "the factors do not lie in memory row by row",
            _sizes(5, 3),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the inputs are float32",
            _sizes(80, 4),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return the gradient, of any length, and the factors."""
        numbers = case.generator()
        count, size = case.sizes.values()
        jacobians = case.draw(numbers, max(count, 1), size, size)[:count]
        if case.kind == SAME:
            jacobians = jacobians[:1].repeat(count, 1, 1)
        if case.kind == NOTHING:
            jacobians[count // 2] = 0
        return {
            "gradient": 3 * case.draw(numbers, size),
            "jacobians": _SCALES.get(case.kind, 1.0) * jacobians,
        }

    def right(self, arguments, case):
        """Scale by powers of two, which rounds nothing, and count them."""
        del case
        gradient, jacobians = arguments.values()
        row, twos = gradient, 0
        start = math.log(math.hypot(*gradient.tolist()))
        logs = [0.0]
        for jacobian in jacobians:
            row = torch.einsum("i,ij->j", row, jacobian)
            length = math.hypot(*row.tolist())
            if length == 0:
                logs += [-math.inf] * (len(jacobians) + 1 - len(logs))
                break
            power = math.frexp(length)[1]
            row, twos = row * 2.0**-power, twos + power
            rest = math.log(math.hypot(*row.tolist()))
            logs.append(rest + twos * math.log(2) - start)
        return torch.tensor(logs, dtype=torch.float64, device=gradient.device)
