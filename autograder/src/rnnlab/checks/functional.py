"""Checks of pure functions: tensors in, tensors out, gradients through."""

import torch

from rnnlab.checks import drive
from rnnlab.checks.check import Check
from rnnlab.checks.judge import GRADIENT


class FunctionalCheck(Check):
    """A check of a function without side effects.

    The function is called twice: once on copies, to see what it returns and
    that it leaves its inputs alone, and once under autograd.
    """

    def arguments(self, case):
        """Return the tensors of a case by name, in a fixed order."""
        raise NotImplementedError

    def call(self, function, arguments):
        """Call the function with the arguments, as its signature wants."""
        raise NotImplementedError

    def outputs(self, returned):
        """Return what came back as tensors by name, or raise Unusable."""
        raise NotImplementedError

    def right(self, case):
        """Return the oracle: a function of the learner's signature."""
        raise NotImplementedError

    def oracle(self, case):
        """Return values and gradients of the oracle."""
        return self.drive(self.right(case), case)

    def drive(self, function, case):
        """Return the function's values, and gradients by argument."""
        before = self.arguments(case)
        given = {name: tensor.clone() for name, tensor in before.items()}
        values = self.outputs(self.call(function, given))
        drive.require_unchanged(before, given, self.name)
        return {**values, **self._gradients(function, before, case)}

    def _gradients(self, function, arguments, case):
        """Differentiate a weighted sum of all outputs by all arguments."""
        leaves = {
            name: tensor.clone().requires_grad_()
            for name, tensor in arguments.items()
        }
        outputs = self.outputs(self.call(function, leaves))
        weights = case.generator()
        total = sum(
            (tensor * case.draw(weights, *tensor.shape)).sum()
            for tensor in outputs.values()
        )
        if not total.requires_grad:
            return {}
        gradients = torch.autograd.grad(
            total, list(leaves.values()), allow_unused=True
        )
        return {
            GRADIENT + name: gradient
            for name, gradient in zip(leaves, gradients, strict=True)
            if gradient is not None
        }
