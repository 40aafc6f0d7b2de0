"""Checks of biases that hold a state: what the LSTM's and the GRU's share.

What comes back is judged by a property: torch's own layer runs with the
learner's biases, with weights and inputs drawn within the bounds that the
task states, and its state must still be there at the end.
"""

import numpy as np
import torch

from rnnlab.checks import drive, fingerprints, judge
from rnnlab.checks.case import Case
from rnnlab.checks.check import Check

STEPS = 10_000
ALLOWED = 1e-3
#: By how much weights and inputs may move a pre-activation, either way.
MARGIN = 2.0
NAMES = ("bias_ih", "bias_hh")
STEADY = "the input pushes the same way at every step"
_SOUND = judge.Standard("any finite number", dict.fromkeys(NAMES, ("row",)))


class HoldCheck(Check):
    """Biases with which a recurrent layer keeps its state.

    Attributes:
        gates: Blocks of a bias, in torch's order.
        layer: What the learner calls the layer, e.g. "LSTM".
        kept: The state that must stay, e.g. "cell state".
    """

    gates = ()
    layer = ""
    kept = ""

    def run(self, biases, case):
        """Return the state before and after all steps, (batch, units)."""
        raise NotImplementedError

    def explain(self, biases, case, unit):
        """Return details about the gates of a unit whose state moved."""
        raise NotImplementedError

    def hidden_cases(self, seeds):
        """Return one unit, many units, a steady push, float32."""
        yield Case("hidden_size is 1", {"hidden_size": 1}, next(seeds))
        yield Case("hidden_size is 50", {"hidden_size": 50}, next(seeds))
        yield Case(STEADY, {"hidden_size": 5}, next(seeds))
        yield Case(
            f"the {self.layer} is float32 and {STEADY}",
            {"hidden_size": 3},
            next(seeds),
            dtype=torch.float32,
        )

    def drive(self, function, case):
        """Return the learner's two biases."""
        returned = function(case.sizes["hidden_size"])
        if type(returned) is not tuple or len(returned) != len(NAMES):
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}, not a pair. "
                "Return bias_ih and bias_hh."
            )
        for name, bias in zip(NAMES, returned, strict=True):
            drive.require_tensor(bias, name)
            if not bias.is_floating_point():
                dtype = str(bias.dtype).removeprefix("torch.")
                raise drive.Unusable(
                    f"{name} is {dtype}. Return floating point numbers."
                )
        return dict(zip(NAMES, returned, strict=True))

    def judge(self, report, case):
        """Return what is wrong with the biases, or with what they do."""
        shape = (len(self.gates) * case.sizes["hidden_size"],)
        finding = judge.compare(report, _sound(report, shape), _SOUND)
        return finding or self._retention(report.tensors, case)

    def signature(self, report):
        """Condense the biases to where they push the gates.

        Numbers up to 1 count as they are, larger ones by their sign, so that
        a mistake is known whatever large number was chosen.
        """
        biases = [report.tensors.get(name) for name in NAMES]
        if not all(_is_bias(bias, len(self.gates)) for bias in biases):
            return fingerprints.signature(report)
        first, second = (bias.astype(np.float64) for bias in biases)
        with np.errstate(invalid="ignore"):
            total = first + second
        push = np.where(np.abs(total) <= 1, total, 2 * np.sign(total))
        push[np.isinf(total)] *= 2
        push[np.isnan(total)] = 7
        cancelled = (total == 0) & (first != 0)
        report = drive.Report(
            drive.RETURNED, {"push": push, "cancelled": cancelled}
        )
        return fingerprints.signature(report)

    def _retention(self, biases, case):
        """Run torch's layer and return how its state moved, if it did."""
        before, after = self.run(biases, case)
        gap = (after - before).abs().nan_to_num(nan=torch.inf)
        worst = int(gap.argmax())
        if gap.flatten()[worst] <= ALLOWED:
            return None
        row, unit = divmod(worst, gap.shape[1])
        return judge.Finding(
            f"the {self.kept}",
            f"After {STEPS:,} steps a {self.kept} of {before[row, unit]:.3g} "
            f"has become {after[row, unit]:.3g}; it may move by "
            f"{ALLOWED:g}.",
            self.explain(biases, case, unit),
            secret=f"a {self.kept} moves by more than {ALLOWED:g}",
        )


def public_cases(layer):
    """Return noise, a steady push, and one in float32."""
    return (
        Case("the inputs are noise", {"hidden_size": 3}),
        Case(STEADY, {"hidden_size": 4}, seed=1),
        Case(
            f"the {layer} is float32 and {STEADY}",
            {"hidden_size": 2},
            seed=2,
            dtype=torch.float32,
        ),
    )


def bounded(*weights):
    """Scale weights so that no row moves a pre-activation beyond MARGIN."""
    reach = sum(weight.abs().sum(1) for weight in weights)
    return [weight * (MARGIN / reach[:, None]) for weight in weights]


def install(layer, weight_ih, weight_hh, biases):
    """Put weights and the learner's biases into a layer of torch."""
    parameters = {
        "weight_ih_l0": weight_ih,
        "weight_hh_l0": weight_hh,
        **{f"{n}_l0": torch.from_numpy(biases[n].copy()) for n in NAMES},
    }
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            parameter.copy_(parameters[name])
    return layer


def effective(biases):
    """Return the sum of the two biases, float64."""
    first, second = (torch.from_numpy(biases[n].copy()) for n in NAMES)
    return first.double() + second.double()


def _is_bias(array, blocks):
    return (
        array is not None
        and array.ndim == 1
        and array.size > 0
        and array.size % blocks == 0
        and np.issubdtype(array.dtype, np.floating)
    )


def _sound(report, shape):
    """Return the biases themselves, mended: any finite number will do."""
    right = {}
    for name in NAMES:
        given = report.tensors.get(name)
        if given is None or given.shape != shape or given.dtype.kind != "f":
            right[name] = np.zeros(shape, np.float32)
        else:
            right[name] = np.where(np.isfinite(given), given, 0)
    return right
