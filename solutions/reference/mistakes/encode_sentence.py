"""Mistakes in encode_sentence."""

import torch

from reference.bidirectional import encode_sentence
from reference.catalogue import mistake


def _inside(hidden_states, lengths, shift=0):
    steps = torch.arange(len(hidden_states), device=lengths.device)
    return (steps[:, None] < lengths + shift)[:, :, None]


def _masked(hidden_states, lengths, shift=0):
    """Encode with lengths that may be off."""
    outside = ~_inside(hidden_states, lengths, shift)
    counted = (~outside).sum(dim=0)
    by_max = hidden_states.masked_fill(outside, -1e9).amax(dim=0)
    total = hidden_states.masked_fill(outside, 0.0).sum(dim=0)
    return by_max, total / counted


@mistake(
    "encode_sentence",
    "Your encodings run over the padding too; use only the first lengths "
    "steps of each sentence.",
)
def padding_included(hidden_states, lengths):
    """Forget the lengths."""
    del lengths
    return hidden_states.amax(dim=0), hidden_states.mean(dim=0)


@mistake(
    "encode_sentence",
    "Your maximum takes the padding for 0, and 0 wins wherever all states "
    "of a unit are negative.",
)
def zero_wins(hidden_states, lengths):
    """Fill the padding with 0 for both."""
    _, by_mean = encode_sentence(hidden_states, lengths)
    outside = ~_inside(hidden_states, lengths)
    return hidden_states.masked_fill(outside, 0.0).amax(dim=0), by_mean


@mistake(
    "encode_sentence",
    "Your mean divides by the length of the batch; divide by each sentence's "
    "own.",
)
def divided_by_seq_len(hidden_states, lengths):
    """Take the mean of the masked batch."""
    by_max, _ = encode_sentence(hidden_states, lengths)
    outside = ~_inside(hidden_states, lengths)
    return by_max, hidden_states.masked_fill(outside, 0.0).mean(dim=0)


@mistake(
    "encode_sentence",
    "Your mean is a sum: divide it by the length of the sentence.",
)
def sum_for_mean(hidden_states, lengths):
    """Leave the division out."""
    by_max, by_mean = encode_sentence(hidden_states, lengths)
    return by_max, by_mean * lengths[:, None].to(by_mean.dtype)


@mistake(
    "encode_sentence",
    "Your sentences are one step too long: step lengths is padding, since "
    "steps count from 0.",
)
def one_step_too_many(hidden_states, lengths):
    """Write <= for <."""
    return _masked(hidden_states, lengths, 1)


@mistake(
    "encode_sentence",
    "You leave the last word of each sentence out; its step is lengths - 1.",
)
def last_word_left_out(hidden_states, lengths):
    """Count to lengths - 1."""
    return _masked(hidden_states, lengths, -1)


@mistake(
    "encode_sentence",
    "Your encodings are exchanged: the maximum comes first.",
)
def mean_first(hidden_states, lengths):
    """Exchange the results."""
    by_max, by_mean = encode_sentence(hidden_states, lengths)
    return by_mean, by_max


@mistake(
    "encode_sentence",
    "You take maximum and mean over the units of each step; they run over "
    "the steps, one for each unit.",
)
def over_the_units(hidden_states, lengths):
    """Reduce the wrong axis."""
    del lengths
    return hidden_states.amax(dim=2), hidden_states.mean(dim=2)


@mistake(
    "encode_sentence",
    "Your maximum ignores signs: it is that of the absolute values.",
)
def largest_magnitude(hidden_states, lengths):
    """Take absolute values."""
    by_max, _ = encode_sentence(hidden_states.abs(), lengths)
    return by_max, encode_sentence(hidden_states, lengths)[1]


@mistake(
    "encode_sentence",
    "You mask by multiplying with 0, and 0 * NaN is NaN; replace what stands "
    "at the padding, with masked_fill or torch.where.",
)
def masked_by_a_product(hidden_states, lengths):
    """Multiply by the mask in the mean."""
    by_max, _ = encode_sentence(hidden_states, lengths)
    inside = _inside(hidden_states, lengths).to(hidden_states.dtype)
    total = (hidden_states * inside).sum(dim=0)
    return by_max, total / inside.sum(dim=0)


@mistake(
    "encode_sentence",
    "You keep an axis of length 1 for the steps; an encoding is (batch, "
    "size).",
)
def time_axis_kept(hidden_states, lengths):
    """Keep the reduced axis."""
    by_max, by_mean = encode_sentence(hidden_states, lengths)
    return by_max[None], by_mean[None]


@mistake(
    "encode_sentence",
    "Both of your encodings are the state at the last word; they must run "
    "over all words.",
)
def last_state(hidden_states, lengths):
    """Take the state at the end."""
    rows = torch.arange(len(lengths), device=lengths.device)
    last = hidden_states[lengths - 1, rows]
    return last, last.clone()
