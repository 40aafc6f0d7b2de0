"""Cases and driving of functions that read or clip gradients in place."""

import dataclasses
from dataclasses import dataclass

import torch
from torch import nn

from rnnlab.checks import drive, judge
from rnnlab.checks.case import Case
from rnnlab.checks.check import Check

#: What the drive observes apart from numbers; judged after them.
KEPT, UNTOUCHED, REFUSED = "kept", "untouched", "refused"


@dataclass(frozen=True)
class GradientCase(Case):
    """Parameters with known gradients.

    Attributes:
        shapes: Shapes of the parameters.
        without: Positions of the parameters that have no gradient.
        norm: Norm of all gradients together.
        threshold: max_norm or clip_value, or 0 for neither.
        generator_given: Whether ``parameters`` is handed in as a generator.
        spoiled: Value put into one entry after scaling to ``norm``.
        strict: Value of error_if_nonfinite.
    """

    shapes: tuple = ((2, 3), (3,), (2,))
    without: tuple = ()
    norm: float = 5.0
    threshold: float = 0.0
    generator_given: bool = False
    spoiled: float | None = None
    strict: bool = False

    def parameters(self):
        """Return fresh parameters with their gradients."""
        numbers = self.generator()
        parameters, drawn = [], []
        for place, shape in enumerate(self.shapes):
            weight = nn.Parameter(self.draw(numbers, *shape))
            gradient = self.draw(numbers, *shape)
            parameters.append(weight)
            if place not in self.without:
                weight.grad = gradient
                drawn.append(gradient)
        length = sum((g.double() ** 2).sum() for g in drawn) ** 0.5
        for gradient in drawn:
            gradient.mul_(self.norm / length)
        if self.spoiled is not None:
            drawn[0].view(-1)[-1] = self.spoiled
        return parameters

    def axes(self):
        """Return the axis names of every tensor that is judged."""
        names = {1: ("entry",), 2: ("row", "column")}
        return {
            f"parameters[{place}]{what}": names[len(shape)]
            for place, shape in enumerate(self.shapes)
            for what in ("", ".grad")
            if len(shape) in names
        }

    def describe(self):
        """Return what a learner needs to rebuild the case."""
        shapes = " ".join(str(s).replace(" ", "") for s in self.shapes)
        missing = ", ".join(map(str, self.without))
        parts = [
            shapes or "no parameters",
            f"None at {missing}" if missing else "",
            f"norm {self.norm:g}",
            f"threshold {self.threshold:g}" if self.threshold else "",
            super().describe(),
        ]
        return ", ".join(part for part in parts if part)


class GradientCheck(Check):
    """A check of a function that is given parameters with gradients."""

    def call(self, function, parameters, case):
        """Call the function; return the tensors it gave back, by name."""
        raise NotImplementedError

    def right(self, parameters, case):
        """Do with torch what the function should do; return likewise."""
        raise NotImplementedError

    def leaves_alone(self, case):
        """Return whether no bit of any gradient may change in a case."""
        raise NotImplementedError

    def drive(self, function, case):
        """Return what came back, and all gradients and weights after it."""
        parameters = case.parameters()
        held = [parameter.grad for parameter in parameters]
        before = [None if g is None else g.clone() for g in held]
        given = parameters
        if case.generator_given:
            given = (parameter for parameter in parameters)
        returned = self.call(function, given, case)
        kept = [
            parameter.grad is gradient
            for parameter, gradient in zip(parameters, held, strict=True)
        ]
        observed = {**returned, KEPT: torch.tensor(kept, dtype=torch.bool)}
        if self.leaves_alone(case):
            untouched = [
                parameter.grad is None or _equal(gradient, parameter.grad)
                for parameter, gradient in zip(parameters, before, strict=True)
            ]
            observed[UNTOUCHED] = torch.tensor(untouched, dtype=torch.bool)
        return {**observed, **_state(parameters, case)}

    def oracle(self, case):
        """Return torch's values, gradients and weights."""
        parameters = case.parameters()
        returned = self.right(parameters, case)
        return {**returned, **_state(parameters, case)}

    def signature(self, report):
        """Recognise a None that was worked with, whatever torch says."""
        if report.status == drive.RAISED and "NoneType" in report.problem:
            return "raised on None"
        return super().signature(report)

    def judge(self, report, case):
        """Judge the numbers first, then what happened to the tensors."""
        standard = dataclasses.replace(self.standard, axes=case.axes())
        return (
            self.behaviour(report, case)
            or judge.compare(report, self.expected(case), standard)
            or self._tensors(report, case)
        )

    def behaviour(self, report, case):
        """Return what must be said before any number, or None."""
        del report, case

    def _tensors(self, report, case):
        shape = (len(case.shapes),)
        if not is_yes(report, KEPT, shape):
            kept = report.tensors.get(KEPT)
            if kept is None or kept.shape != shape:
                return judge.Finding(KEPT, "The answer is not complete.")
            return _replaced(int(kept.argmin()), case)
        if self.leaves_alone(case) and not is_yes(report, UNTOUCHED, shape):
            return judge.Finding(
                "gradients below the threshold",
                "The gradients are below the threshold, yet their last "
                "digits changed. Leave them as they are, bit for bit.",
                (),
                "gradients below the threshold change",
            )
        return None


def is_yes(report, name, shape):
    """Return whether an observation is there, complete and all true."""
    array = report.tensors.get(name)
    return (
        array is not None
        and array.dtype == bool
        and array.shape == shape
        and bool(array.all())
    )


def require_norm(returned, case):
    """Return what came back as the norm, or refuse it with a sentence."""
    drive.require_tensor(returned, "what it returns")
    if not returned.any():
        # A zero that nothing was added to has no dtype to keep.
        returned = returned.to(case.dtype)
    return {"norm": returned}


def _replaced(place, case):
    name = f"parameters[{place}]"
    if place in case.without:
        sentence = (
            f"{name} had no gradient before the call and has one now. A "
            "gradient that is None stays None."
        )
    else:
        sentence = (
            f"{name}.grad is another tensor after the call. Change the "
            "tensor that is there; whoever holds it must see the change."
        )
    return judge.Finding(
        "in place",
        sentence,
        (),
        "a .grad is another object after the call",
    )


def _state(parameters, case):
    """Return gradients and weights by name; no gradients if undefined."""
    gradients = {
        f"parameters[{place}].grad": parameter.grad
        for place, parameter in enumerate(parameters)
        if place not in case.without
    }
    if case.spoiled is not None and not case.strict:
        gradients = {}
    weights = {
        f"parameters[{place}]": parameter.detach()
        for place, parameter in enumerate(parameters)
    }
    return {**gradients, **weights}


def _equal(left, right):
    """Return whether two gradients are the same, bit for bit."""
    return (
        isinstance(right, torch.Tensor)
        and left is not None
        and left.shape == right.shape
        and torch.equal(left, right)
    )
