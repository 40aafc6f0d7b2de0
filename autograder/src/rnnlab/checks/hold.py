"""Check of chapter 4: biases that hold a cell state for 10,000 steps.

What comes back is judged by a property: ``torch.nn.LSTM`` runs with the
learner's biases, with weights and inputs drawn within the bounds that the
task states, and its cell state must still be there at the end.
"""

import numpy as np
import torch
from torch import nn

from rnnlab.checks import drive, fingerprints, judge
from rnnlab.checks.case import Case
from rnnlab.checks.check import Check
from rnnlab.checks.lstm import CHAPTER
from rnnlab.layout import LSTM_GATES, gate_slices

STEPS = 10_000
ALLOWED = 1e-3
#: By how much weights and inputs may move a pre-activation, either way.
MARGIN = 2.0
_STEADY = "the input pushes the same way at every step"
_WIDTH = 3
_BATCH = 2
_NAMES = ("bias_ih", "bias_hh")
_SOUND = judge.Standard("any finite number", dict.fromkeys(_NAMES, ("row",)))


class HoldForever(Check):
    """Biases with which an LSTM keeps its cell state."""

    name = "hold_forever"
    equation = "eq-retention"
    chapter = CHAPTER
    established = (
        f"After {STEPS:,} steps of torch.nn.LSTM every cell state is within "
        f"{ALLOWED:g} of where it began (float64 and float32, 3 cases)."
    )
    hints = (
        "Which value of the forget gate keeps the cell state, and which "
        "value of the input gate leaves it alone? A bias goes through a "
        "sigmoid first.",
        "A gate never reaches 0 or 1 exactly. How small must 1 - f and i be "
        f"for {STEPS:,} of them to add up to less than {ALLOWED:g}?",
        "eq-retention: what is left is the product of the forget gates. For "
        "a large b, 1 - sigmoid(b) is about exp(-b); weights and inputs may "
        f"take up to {MARGIN:g} from b, and float32 rounds: leave some room.",
    )
    public = (
        Case("the inputs are noise", {"hidden_size": 3}),
        Case(_STEADY, {"hidden_size": 4}, seed=1),
        Case(
            f"the LSTM is float32 and {_STEADY}",
            {"hidden_size": 2},
            seed=2,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one unit, many units, a steady push, float32."""
        yield Case("hidden_size is 1", {"hidden_size": 1}, next(seeds))
        yield Case("hidden_size is 50", {"hidden_size": 50}, next(seeds))
        yield Case(_STEADY, {"hidden_size": 5}, next(seeds))
        yield Case(
            f"the LSTM is float32 and {_STEADY}",
            {"hidden_size": 3},
            next(seeds),
            dtype=torch.float32,
        )

    def drive(self, function, case):
        """Return the learner's two biases."""
        returned = function(case.sizes["hidden_size"])
        if type(returned) is not tuple or len(returned) != len(_NAMES):
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}, not a pair. "
                "Return bias_ih and bias_hh."
            )
        for name, bias in zip(_NAMES, returned, strict=True):
            drive.require_tensor(bias, name)
            if not bias.is_floating_point():
                dtype = str(bias.dtype).removeprefix("torch.")
                raise drive.Unusable(
                    f"{name} is {dtype}. Return floating point numbers."
                )
        return dict(zip(_NAMES, returned, strict=True))

    def judge(self, report, case):
        """Return what is wrong with the biases, or with what they do."""
        finding = judge.compare(report, _sound(report, case), _SOUND)
        return finding or _retention(report.tensors, case)

    def signature(self, report):
        """Condense the biases to where they push the gates.

        Numbers up to 1 count as they are, larger ones by their sign, so that
        a mistake is known whatever large number was chosen.
        """
        biases = [report.tensors.get(name) for name in _NAMES]
        if not all(_is_bias(bias) for bias in biases):
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


