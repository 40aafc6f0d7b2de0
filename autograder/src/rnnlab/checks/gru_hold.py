"""Check of chapter 5: biases that hold a hidden state for 10,000 steps."""

import torch
from torch import nn

from rnnlab.checks import holding
from rnnlab.checks.gru import CHAPTER
from rnnlab.checks.holding import ALLOWED, MARGIN, STEPS
from rnnlab.layout import GRU_GATES, gate_slices

_WIDTH = 3
_BATCH = 2


class GRUHoldForever(holding.HoldCheck):
    """Biases with which a GRU in torch's form keeps its hidden state."""

    name = "gru_hold_forever"
    equation = "eq-gru-retention"
    chapter = CHAPTER
    gates = GRU_GATES
    layer = "GRU"
    kept = "hidden state"
    established = (
        f"After {STEPS:,} steps of torch.nn.GRU every hidden state is within "
        f"{ALLOWED:g} of where it began (float64 and float32, 3 cases)."
    )
    hints = (
        "In torch's form, which value of the update gate keeps the hidden "
        "state? And what is then left for the other gate to do?",
        "A gate never reaches 1 exactly. A step moves h by (1 - z) * (n - h), "
        "and n and h lie up to 2 apart: how small must 1 - z be for "
        f"{STEPS:,} such steps to come to less than {ALLOWED:g}?",
        "eq-gru-retention: what is left is the product of the update gates. "
        "For a large b, 1 - sigmoid(b) is about exp(-b); weights and inputs "
        f"may take up to {MARGIN:g} from b, and float32 rounds: leave some "
        "room.",
    )
    public = holding.public_cases("GRU")

    def run(self, biases, case):
        """Run torch.nn.GRU; return its hidden state before and after."""
        gru, inputs, initial_state = _situation(case, biases)
        with torch.inference_mode():
            _, hidden_state = gru(inputs, initial_state)
        return initial_state[0].double(), hidden_state[0].double()

    def explain(self, biases, case, unit):
        """Return how far the update gate of a unit may be pushed."""
        total = holding.effective(biases)
        rows = gate_slices(case.sizes["hidden_size"], GRU_GATES)
        update = torch.sigmoid(total[rows["update"]] - MARGIN)[unit]
        return (("update", f"gate of that unit: it may fall to {update:.9g}"),)


def _situation(case, biases):
    """Return a GRU with the biases, its inputs and its first state."""
    units = case.sizes["hidden_size"]
    numbers = case.generator()
    rows = len(GRU_GATES) * units
    weight_ih = case.draw(numbers, rows, _WIDTH).cpu()
    weight_hh = case.draw(numbers, rows, units).cpu()
    inputs = case.draw(numbers, STEPS, _BATCH, _WIDTH).cpu()
    initial_state = case.draw(numbers, 1, _BATCH, units).cpu()
    if case.kind.endswith(holding.STEADY):
        # The worst that the bounds allow: all weight on the input, which
        # shuts the update gate and pushes the candidate up, always.
        inputs, weight_hh = torch.ones_like(inputs), weight_hh * 0
        weight_ih = weight_ih.abs()
        weight_ih[gate_slices(units, GRU_GATES)["update"]] *= -1
        initial_state = -torch.ones_like(initial_state)
    gru = nn.GRU(_WIDTH, units, device="meta", dtype=case.dtype)
    gru = gru.to_empty(device="cpu")
    weights = holding.bounded(weight_ih, weight_hh)
    holding.install(gru, *weights, biases)
    return gru, inputs, initial_state
