"""Instruments for a GRU: its gates, and what its update gate leaves."""

from typing import NamedTuple

import torch
from torch.nn.functional import linear

from rnnlab.layout import GRU_GATES, gate_slices


class GRUTrace(NamedTuple):
    """What a one-layer GRU did on a batch of sequences.

    Attributes:
        reset_gate: How much of the past the candidate could use.
        update_gate: How much of the previous hidden state was kept.
        hidden_candidate: What was written in place of the rest.
        hidden_states: The hidden state after each step.

    Shapes:
        each: (seq_len, batch, hidden_size)
    """

    reset_gate: torch.Tensor
    update_gate: torch.Tensor
    hidden_candidate: torch.Tensor
    hidden_states: torch.Tensor


@torch.no_grad()
def gru_trace(gru, inputs):
    """Read the gates, the candidate and the hidden state at every step.

    A GRU's whole state is what it returns, so the layer runs once and its
    gates are computed afterwards from the states.

    Args:
        gru: torch.nn.GRU with one layer, one direction, time-major. It
            starts from a hidden state of 0.
        inputs: What it reads.

    Equations:
        eq-gru-reset-gate, eq-gru-update-gate, eq-gru-candidate

    Shapes:
        inputs:  (seq_len, batch, input_size)
        returns: each (seq_len, batch, hidden_size)

    Returns:
        GRUTrace: in the order of the equations, the hidden states last.
    """
    hidden_states = gru(inputs)[0]
    before = torch.cat([torch.zeros_like(hidden_states[:1]), hidden_states])
    rows = gate_slices(gru.hidden_size, GRU_GATES)
    given = linear(inputs, gru.weight_ih_l0, gru.bias_ih_l0)
    recalled = linear(before[:-1], gru.weight_hh_l0, gru.bias_hh_l0)
    reset_gate, update_gate = (
        torch.sigmoid(given[..., rows[gate]] + recalled[..., rows[gate]])
        for gate in ("reset", "update")
    )
    new = rows["new"]
    hidden_candidate = torch.tanh(
        given[..., new] + reset_gate * recalled[..., new]
    )
    return GRUTrace(reset_gate, update_gate, hidden_candidate, hidden_states)


def interpolate(update_gate, candidates, start=0.0):
    """Apply a constant update gate to candidates that are given.

    Each state lies between the state before and the candidate, so the
    states are a moving average of the candidates with weights that fall by
    the gate at each step back.

    Equations:
        eq-gru-hidden-state

    Args:
        update_gate: One constant gate for each unit.
        candidates: What would be written at each step, for all units.
        start: The hidden state before the first step.

    Shapes:
        update_gate: (units,)
        candidates:  (seq_len,)
        returns:     (seq_len, units)

    Returns:
        Tensor: the hidden state after each step.

    Example:
        >>> gate = torch.tensor([0.0, 0.5, 1.0])
        >>> interpolate(gate, torch.tensor([1.0, 1.0])).tolist()
        [[1.0, 0.5, 0.0], [1.0, 0.75, 0.0]]
    """
    hidden_state = torch.full_like(update_gate, start)
    hidden_states = []
    for candidate in candidates:
        hidden_state = (
            1 - update_gate
        ) * candidate + update_gate * hidden_state
        hidden_states.append(hidden_state)
    return torch.stack(hidden_states)
