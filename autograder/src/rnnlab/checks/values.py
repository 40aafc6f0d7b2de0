"""Checks of functions whose values alone matter, one tensor each."""

import torch

from rnnlab.checks import drive
from rnnlab.checks.check import Check


class ValuesCheck(Check):
    """A check of a function that returns one tensor and changes nothing.

    Autograd is switched off while the learner's function runs: what is asked
    for is a formula, and a function that leaves the work to autograd raises.

    Attributes:
        returns: What the tensor is called.
    """

    returns = ""

    def arguments(self, case):
        """Return the tensors of a case by name, in a fixed order."""
        raise NotImplementedError

    def call(self, function, arguments, case):
        """Call the function with the arguments, as its signature wants."""
        del case
        return function(*arguments.values())

    def right(self, arguments, case):
        """Return the right tensor; all that comes in is float64."""
        raise NotImplementedError

    def oracle(self, case):
        """Return the right tensor in the dtype of the case."""
        exact = {
            name: tensor.double() if tensor.is_floating_point() else tensor
            for name, tensor in self.arguments(case).items()
        }
        with torch.enable_grad():
            tensor = self.right(exact, case)
        return {self.returns: tensor.to(case.dtype)}

    def drive(self, function, case):
        """Return what the function returned."""
        before = self.arguments(case)
        given = {name: tensor.clone() for name, tensor in before.items()}
        with torch.no_grad():
            returned = self.call(function, given, case)
        drive.require_tensor(returned, self.returns)
        drive.require_unchanged(before, given, self.name)
        return {self.returns: returned}
