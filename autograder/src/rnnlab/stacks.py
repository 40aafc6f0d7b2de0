"""One layer of a stack as a function, and counts that belong to a stack."""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn


class RNNParameters(NamedTuple):
    """Parameters of one layer of a vanilla RNN, in torch's order.

    Attributes:
        weight_ih: Weights of what the layer reads.
        weight_hh: Weights of its previous hidden state.
        bias_ih: First bias.
        bias_hh: Second bias; the two add up.

    Shapes:
        weight_ih:        (hidden_size, size of what the layer reads)
        weight_hh:        (hidden_size, hidden_size)
        bias_ih, bias_hh: (hidden_size,)
    """

    weight_ih: Tensor
    weight_hh: Tensor
    bias_ih: Tensor
    bias_hh: Tensor


def rnn_layer(inputs, initial_hidden_state, parameters):
    """Run one layer of a vanilla RNN over a sequence.

    Args:
        inputs: What the layer reads at each step.
        initial_hidden_state: Its hidden state before the first step.
        parameters: Its RNNParameters.

    Equations:
        eq-rnn-unroll

    Shapes:
        inputs:               (seq_len, batch, input_size)
        initial_hidden_state: (batch, hidden_size)
        hidden_states:        (seq_len, batch, hidden_size)
        hidden_state:         (batch, hidden_size)

    Returns:
        tuple: the hidden state after every step, and the last of them.
    """
    units, width = parameters[0].shape
    layer = nn.RNN(width, units, device="meta")
    names = (f"{name}_l0" for name in RNNParameters._fields)
    named = dict(zip(names, parameters, strict=True))
    hidden_states, last = torch.func.functional_call(
        layer, named, (inputs, initial_hidden_state[None])
    )
    return hidden_states, last[0]


def rnn_cell(x, prev_hidden_state, parameters):
    """Advance one layer of a vanilla RNN by one time step.

    Args:
        x: What the layer reads at time t.
        prev_hidden_state: Its hidden state at time t-1.
        parameters: Its RNNParameters.

    Equations:
        eq-rnn-step

    Shapes:
        x:                 (batch, input_size)
        prev_hidden_state: (batch, hidden_size)
        returns:           (batch, hidden_size)

    Returns:
        Tensor: the hidden state at time t.
    """
    units, width = parameters[0].shape
    cell = nn.RNNCell(width, units, device="meta")
    named = dict(zip(RNNParameters._fields, parameters, strict=True))
    return torch.func.functional_call(cell, named, (x, prev_hidden_state))


def split_parameters(rnn):
    """Return the parameters of a torch.nn.RNN, layer by layer.

    Args:
        rnn: torch.nn.RNN with any number of layers, in one direction or two.

    Returns:
        list: for each layer its RNNParameters, or in a bidirectional one the
        pair of those of the forward and of the backward direction. The
        tensors are the module's own.
    """
    endings = ("", "_reverse") if rnn.bidirectional else ("",)
    found = []
    for layer in range(rnn.num_layers):
        directions = tuple(
            RNNParameters(
                *(
                    getattr(rnn, f"{name}_l{layer}{ending}")
                    for name in RNNParameters._fields
                )
            )
            for ending in endings
        )
        found.append(directions if rnn.bidirectional else directions[0])
    return found


def parameter_count(
    input_size, hidden_size, *, num_layers, blocks=1, directions=1
):
    """Count the parameters of a stack without building it.

    Args:
        input_size: Size of x_t.
        hidden_size: Units of each layer and direction.
        num_layers: Number of layers.
        blocks: Blocks of rows: 1 for an RNN, 3 for a GRU, 4 for an LSTM.
        directions: 1, or 2 in a bidirectional stack.

    Equations:
        eq-stack-parameters

    Returns:
        int: numbers in all weights and biases.
    """
    widths = [input_size] + [directions * hidden_size] * (num_layers - 1)
    rows = directions * blocks * hidden_size
    return sum(rows * (width + hidden_size + 2) for width in widths)


def path_count(lag, layers):
    """Count the ways through the grid from one hidden state to another.

    Args:
        lag: Steps to go through time.
        layers: Layers to go up.

    Equations:
        eq-stack-paths

    Returns:
        int: the number of orders in which these steps can be taken.

    Example:
        >>> path_count(2, 1)
        3
    """
    return math.comb(lag + layers, layers)
