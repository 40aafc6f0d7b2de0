"""A GRU step with replaceable parts, to build wrong ones from."""

from typing import NamedTuple

import torch

from rnnlab.layout import GRU_GATES, gate_slices


class Wires(NamedTuple):
    """What is on the wires of a cell, with the gates after their sigmoid."""

    reset_gate: torch.Tensor
    update_gate: torch.Tensor
    from_input: torch.Tensor
    state: torch.Tensor
    weight: torch.Tensor
    bias: torch.Tensor
    candidate: torch.Tensor = None


def torch_form(wires):
    """Return the candidate before tanh: reset after the product."""
    heard = wires.state @ wires.weight.T + wires.bias
    return wires.from_input + wires.reset_gate * heard


def lecture_form(wires):
    """Return the candidate before tanh: reset before the product."""
    passed = wires.reset_gate * wires.state
    return wires.from_input + passed @ wires.weight.T + wires.bias


def kept_by_one(wires):
    """Return the hidden state: an update gate of 1 keeps."""
    written = (1 - wires.update_gate) * wires.candidate
    return written + wires.update_gate * wires.state


def kept_by_zero(wires):
    """Return the hidden state: an update gate of 0 keeps."""
    written = wires.update_gate * wires.candidate
    return written + (1 - wires.update_gate) * wires.state


def step(arguments, **parts):
    """Run a step of which some parts are replaced.

    Args:
        arguments: Those of ``gru_step`` or of ``lecture_gru_step``.
        **parts: ``order`` of the blocks, ``gate`` and ``squash``
            (activations), ``combine`` (the candidate before tanh), ``mix``
            (the hidden state), ``gate_state`` (what the gates read).
    """
    x, state, weight_ih, weight_hh, *biases = arguments
    first, second = biases if len(biases) > 1 else (biases[0], 0 * biases[0])
    rows = gate_slices(state.shape[1], parts.get("order", GRU_GATES))
    inputs = x @ weight_ih.T + first
    read = parts.get("gate_state", lambda state: state)(state)
    sums = inputs + read @ weight_hh.T + second
    gate = parts.get("gate", torch.sigmoid)
    wires = Wires(
        gate(sums[:, rows["reset"]]),
        gate(sums[:, rows["update"]]),
        inputs[:, rows["new"]],
        state,
        weight_hh[rows["new"]],
        second[rows["new"]],
    )
    two = len(biases) > 1
    combine = parts.get("combine", torch_form if two else lecture_form)
    mix = parts.get("mix", kept_by_one if two else kept_by_zero)
    candidate = parts.get("squash", torch.tanh)(combine(wires))
    return mix(wires._replace(candidate=candidate))
