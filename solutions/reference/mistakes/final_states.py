"""Mistakes in final_states."""

import torch

from reference.bidirectional import final_states
from reference.catalogue import mistake


def _halves(hidden_states):
    return hidden_states.chunk(2, dim=2)


def _at(states, steps):
    """Take a step of its own from each sequence."""
    rows = torch.arange(states.shape[1], device=states.device)
    return states[steps, rows]


@mistake(
    "final_states",
    "You take hidden_states[-1]: padding for every shorter sequence, and its "
    "backward half has read one word only.",
)
def last_row_of_the_batch(hidden_states, lengths):
    """Take the last row."""
    del lengths
    return hidden_states[-1]


@mistake(
    "final_states",
    "You take both halves at the last word. The backward RNN begins there; "
    "it ends at step 0.",
)
def last_word_of_both(hidden_states, lengths):
    """Take the last word of each sequence."""
    return _at(hidden_states, lengths - 1)


@mistake(
    "final_states",
    "You take both halves at step 0. The forward RNN begins there; it ends "
    "at the last word.",
)
def first_word_of_both(hidden_states, lengths):
    """Take the first row."""
    del lengths
    return hidden_states[0]


@mistake(
    "final_states",
    "Your forward half is that of hidden_states[-1], which is padding for "
    "every shorter sequence; take it at lengths - 1.",
)
def lengths_ignored(hidden_states, lengths):
    """Know the directions and forget the lengths."""
    del lengths
    left, right = _halves(hidden_states)
    return torch.cat([left[-1], right[0]], dim=1)


@mistake(
    "final_states",
    "You take each half where its direction begins, not where it ends.",
)
def beginnings(hidden_states, lengths):
    """Exchange the two ends."""
    left, right = _halves(hidden_states)
    return torch.cat([left[0], _at(right, lengths - 1)], dim=1)


@mistake(
    "final_states",
    "Your halves are exchanged: the forward state comes first.",
)
def backward_half_first(hidden_states, lengths):
    """Exchange the two halves."""
    left, right = final_states(hidden_states, lengths).chunk(2, dim=1)
    return torch.cat([right, left], dim=1)


@mistake(
    "final_states",
    "Your forward half is one step late: steps count from 0, so the last one "
    "is lengths - 1.",
)
def one_step_late(hidden_states, lengths):
    """Index with the length."""
    left, right = _halves(hidden_states)
    late = lengths.clamp(max=len(left) - 1)
    return torch.cat([_at(left, late), right[0]], dim=1)


@mistake(
    "final_states",
    "Your forward half is one step early: the last step is lengths - 1.",
)
def one_step_early(hidden_states, lengths):
    """Subtract one twice."""
    left, right = _halves(hidden_states)
    return torch.cat([_at(left, lengths - 2), right[0]], dim=1)


@mistake(
    "final_states",
    "You return the two states on an axis of their own, as torch's h_n; put "
    "them side by side.",
)
def stacked(hidden_states, lengths):
    """Return the shape of h_n."""
    halves = final_states(hidden_states, lengths).chunk(2, dim=1)
    return torch.stack(halves)


@mistake(
    "final_states",
    "Your two states are added up; put them side by side.",
)
def added_up(hidden_states, lengths):
    """Sum the two states."""
    left, right = final_states(hidden_states, lengths).chunk(2, dim=1)
    return left + right


@mistake(
    "final_states",
    "You index the steps alone, so every sequence gets the steps of all "
    "others; the sequences need an index beside it.",
)
def every_pair(hidden_states, lengths):
    """Index one axis."""
    left, right = _halves(hidden_states)
    ends = left[lengths - 1]
    return torch.cat([ends, right[:1].expand_as(ends)], dim=2)


@mistake(
    "final_states",
    "You split the units into even and odd ones; the forward half is the "
    "first half of the last axis.",
)
def units_interleaved(hidden_states, lengths):
    """Take the halves for interleaved."""
    left, right = hidden_states[:, :, ::2], hidden_states[:, :, 1::2]
    return torch.cat([_at(left, lengths - 1), right[0]], dim=1)
