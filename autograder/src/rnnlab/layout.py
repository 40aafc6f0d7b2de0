"""Torch's parameter layout: gate orders and the state of an LSTM."""

from typing import NamedTuple

from torch import Tensor

#: Order of the gate blocks in ``weight_ih``, ``weight_hh`` and the biases of
#: ``torch.nn.LSTM``; "cell" is the cell candidate, not a gate.
LSTM_GATES = ("input", "forget", "cell", "output")

#: The same of ``torch.nn.GRU``; "new" is the hidden candidate, not a gate.
GRU_GATES = ("reset", "update", "new")


class LSTMState(NamedTuple):
    """State of an LSTM between two time steps.

    Attributes:
        hidden_state: What the LSTM shows to the outside.
        cell_state: What it remembers.

    Shapes:
        hidden_state: (batch, hidden_size)
        cell_state:   (batch, hidden_size)
    """

    hidden_state: Tensor
    cell_state: Tensor


def gate_slices(hidden_size, gates=LSTM_GATES):
    """Return where each gate's rows lie in a weight or bias.

    Args:
        hidden_size: Number of units.
        gates: Names of the blocks, in order.

    Returns:
        dict: name of the gate to its slice along the first axis.

    Example:
        >>> gate_slices(3)["forget"]
        slice(3, 6, None)
    """
    return {
        gate: slice(block * hidden_size, (block + 1) * hidden_size)
        for block, gate in enumerate(gates)
    }
