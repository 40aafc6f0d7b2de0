"""Mistakes in bidirectional_rnn."""

import torch

from reference.bidirectional import bidirectional_rnn
from reference.catalogue import mistake


def _inside(inputs, lengths):
    steps = torch.arange(len(inputs), device=lengths.device)
    return (steps[:, None] < lengths)[:, :, None]


def _halves(inputs, lengths, forward_unroll, backward_unroll):
    """Return the right states of both directions."""
    states = bidirectional_rnn(
        inputs, lengths, forward_unroll, backward_unroll
    )
    return states.chunk(2, dim=2)


def _joined(left, right, inputs, lengths):
    """Put two halves side by side, zero at the padding."""
    both = torch.cat([left, right], dim=2)
    return both * _inside(inputs, lengths)


def _within(inputs, lengths):
    """Turn each sequence round within its length."""
    steps = torch.arange(len(inputs), device=lengths.device)[:, None]
    place = torch.where(steps < lengths, lengths - 1 - steps, steps)
    return inputs.gather(0, place[:, :, None].expand_as(inputs))


@mistake(
    "bidirectional_rnn",
    "You turned the padded batch round as a whole, so your backward RNN "
    "begins with padding; turn each sequence round within its own length.",
)
def padding_read_first(inputs, lengths, forward_unroll, backward_unroll):
    """Flip the time axis."""
    backward = backward_unroll(inputs.flip(0)).flip(0)
    return _joined(forward_unroll(inputs), backward, inputs, lengths)


@mistake(
    "bidirectional_rnn",
    "Your backward states stand in the order in which they were computed; "
    "turn them round again, so that step t has the state at step t.",
)
def not_turned_back(inputs, lengths, forward_unroll, backward_unroll):
    """Turn round once."""
    backward = backward_unroll(_within(inputs, lengths))
    return _joined(forward_unroll(inputs), backward, inputs, lengths)


@mistake(
    "bidirectional_rnn",
    "You turn what the backward RNN reads round within each length, but what "
    "it returns as a whole batch; turn both in the same way.",
)
def turned_back_as_a_whole(inputs, lengths, forward_unroll, backward_unroll):
    """Turn round in two ways."""
    backward = backward_unroll(_within(inputs, lengths)).flip(0)
    return _joined(forward_unroll(inputs), backward, inputs, lengths)


@mistake(
    "bidirectional_rnn",
    "Both of your RNNs read from left to right; the second one must begin "
    "at the end of each sequence.",
)
def both_read_to_the_right(inputs, lengths, forward_unroll, backward_unroll):
    """Turn nothing round."""
    backward = backward_unroll(inputs)
    return _joined(forward_unroll(inputs), backward, inputs, lengths)


@mistake(
    "bidirectional_rnn",
    "You use forward_unroll in both directions; the RNN that reads to the "
    "left has weights of its own.",
)
def one_set_of_weights(inputs, lengths, forward_unroll, backward_unroll):
    """Share the weights."""
    del backward_unroll
    left, right = _halves(inputs, lengths, forward_unroll, forward_unroll)
    return torch.cat([left, right], dim=2)


@mistake(
    "bidirectional_rnn",
    "You gave each unroll the other's direction: forward_unroll reads from "
    "left to right.",
)
def unrolls_exchanged(inputs, lengths, forward_unroll, backward_unroll):
    """Exchange the two functions."""
    return bidirectional_rnn(inputs, lengths, backward_unroll, forward_unroll)


@mistake(
    "bidirectional_rnn",
    "Your halves are exchanged: the forward states come first.",
)
def backward_half_first(*arguments):
    """Put the backward states first."""
    left, right = _halves(*arguments)
    return torch.cat([right, left], dim=2)


@mistake(
    "bidirectional_rnn",
    "You add the two states up; put them side by side, so that nothing is "
    "lost.",
)
def states_added_up(*arguments):
    """Sum the directions."""
    left, right = _halves(*arguments)
    return left + right


@mistake(
    "bidirectional_rnn",
    "You put the states of the two directions one behind the other in time; "
    "they belong side by side on the last axis.",
)
def joined_in_time(*arguments):
    """Join along the first axis."""
    return torch.cat(_halves(*arguments), dim=0)


@mistake(
    "bidirectional_rnn",
    "You put the two directions on an axis of their own; put their units "
    "side by side on the last axis.",
)
def axis_for_directions(*arguments):
    """Stack instead of joining."""
    return torch.stack(_halves(*arguments), dim=2)


@mistake(
    "bidirectional_rnn",
    "Your states are right within the sequences, but the padding is not 0.",
)
def padding_not_cleared(inputs, lengths, forward_unroll, backward_unroll):
    """Leave what the unrolls made of the padding."""
    backward = _within(backward_unroll(_within(inputs, lengths)), lengths)
    return torch.cat([forward_unroll(inputs), backward], dim=2)


@mistake(
    "bidirectional_rnn",
    "Your backward states carry no gradient: something on their way cuts the "
    "graph.",
)
def backward_states_detached(*arguments):
    """Cut the second graph."""
    left, right = _halves(*arguments)
    return torch.cat([left, right.detach()], dim=2)
