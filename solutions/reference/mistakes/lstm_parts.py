"""An LSTM step with replaceable parts, to build wrong ones from."""

from typing import NamedTuple

import torch

from rnnlab.layout import LSTM_GATES, LSTMState, gate_slices


class Wires(NamedTuple):
    """What is on the wires of a cell, with the gates after their sigmoid."""

    input_gate: torch.Tensor
    forget_gate: torch.Tensor
    output_gate: torch.Tensor
    candidate: torch.Tensor
    prev_hidden_state: torch.Tensor
    prev_cell_state: torch.Tensor
    cell_state: torch.Tensor = None


def linear(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Return the pre-activations of all blocks."""
    hidden_state = prev_state.hidden_state
    return x @ weight_ih.T + hidden_state @ weight_hh.T + bias_ih + bias_hh


def cell(wires):
    """Return the new cell state."""
    kept = wires.forget_gate * wires.prev_cell_state
    return kept + wires.input_gate * wires.candidate


def hidden(wires):
    """Return the new hidden state."""
    return wires.output_gate * torch.tanh(wires.cell_state)


def step(arguments, **parts):
    """Run a step of which some parts are replaced.

    Args:
        arguments: Those of ``lstm_step``.
        **parts: ``linear``, ``order`` of the blocks, ``gate`` and
            ``candidate`` (activations), ``cell``, ``hidden``.
    """
    state = arguments[1]
    blocks = parts.get("linear", linear)(*arguments)
    order = parts.get("order", LSTM_GATES)
    rows = gate_slices(blocks.shape[1] // len(order), order)
    gates = (
        parts.get("gate", torch.sigmoid)(blocks[:, rows[name]])
        for name in ("input", "forget", "output")
    )
    candidate = parts.get("candidate", torch.tanh)(blocks[:, rows["cell"]])
    wires = Wires(*gates, candidate, state.hidden_state, state.cell_state)
    wires = wires._replace(cell_state=parts.get("cell", cell)(wires))
    return LSTMState(parts.get("hidden", hidden)(wires), wires.cell_state)
