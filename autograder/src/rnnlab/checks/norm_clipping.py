"""Check of chapter 3: clipping by norm."""

import math

import torch
from torch import nn

from rnnlab.checks import drive, judge
from rnnlab.checks.gradients import (
    REFUSED,
    GradientCase,
    GradientCheck,
    is_yes,
    require_norm,
)
from rnnlab.checks.judge import Standard

CHAPTER = "03-exploding-gradients"
# torch divides by norm + 1e-6, the equation by norm: both are right.
_TOLERANCE = {"float64": (1e-5, 1e-9), "float32": (1e-4, 1e-6)}
_MANY = ((3, 4), (4,), (), (2, 2, 3), (1,))


class ClipByNorm(GradientCheck):
    """Scale all gradients together to a norm."""

    name = "clip_by_norm"
    equation = "eq-clip-norm"
    chapter = CHAPTER
    established = (
        "Gradients and returned norm agree with "
        "torch.nn.utils.clip_grad_norm_: above and below max_norm, at norm "
        "0, with None, Inf and NaN; changed in place."
    )
    hints = (
        "What is the norm of a gradient after you multiplied it by a number "
        "c? Which c brings it to max_norm?",
        "One number scales every gradient. When must it be 1? Ask before "
        "you divide, and ask about Inf and NaN before you change anything.",
        "Where the norm exceeds max_norm, multiply each gradient in place by "
        "max_norm / norm. Return the norm as it was before.",
    )
    standard = Standard("torch.nn.utils.clip_grad_norm_", tolerance=_TOLERANCE)
    forbidden = ("clip_grad_norm_", "clip_grad_norm", "clip_grads_with_norm_")
    public = (
        GradientCase("the norm exceeds max_norm", norm=5.0, threshold=1.5),
        GradientCase(
            "the norm is below max_norm", seed=1, norm=1.5, threshold=2.0
        ),
        GradientCase("every gradient is 0", seed=2, norm=0.0, threshold=1.0),
        GradientCase(
            "parameters is a generator and some have no gradient",
            seed=3,
            shapes=((2,), (3,), (3, 2)),
            without=(1,),
            norm=3.0,
            threshold=0.5,
            generator_given=True,
        ),
        GradientCase(
            "a gradient holds Inf and error_if_nonfinite is True",
            seed=4,
            spoiled=math.inf,
            strict=True,
            threshold=1.0,
        ),
        GradientCase(
            "a gradient holds NaN and error_if_nonfinite is True",
            seed=5,
            spoiled=math.nan,
            strict=True,
            threshold=1.0,
        ),
        GradientCase(
            "a gradient holds Inf and error_if_nonfinite is False",
            seed=6,
            spoiled=math.inf,
            threshold=1.0,
        ),
    )

    def hidden_cases(self, seeds):
        """Return thresholds near the norm, odd layouts, no gradients."""
        case = GradientCase
        yield case(
            "there are many tensors, one of them without axes",
            seed=next(seeds),
            shapes=_MANY,
            threshold=1.0,
        )
        yield case(
            "the norm is a little below max_norm",
            seed=next(seeds),
            norm=1.99,
            threshold=2.0,
        )
        yield case(
            "the norm is huge", seed=next(seeds), norm=1e9, threshold=0.25
        )
        yield case(
            "no parameter has a gradient",
            seed=next(seeds),
            without=(0, 1, 2),
            norm=0.0,
            threshold=1.0,
        )
        yield case(
            "the tensors are not contiguous",
            seed=next(seeds),
            contiguous=False,
            threshold=1.0,
        )
        yield case(
            "the gradients are float32",
            seed=next(seeds),
            dtype=torch.float32,
            generator_given=True,
            threshold=1.0,
        )
        yield case(
            "error_if_nonfinite is True and the norm is finite",
            seed=next(seeds),
            strict=True,
            threshold=1.0,
        )
        yield case(
            "a gradient holds -Inf and error_if_nonfinite is True",
            seed=next(seeds),
            spoiled=-math.inf,
            strict=True,
            generator_given=True,
            threshold=1.0,
        )
        yield case(
            "a gradient holds NaN and error_if_nonfinite is False",
            seed=next(seeds),
            spoiled=math.nan,
            threshold=1.0,
        )

    def call(self, function, parameters, case):
        """Call the learner's clipping, which may refuse to clip."""
        keywords = {"error_if_nonfinite": True} if case.strict else {}
        try:
            returned = function(parameters, case.threshold, **keywords)
        except NotImplementedError:
            raise
        except (RuntimeError, ValueError, ArithmeticError) as error:
            if case.spoiled is None:
                raise
            return _refused(error, case)
        if case.strict and case.spoiled is not None:
            return {REFUSED: torch.tensor(False)}
        return require_norm(returned, case)

    def right(self, parameters, case):
        """Clip with torch, unless there is nothing to clip."""
        if case.strict and case.spoiled is not None:
            return {}
        norm = nn.utils.clip_grad_norm_(parameters, case.threshold)
        return {"norm": norm.to(case.device, case.dtype)}

    def leaves_alone(self, case):
        """At or below the threshold not a bit changes."""
        return case.spoiled is None and case.norm < case.threshold

    def behaviour(self, report, case):
        """Ask first whether it refused what it had to refuse."""
        if not (case.strict and case.spoiled is not None):
            return None
        if is_yes(report, REFUSED, ()):
            return None
        return judge.Finding(
            "error_if_nonfinite",
            f"An entry is {case.spoiled} and error_if_nonfinite is True, yet "
            "the function returned. It must raise RuntimeError.",
            (),
            "it does not raise RuntimeError",
        )


def _refused(error, case):
    """Return that it refused, or what is wrong with the way it did."""
    if not case.strict:
        raise drive.Unusable(
            f"clip_by_norm raises where an entry is {case.spoiled}, though "
            "error_if_nonfinite is False. It must return the norm."
        ) from error
    kind = type(error).__name__
    if not isinstance(error, RuntimeError):
        raise drive.Unusable(
            f"clip_by_norm raises {kind} where an entry is Inf or NaN. The "
            "task asks for RuntimeError."
        ) from error
    text = str(error).lower()
    if not any(word in text for word in ("finite", "nan", "inf")):
        raise drive.Unusable(
            f"clip_by_norm raises RuntimeError({str(error)[:40]!r}). Let its "
            "text say that the norm is not finite."
        ) from error
    return {REFUSED: torch.tensor(True)}
