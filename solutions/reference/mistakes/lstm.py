"""Mistakes of chapter 4, LSTM."""

import torch

from reference.catalogue import mistake
from reference.lstm import lstm_step
from rnnlab.layout import gate_slices


def _reordered_step(gates, x, prev_state, *parameters):
    """Return the step of a cell that reads the blocks in another order."""

    def reorder(tensor):
        block = gate_slices(tensor.shape[0] // 4)
        return torch.cat([tensor[block[gate]] for gate in gates])

    return lstm_step(x, prev_state, *map(reorder, parameters))


@mistake(
    "lstm_step",
    "Your numbers are exactly those of a cell whose input and forget gates "
    "are swapped.",
)
def input_and_forget_gate_swapped(*arguments):
    """Read the forget block as the input gate and the other way round."""
    return _reordered_step(("forget", "input", "cell", "output"), *arguments)
