"""Checks of chapter 3: the gradient norm and clipping by value."""

import math

import torch
from torch import nn

from rnnlab.checks.gradients import (
    UNTOUCHED,
    GradientCase,
    GradientCheck,
    is_yes,
    require_norm,
)
from rnnlab.checks.judge import Finding, Standard

CHAPTER = "03-exploding-gradients"
_MANY = ((3, 4), (4,), (), (2, 2, 3), (1,))


class GlobalGradientNorm(GradientCheck):
    """The norm of all gradients together."""

    name = "global_gradient_norm"
    equation = "eq-gradient-norm"
    chapter = CHAPTER
    established = (
        "The norm agrees with the one that torch clips by, as a tensor "
        "without axes: lists and generators, gradients that are None, no "
        "gradient at all, float64 and float32."
    )
    hints = (
        "Think of all gradients laid end to end in one long vector. How do "
        "you get its length from the lengths of the pieces?",
        "Lengths do not add up, their squares do. Which tensors must you "
        "skip, and what is the sum when nothing is left?",
        "The norm is the square root of the sum, over all parameters that "
        "have a gradient, of the sum of the squared entries. Start the sum "
        "at a tensor that holds 0 and has no axes.",
    )
    standard = Standard("the one that torch.nn.utils.clip_grad_norm_ returns")
    forbidden = ("clip_grad_norm_", "clip_grad_norm", "get_total_norm")
    public = (
        GradientCase("there are several tensors", shapes=((3,), (2, 3), (2,))),
        GradientCase(
            "parameters is a generator and some have no gradient",
            seed=1,
            shapes=((2,), (3,), (3, 2)),
            without=(1,),
            generator_given=True,
        ),
        GradientCase(
            "no parameter has a gradient",
            seed=2,
            without=(0, 1, 2),
            norm=0.0,
        ),
        GradientCase(
            "the gradients are float32",
            seed=3,
            dtype=torch.float32,
            norm=3.0,
            generator_given=True,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one tensor, many, none, odd layouts, Inf."""
        case = GradientCase
        yield case("there is one tensor", seed=next(seeds), shapes=((5,),))
        yield case(
            "there are many tensors, one of them without axes",
            seed=next(seeds),
            shapes=_MANY,
        )
        yield case(
            "the last parameter has no gradient",
            seed=next(seeds),
            without=(2,),
            generator_given=True,
        )
        yield case("there are no parameters", shapes=(), norm=0.0)
        yield case("every gradient is 0", seed=next(seeds), norm=0.0)
        yield case(
            "the tensors are not contiguous",
            seed=next(seeds),
            contiguous=False,
        )
        yield case("a gradient holds Inf", seed=next(seeds), spoiled=math.inf)

    def call(self, function, parameters, case):
        """Call the learner's norm."""
        return require_norm(function(parameters), case)

    def right(self, parameters, case):
        """Return the norm that torch finds when it clips at infinity."""
        norm = nn.utils.clip_grad_norm_(parameters, math.inf)
        return {"norm": norm.to(case.device, case.dtype)}

    def leaves_alone(self, case):
        """A norm changes nothing, ever."""
        return case.spoiled is None

    def behaviour(self, report, case):
        """Ask first whether the gradients are as they were."""
        shape = (len(case.shapes),)
        if not self.leaves_alone(case) or is_yes(report, UNTOUCHED, shape):
            return None
        return Finding(
            "gradients",
            "The gradients are not what they were before the call. Measuring "
            "them must leave them alone.",
            (),
            "the gradients change",
        )


class ClipByValue(GradientCheck):
    """Bring every entry of every gradient into an interval."""

    name = "clip_by_value"
    equation = "eq-clip-value"
    chapter = CHAPTER
    established = (
        "Gradients agree with torch.nn.utils.clip_grad_value_: inside and "
        "outside the interval, with None, float64 and float32; changed in "
        "place."
    )
    hints = (
        "An entry of -7 and a clip_value of 2: what should be left of it? "
        "And of an entry of -1?",
        "Every entry is judged on its own; no norm and no sum is needed. "
        "Which functions of torch limit a tensor from both sides?",
        "Every entry g becomes min(max(g, -clip_value), clip_value), written "
        "into the tensor that is there; a gradient that is None stays None.",
    )
    standard = Standard("torch.nn.utils.clip_grad_value_")
    forbidden = ("clip_grad_value_", "clip_grad_value")
    public = (
        GradientCase(
            "entries lie on both sides of the interval", threshold=1.0
        ),
        GradientCase(
            "parameters is a generator and some have no gradient",
            seed=1,
            shapes=((2,), (3,), (3, 2)),
            without=(1,),
            norm=4.0,
            threshold=0.8,
            generator_given=True,
        ),
        GradientCase("every entry is inside", seed=2, norm=1.0, threshold=2.0),
        GradientCase(
            "the gradients are float32",
            seed=3,
            dtype=torch.float32,
            norm=6.0,
            threshold=1.25,
        ),
    )

    def hidden_cases(self, seeds):
        """Return many tensors, a tiny interval, odd layouts, Inf."""
        case = GradientCase
        yield case(
            "there are many tensors, one of them without axes",
            seed=next(seeds),
            shapes=_MANY,
            threshold=1.0,
        )
        yield case(
            "clip_value is tiny", seed=next(seeds), norm=9.0, threshold=1e-3
        )
        yield case(
            "every gradient is 0", seed=next(seeds), norm=0.0, threshold=1.0
        )
        yield case(
            "the tensors are not contiguous",
            seed=next(seeds),
            contiguous=False,
            threshold=1.0,
        )
        yield case(
            "no parameter has a gradient",
            seed=next(seeds),
            without=(0, 1, 2),
            norm=0.0,
            generator_given=True,
            threshold=1.0,
        )
        yield case(
            "an entry is -Inf",
            seed=next(seeds),
            spoiled=-math.inf,
            strict=True,
            threshold=1.0,
        )

    def call(self, function, parameters, case):
        """Call the learner's clipping; what it returns is free."""
        function(parameters, case.threshold)
        return {}

    def right(self, parameters, case):
        """Clip with torch, which cannot do it where there is nothing."""
        if len(case.without) < len(case.shapes):
            nn.utils.clip_grad_value_(parameters, case.threshold)
        return {}

    def leaves_alone(self, case):
        """Inside the interval not a bit changes."""
        return case.spoiled is None and case.norm < case.threshold
