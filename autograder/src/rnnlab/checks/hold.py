"""Check of chapter 4: biases that hold a cell state for 10,000 steps."""

import torch
from torch import nn

from rnnlab.checks import holding
from rnnlab.checks.holding import ALLOWED, MARGIN, STEPS
from rnnlab.checks.lstm import CHAPTER
from rnnlab.layout import LSTM_GATES, gate_slices

_WIDTH = 3
_BATCH = 2


class HoldForever(holding.HoldCheck):
    """Biases with which an LSTM keeps its cell state."""

    name = "hold_forever"
    equation = "eq-retention"
    chapter = CHAPTER
    gates = LSTM_GATES
    layer = "LSTM"
    kept = "cell state"
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
    public = holding.public_cases("LSTM")

    def run(self, biases, case):
        """Run torch.nn.LSTM; return its cell state before and after."""
        lstm, inputs, initial_state = _situation(case, biases)
        with torch.inference_mode():
            _, (_, cell_state) = lstm(inputs, initial_state)
        return initial_state[1][0].double(), cell_state[0].double()

    def explain(self, biases, case, unit):
        """Return how far the two gates of a unit may be pushed."""
        total = holding.effective(biases)
        rows = gate_slices(case.sizes["hidden_size"])
        forget = torch.sigmoid(total[rows["forget"]] - MARGIN)[unit]
        write = torch.sigmoid(total[rows["input"]] + MARGIN)[unit]
        return (
            ("forget", f"gate of that unit: it may fall to {forget:.9g}"),
            ("input", f"gate of that unit: it may rise to {write:.3g}"),
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
    if case.kind.endswith(holding.STEADY):
        # The worst that the bounds allow: all weight on the input, which
        # shuts the forget gate and opens the input gate, always.
        inputs, weight_hh = torch.ones_like(inputs), weight_hh * 0
        weight_ih = weight_ih.abs()
        weight_ih[gate_slices(units)["forget"]] *= -1
        cell_state = -torch.ones_like(cell_state)
    lstm = nn.LSTM(_WIDTH, units, device="meta", dtype=case.dtype)
    lstm = lstm.to_empty(device="cpu")
    weights = holding.bounded(weight_ih, weight_hh)
    holding.install(lstm, *weights, biases)
    return lstm, inputs, (hidden_state, cell_state)