def _is_bias(array):
    return (
        array is not None
        and array.ndim == 1
        and array.size > 0
        and array.size % len(LSTM_GATES) == 0
        and np.issubdtype(array.dtype, np.floating)
    )


def _sound(report, case):
    """Return the biases themselves, mended: any finite number will do."""
    shape = (len(LSTM_GATES) * case.sizes["hidden_size"],)
    right = {}
    for name in _NAMES:
        given = report.tensors.get(name)
        if given is None or given.shape != shape or given.dtype.kind != "f":
            right[name] = np.zeros(shape, np.float32)
        else:
            right[name] = np.where(np.isfinite(given), given, 0)
    return right


def _retention(biases, case):
    """Run torch.nn.LSTM and return how the cell state moved, if it did."""
    lstm, inputs, initial_state = _situation(case, biases)
    with torch.no_grad():
        _, (_, cell_state) = lstm(inputs, initial_state)
    before = initial_state[1][0].double()
    after = cell_state[0].double()
    gap = (after - before).abs().nan_to_num(nan=torch.inf)
    worst = int(gap.argmax())
    if gap.flatten()[worst] <= ALLOWED:
        return None
    row, unit = divmod(worst, gap.shape[1])
    forget, write = _extremes(biases, case)
    return judge.Finding(
        "the cell state",
        f"After {STEPS:,} steps a cell state of {before[row, unit]:.3g} has "
        f"become {after[row, unit]:.3g}; it may move by {ALLOWED:g}.",
        (
            (
                "forget",
                f"gate of that unit: it may fall to {forget[unit]:.9g}",
            ),
            ("input", f"gate of that unit: it may rise to {write[unit]:.3g}"),
        ),
        secret=f"a cell state moves by more than {ALLOWED:g}",
    )


def _situation(case, biases):
    """Return an LSTM with the biases, its inputs and its first state."""
    units = case.sizes["hidden_size"]
    numbers = case.generator()
    rows = len(LSTM_GATES) * units
    weight_ih = case.draw(numbers, rows, _WIDTH).cpu()
    weight_hh = case.draw(numbers, rows, units).cpu()
    inputs = case.draw(numbers, STEPS, _BATCH, _WIDTH).cpu()
    hidden_state, cell_state = (
        case.draw(numbers, 1, _BATCH, units).cpu() for _ in range(2)
    )
    if case.kind.endswith(_STEADY):
        # The worst that the bounds allow: all weight on the input, which
        # shuts the forget gate and opens the input gate, always.
        inputs, weight_hh = torch.ones_like(inputs), weight_hh * 0
        weight_ih = weight_ih.abs()
        weight_ih[gate_slices(units)["forget"]] *= -1
        cell_state = -torch.ones_like(cell_state)
    reach = weight_ih.abs().sum(1) + weight_hh.abs().sum(1)
    scale = MARGIN / reach[:, None]
    lstm = nn.LSTM(_WIDTH, units, device="meta", dtype=case.dtype)
    lstm = lstm.to_empty(device="cpu")
    with torch.no_grad():
        lstm.weight_ih_l0.copy_(weight_ih * scale)
        lstm.weight_hh_l0.copy_(weight_hh * scale)
        lstm.bias_ih_l0.copy_(torch.from_numpy(biases["bias_ih"].copy()))
        lstm.bias_hh_l0.copy_(torch.from_numpy(biases["bias_hh"].copy()))
    return lstm, inputs, (hidden_state, cell_state)


def _extremes(biases, case):
    """Return the smallest forget gate and the largest input gate allowed."""
    total = sum(
        torch.from_numpy(biases[name].copy()).double() for name in _NAMES
    )
    rows = gate_slices(case.sizes["hidden_size"])
    forget_gate = torch.sigmoid(total[rows["forget"]] - MARGIN)
    input_gate = torch.sigmoid(total[rows["input"]] + MARGIN)
    return forget_gate, input_gate
