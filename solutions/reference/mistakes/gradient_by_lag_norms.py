"""Mistakes in gradient_by_lag: the gradients are right, the norms are not."""

import torch

from reference.catalogue import mistake
from reference.mistakes.gradient_parts import gradients, way_back
from reference.vanishing import gradient_by_lag, rnn_unroll


@mistake(
    "gradient_by_lag",
    "Your norms run backwards: entry 0 is lag 0, the end of the sequence.",
)
def norms_run_backwards(*arguments):
    """Return the norms in the order of time."""
    return gradient_by_lag(*arguments).flip(0)


@mistake(
    "gradient_by_lag",
    "You go back one step too far, to initial_hidden_state; the last lag is "
    "seq_len - 1.",
)
def initial_state_included(*arguments):
    """Return one norm too many."""
    return way_back(arguments, states=lambda a: rnn_unroll(*a[:-1])[0].flip(0))


@mistake(
    "gradient_by_lag",
    "Your entries are one lag late: entry 0 is the norm of grad_hidden_state "
    "itself, before any Jacobian.",
)
def begins_at_lag_one(*arguments):
    """Write the norm down after the step instead of before it."""
    return initial_state_included(*arguments)[1:]


@mistake(
    "gradient_by_lag",
    "Lag 0 is missing: the first entry is the norm of grad_hidden_state "
    "itself.",
)
def lag_zero_missing(*arguments):
    """Return one norm too few, at the front."""
    return gradient_by_lag(*arguments)[1:]


@mistake(
    "gradient_by_lag",
    "The largest lag is missing: go back as far as the first hidden state.",
)
def last_lag_missing(*arguments):
    """Return one norm too few, at the end."""
    return gradient_by_lag(*arguments)[:-1]


@mistake(
    "gradient_by_lag",
    "You return a norm for each sequence; asked for is one norm over batch "
    "and units together.",
)
def a_norm_for_each_sequence(*arguments):
    """Keep the batch."""
    return way_back(arguments, lambda gradient: gradient.norm(dim=1))


@mistake(
    "gradient_by_lag",
    "You averaged the norms of the sequences; asked for is one norm over "
    "batch and units together.",
)
def norms_averaged(*arguments):
    """Average over the batch after the norm."""
    return way_back(arguments, lambda gradient: gradient.norm(dim=1).mean())


@mistake(
    "gradient_by_lag",
    "You added up the norms of the sequences; add up squares, as one norm "
    "over batch and units does.",
)
def norms_added(*arguments):
    """Sum over the batch after the norm."""
    return way_back(arguments, lambda gradient: gradient.norm(dim=1).sum())


@mistake(
    "gradient_by_lag",
    "You averaged the gradients over the batch before the norm; gradients of "
    "opposite signs then cancel.",
)
def gradients_averaged(*arguments):
    """Average over the batch before the norm."""
    return way_back(arguments, lambda gradient: gradient.mean(0).norm())


@mistake(
    "gradient_by_lag",
    "You added up the gradients of all sequences before the norm; gradients "
    "of opposite signs then cancel.",
)
def gradients_added(*arguments):
    """Sum over the batch before the norm."""
    return way_back(arguments, lambda gradient: gradient.sum(0).norm())


@mistake(
    "gradient_by_lag",
    "These are the norms of the first sequence alone.",
)
def first_sequence_alone(*arguments):
    """Leave the other sequences out."""
    return way_back(arguments, lambda gradient: gradient[0].norm())


@mistake(
    "gradient_by_lag",
    "These are root mean squares: the sum of squares was divided by the "
    "number of entries.",
)
def root_mean_square(*arguments):
    """Divide by the number of entries."""
    return way_back(arguments, lambda g: g.square().mean().sqrt())


@mistake("gradient_by_lag", "These are squared norms; the root is missing.")
def root_missing(*arguments):
    """Return sums of squares."""
    return gradient_by_lag(*arguments).square()


@mistake(
    "gradient_by_lag",
    "You added up absolute values; the norm is the root of the sum of "
    "squares.",
)
def absolute_values_added(*arguments):
    """Return the L1 norm."""
    return way_back(arguments, lambda gradient: gradient.abs().sum())


@mistake(
    "gradient_by_lag",
    "You return the largest entry of each gradient, not its norm.",
)
def largest_entry(*arguments):
    """Return the maximum norm."""
    return way_back(arguments, lambda gradient: gradient.abs().max())


@mistake(
    "gradient_by_lag",
    "You divided by the norm at lag 0; asked for are the norms themselves.",
)
def relative_to_lag_zero(*arguments):
    """Return what the chapter's figures show."""
    norms = gradient_by_lag(*arguments)
    return norms / norms[0]


@mistake(
    "gradient_by_lag",
    "You return logarithms to base 10; asked for are the norms themselves.",
)
def logarithms(*arguments):
    """Return what a logarithmic axis shows."""
    return gradient_by_lag(*arguments).log10()


@mistake(
    "gradient_by_lag",
    "Your values are added up from lag to lag; each entry is the norm at one "
    "lag alone.",
)
def norms_added_up_along_the_way(*arguments):
    """Return running sums."""
    return gradient_by_lag(*arguments).cumsum(0)


@mistake(
    "gradient_by_lag",
    "You return the gradients; asked for is one norm for each lag.",
)
def gradients_returned(*arguments):
    """Leave the norm out."""
    return torch.stack(gradients(arguments))
