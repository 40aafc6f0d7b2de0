"""Mistakes in rnn_step: what the weights are multiplied by, and how."""

import torch

from reference.catalogue import mistake
from reference.vanishing import rnn_step


@mistake(
    "rnn_step",
    "You multiplied x by weight_ih; its rows are the units, so it must be "
    "transposed.",
)
def weight_ih_not_transposed(x, state, weight_ih, *parameters):
    """Multiply x by the matrix as it lies."""
    return rnn_step(x, state, weight_ih.T, *parameters)


@mistake(
    "rnn_step",
    "You multiplied the hidden state by weight_hh as it is; it must be "
    "transposed. It is square, so no shape tells.",
)
def weight_hh_not_transposed(x, state, weight_ih, weight_hh, *biases):
    """Multiply the hidden state by the matrix as it lies."""
    return rnn_step(x, state, weight_ih, weight_hh.T, *biases)


@mistake(
    "rnn_step",
    "You multiplied by both weights as they are; both must be transposed.",
)
def no_weight_transposed(x, state, weight_ih, weight_hh, *biases):
    """Multiply by both matrices as they lie."""
    return rnn_step(x, state, weight_ih.T, weight_hh.T, *biases)


@mistake(
    "rnn_step",
    "You reshaped weight_ih where it must be transposed: view and reshape "
    "keep the numbers in order, .T moves them to their places.",
)
def weight_ih_reshaped(x, state, weight_ih, *parameters):
    """Reshape to the shape of the transpose."""
    reshaped = weight_ih.reshape(weight_ih.shape[::-1]).T
    return rnn_step(x, state, reshaped, *parameters)


@mistake(
    "rnn_step",
    "You multiplied x by weight_hh and the hidden state by weight_ih: the two "
    "are exchanged.",
)
def weights_exchanged(x, state, weight_ih, weight_hh, *biases):
    """Exchange the two matrices."""
    return rnn_step(x, state, weight_hh, weight_ih, *biases)


@mistake(
    "rnn_step",
    "You exchanged x and the hidden state: weight_ih belongs to x, weight_hh "
    "to the hidden state.",
)
def inputs_exchanged(x, state, *parameters):
    """Exchange the two inputs."""
    return rnn_step(state, x, *parameters)


@mistake(
    "rnn_step",
    "You put x and the hidden state side by side in one order and their "
    "weights in the other.",
)
def concatenated_in_two_orders(
    x, state, weight_ih, weight_hh, bias_ih, bias_hh
):
    """Join inputs and weights in opposite orders."""
    weights = torch.cat([weight_ih, weight_hh], dim=1)
    total = torch.cat([state, x], dim=1) @ weights.T
    return torch.tanh(total + bias_ih + bias_hh)


@mistake(
    "rnn_step",
    "Your result does not depend on the previous hidden state.",
)
def hidden_state_ignored(x, state, *parameters):
    """Leave the recurrent part out."""
    return rnn_step(x, 0 * state, *parameters)


@mistake("rnn_step", "Your result does not depend on x.")
def x_ignored(x, *arguments):
    """Leave the input out."""
    return rnn_step(0 * x, *arguments)


@mistake(
    "rnn_step",
    "You add the previous hidden state as it is; multiply it by the transpose "
    "of weight_hh first.",
)
def weight_hh_left_out(x, state, weight_ih, weight_hh, *biases):
    """Take the recurrent matrix for the identity."""
    identity = torch.eye(len(weight_hh)).to(weight_hh) + 0 * weight_hh
    return rnn_step(x, state, weight_ih, identity, *biases)


@mistake(
    "rnn_step",
    "You use the diagonal of weight_hh alone: each unit must hear all units.",
)
def diagonal_of_weight_hh(x, state, weight_ih, weight_hh, *biases):
    """Let each unit hear only itself."""
    diagonal = weight_hh.diagonal().diag()
    return rnn_step(x, state, weight_ih, diagonal, *biases)
