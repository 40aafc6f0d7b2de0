"""Mistakes in rnn_step: what is added up, and what goes around it."""

import torch

from reference.catalogue import mistake
from reference.vanishing import rnn_step


def _parts(x, prev_hidden_state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Return what comes of x, of the hidden state, and of the biases."""
    return x @ weight_ih.T, prev_hidden_state @ weight_hh.T, bias_ih + bias_hh


@mistake(
    "rnn_step",
    "Your sum goes through a sigmoid; it needs tanh, since a hidden state may "
    "be negative.",
)
def sigmoid_for_tanh(*arguments):
    """Squash the sum to (0, 1)."""
    return torch.sigmoid(sum(_parts(*arguments)))


@mistake(
    "rnn_step",
    "Your sum goes through ReLU; it needs tanh.",
)
def relu_for_tanh(*arguments):
    """Cut the sum off at 0."""
    return torch.relu(sum(_parts(*arguments)))


@mistake("rnn_step", "The tanh around your sum is missing.")
def tanh_missing(*arguments):
    """Return the pre-activation."""
    return sum(_parts(*arguments))


@mistake("rnn_step", "You take tanh twice.")
def tanh_twice(*arguments):
    """Squash what is squashed."""
    return torch.tanh(rnn_step(*arguments))


@mistake(
    "rnn_step",
    "You computed tanh(z / 2): (1 - exp(-z)) / (1 + exp(-z)) lacks a factor "
    "of 2 in both exponents.",
)
def tanh_of_one_half(*arguments):
    """Write tanh by hand and forget the 2."""
    return torch.tanh(sum(_parts(*arguments)) / 2)


@mistake(
    "rnn_step",
    "Your tanh goes around the part of the hidden state alone; it must go "
    "around the whole sum.",
)
def tanh_around_the_recurrent_part(*arguments):
    """Leave x and the biases outside."""
    of_x, of_state, biases = _parts(*arguments)
    return of_x + torch.tanh(of_state) + biases


@mistake(
    "rnn_step",
    "Your tanh goes around the part of x alone; it must go around the whole "
    "sum.",
)
def tanh_around_the_input_part(*arguments):
    """Leave the hidden state outside."""
    of_x, of_state, biases = _parts(*arguments)
    return torch.tanh(of_x + biases) + of_state


@mistake(
    "rnn_step",
    "You take tanh of each part, with its bias, and add; take tanh once, of "
    "the whole sum.",
)
def tanh_around_each_part(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Squash the two parts one by one."""
    of_x = torch.tanh(x @ weight_ih.T + bias_ih)
    return of_x + torch.tanh(state @ weight_hh.T + bias_hh)


@mistake(
    "rnn_step",
    "You add the biases after tanh; they belong inside.",
)
def biases_outside_tanh(*arguments):
    """Shift the squashed sum."""
    of_x, of_state, biases = _parts(*arguments)
    return torch.tanh(of_x + of_state) + biases


@mistake("rnn_step", "Your numbers lack bias_ih; both biases are added.")
def bias_ih_dropped(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Add the second bias only."""
    return rnn_step(x, state, weight_ih, weight_hh, 0 * bias_ih, bias_hh)


@mistake("rnn_step", "Your numbers lack bias_hh; both biases are added.")
def bias_hh_dropped(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Add the first bias only."""
    return rnn_step(x, state, weight_ih, weight_hh, bias_ih, 0 * bias_hh)


@mistake("rnn_step", "Your numbers lack both biases.")
def both_biases_dropped(*arguments):
    """Multiply only."""
    of_x, of_state, _ = _parts(*arguments)
    return torch.tanh(of_x + of_state)


@mistake(
    "rnn_step",
    "You add bias_ih twice, in the place of bias_hh too.",
)
def bias_ih_added_twice(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Use the first bias for the second."""
    del bias_hh
    return rnn_step(x, state, weight_ih, weight_hh, bias_ih, bias_ih)


@mistake(
    "rnn_step",
    "You add bias_hh twice, in the place of bias_ih too.",
)
def bias_hh_added_twice(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Use the second bias for the first."""
    del bias_ih
    return rnn_step(x, state, weight_ih, weight_hh, bias_hh, bias_hh)


@mistake(
    "rnn_step",
    "You subtract a bias where both are added.",
)
def bias_hh_subtracted(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Turn a sign."""
    return rnn_step(x, state, weight_ih, weight_hh, bias_ih, -bias_hh)


@mistake(
    "rnn_step",
    "You add the previous hidden state to the result, as a residual "
    "connection does; here it enters inside tanh alone.",
)
def residual(x, prev_hidden_state, *parameters):
    """Add a skip connection."""
    return prev_hidden_state + rnn_step(x, prev_hidden_state, *parameters)


@mistake(
    "rnn_step",
    "Your values are right, but you detached prev_hidden_state: no gradient "
    "can go further back than this step.",
)
def hidden_state_detached(x, prev_hidden_state, *parameters):
    """Cut the graph before the step."""
    return rnn_step(x, prev_hidden_state.detach(), *parameters)


@mistake(
    "rnn_step",
    "Your numbers are right with an axis of size 1 in front; one step has no "
    "axis for layers or time.",
)
def axis_in_front(*arguments):
    """Return the shape of torch.nn.RNN's last hidden state."""
    return rnn_step(*arguments)[None]


@mistake(
    "rnn_step",
    "Your numbers are right and transposed: return (batch, hidden_size).",
)
def transposed_result(*arguments):
    """Compute with a column for each sequence."""
    return rnn_step(*arguments).T
