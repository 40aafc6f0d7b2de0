"""Checks of functions that pick a unit and say how good it is."""

import numpy as np
import torch

from rnnlab.checks import drive, judge
from rnnlab.checks.check import Check


class UnitCheck(Check):
    """A check of a function of cell states that returns a unit and scores.

    Attributes:
        returns: Names of what comes back, the unit's index first.
    """

    returns = ()

    def arguments(self, case):
        """Return the tensors of a case by name, in a fixed order."""
        raise NotImplementedError

    def right(self, arguments):
        """Return the index and the numbers, plain."""
        raise NotImplementedError

    def placed(self, case, tensors):
        """Return tensors as a case wants them: dtype, device and strides."""
        placed = {}
        for name, given in tensors.items():
            tensor = given
            if tensor.is_floating_point():
                tensor = tensor.to(case.dtype)
            tensor = tensor.to(case.device)
            if not case.contiguous:
                tensor = tensor.transpose(0, 1).contiguous().transpose(0, 1)
            placed[name] = tensor
        return placed

    def oracle(self, case):
        """Return the index as int64 and the numbers in the case's dtype."""
        unit, *numbers = self.right(self.arguments(case))
        name, *names = self.returns
        return {
            name: torch.tensor(int(unit)),
            **{
                name: torch.tensor(float(number), dtype=case.dtype)
                for name, number in zip(names, numbers, strict=True)
            },
        }

    def drive(self, function, case):
        """Return what the function returned, by name."""
        before = self.arguments(case)
        given = {name: tensor.clone() for name, tensor in before.items()}
        with torch.no_grad():
            returned = function(*given.values())
        drive.require_unchanged(before, given, self.name)
        return self.named(returned)

    def judge(self, report, case):
        """Return the first finding; a number has no place to point at."""
        finding = not_finite(report, self.returns[1:])
        return finding or super().judge(report, case)

    def named(self, returned):
        """Return what came back by name, or refuse it with a sentence."""
        wanted = ", ".join(self.returns[:-1]) + f" and {self.returns[-1]}"
        if type(returned) is not tuple or len(returned) != len(self.returns):
            what = drive.a_type(returned)
            if type(returned) is tuple:
                what = f"a tuple of {len(returned)}"
            raise drive.Unusable(
                f"what it returns is {what}. Return {wanted}, in this order."
            )
        for name, value in zip(self.returns, returned, strict=True):
            drive.require_tensor(value, name)
        return dict(zip(self.returns, returned, strict=True))


def not_finite(report, names):
    """Return the finding about a number that is NaN or infinite, or None.

    It has no axes, so there is no place to point at.
    """
    for name in names:
        given = report.tensors.get(name)
        if (
            given is not None
            and given.shape == ()
            and given.dtype.kind == "f"
            and not np.isfinite(given)
        ):
            return judge.Finding(
                name,
                f"{name} is {given} where a finite number is right.",
                secret=f"{name} is not finite",
            )
    return None
