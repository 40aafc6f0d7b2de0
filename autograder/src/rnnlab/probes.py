"""Instruments: what happens inside a recurrent network, as numbers.

Every probe takes a module or tensors and returns tensors; none of them
changes the module that it looks at.
"""

from typing import NamedTuple

import torch

from rnnlab.layout import gate_slices


def gradient_by_lag(layer, inputs, *, generator):
    """Measure how much of the gradient reaches the input of k steps ago.

    The last hidden state of each sequence is weighed with a random direction
    v, drawn from a standard normal, and the sum is differentiated. Over
    those directions the mean of the squared norm is the squared Frobenius
    norm of the Jacobian of the last hidden state by the input at that lag,
    so the result estimates how strongly any loss on the last step can reach
    back; it does not depend on one loss.

    Args:
        layer: torch.nn.RNN, GRU or LSTM, time-major, in one direction.
        inputs: What the layer reads; its dtype must be the layer's.
        generator: Where the directions come from.

    Shapes:
        inputs:  (seq_len, batch, input_size)
        returns: (seq_len,), entry k belongs to the input of lag k

    Units:
        Dimensionless: relative to the gradient at lag 0, root mean square
        over the batch.

    Returns:
        Tensor: the relative gradient norm at each lag; entry 0 is 1.

    Source:
        The quantity of Pascanu et al. 2013, by the input instead of by the
        hidden state, so that cells with different states can be compared.
    """
    inputs = inputs.detach().clone().requires_grad_()
    hidden_state = layer(inputs)[0][-1]
    direction = torch.randn(
        hidden_state.shape, generator=generator, dtype=inputs.dtype
    )
    projected = (hidden_state * direction.to(inputs.device)).sum()
    (gradient,) = torch.autograd.grad(projected, inputs)
    norm = gradient.square().sum(dim=2).mean(dim=1).sqrt().flip(0)
    return norm / norm[0]


class GateTrace(NamedTuple):
    """What a one-layer LSTM did on a batch of sequences.

    Attributes:
        input_gate: How much of the candidate was written.
        forget_gate: How much of the previous cell state was kept.
        output_gate: How much of the cell state was shown.
        cell_states: The cell state after each step.

    Shapes:
        each: (seq_len, batch, hidden_size)
    """

    input_gate: torch.Tensor
    forget_gate: torch.Tensor
    output_gate: torch.Tensor
    cell_states: torch.Tensor


@torch.no_grad()
def gate_trace(lstm, inputs):
    """Read the three gates and the cell state at every step.

    Args:
        lstm: torch.nn.LSTM with one layer, one direction, time-major.
        inputs: What it reads.

    Equations:
        eq-lstm-input-gate, eq-lstm-forget-gate, eq-lstm-output-gate

    Shapes:
        inputs:  (seq_len, batch, input_size)
        returns: each (seq_len, batch, hidden_size)

    Returns:
        GateTrace: the gates, in the order of their equations, and the cells.
    """
    state, before, cells = None, [], []
    for x in inputs:
        _, state = lstm(x[None], state)
        before.append(state[0][0])
        cells.append(state[1][0])
    hidden_states = torch.stack([torch.zeros_like(before[0]), *before[:-1]])
    blocks = torch.nn.functional.linear(
        inputs, lstm.weight_ih_l0, lstm.bias_ih_l0
    ) + torch.nn.functional.linear(
        hidden_states, lstm.weight_hh_l0, lstm.bias_hh_l0
    )
    rows = gate_slices(lstm.hidden_size)
    gates = (
        blocks[..., rows[gate]].sigmoid()
        for gate in ("input", "forget", "output")
    )
    return GateTrace(*gates, torch.stack(cells))


def direct_path(forget_gates):
    """Multiply the last k forget gates: the direct path through the cell.

    Equations:
        eq-retention

    Args:
        forget_gates: Forget gates of every step.

    Shapes:
        forget_gates: (seq_len, batch, hidden_size)
        returns:      (seq_len,), entry k is the path over the last k steps

    Returns:
        Tensor: root mean square over batch and units of the product of the
        last k forget gates; entry 0 is 1.
    """
    products = forget_gates[1:].flip(0).cumprod(dim=0)
    path = products.square().mean(dim=(1, 2)).sqrt()
    return torch.cat([path.new_ones(1), path])


def held_fraction(forget_bias, steps, dtype):
    """Apply a constant forget gate many times and return what is left.

    The cell starts at 1, writes nothing and has only this bias, so its gate
    is the same at every step. It is computed in the given dtype step by
    step, as a cell would, and not by a power.

    Equations:
        eq-retention

    Args:
        forget_bias: Total biases of the forget gate, one cell for each.
        steps: Number of steps.
        dtype: torch.float32 or torch.float64.

    Shapes:
        forget_bias: (cells,)
        returns:     (cells,)

    Returns:
        Tensor: what is left of each cell, in the given dtype.
    """
    forget_gate = torch.sigmoid(forget_bias.to(dtype))
    cell_state = torch.ones_like(forget_gate)
    for _ in range(steps):
        cell_state = forget_gate * cell_state
    return cell_state


@torch.no_grad()
def readout_accuracy(states, bits):
    """Measure at each step how well a bit can be read from the state.

    A linear readout with an intercept is fitted by ridge regression on the
    first half of the sequences, step by step, and tested on the second half.

    Args:
        states: Hidden or cell states of a batch of sequences.
        bits: The bit that each sequence began with.

    Shapes:
        states:  (seq_len, batch, hidden_size)
        bits:    (batch,), 0 or 1
        returns: (seq_len,)

    Units:
        Fraction of the sequences of the second half; 0.5 is chance.

    Returns:
        Tensor: the accuracy at each step.
    """
    scale = states.std(dim=(1, 2), keepdim=True).clamp_min(1e-12)
    features = torch.cat([states / scale, torch.ones_like(states[..., :1])], 2)
    features = features.double()
    half = len(bits) // 2
    signs = (2 * bits - 1).double()
    fitted = features[:, :half]
    ridge = torch.eye(features.shape[2], dtype=torch.float64)
    gram = fitted.mT @ fitted + ridge
    weights = torch.linalg.solve(gram, fitted.mT @ signs[:half, None])
    guesses = (features[:, half:] @ weights).squeeze(-1)
    return (guesses.sign() == signs[half:]).double().mean(dim=1)
