"""Mistakes in step_jacobian that lose the batch or mistake its axis."""

import torch

from reference.catalogue import mistake
from reference.vanishing import step_jacobian

_NO_AXIS = (
    "Your slope lacks an axis: as (batch, hidden_size) it cannot go with "
    "(row, column). Make it (batch, hidden_size, 1)."
)


def _slope(hidden_state):
    return 1 - hidden_state.square()


@mistake("step_jacobian", _NO_AXIS)
def slope_without_an_axis(hidden_state, weight_hh):
    """Multiply (batch, hidden_size) by the weights entry by entry."""
    return _slope(hidden_state) * weight_hh


@mistake("step_jacobian", _NO_AXIS)
def slope_without_an_axis_behind(hidden_state, weight_hh):
    """Multiply the weights by (batch, hidden_size) entry by entry."""
    return weight_hh * _slope(hidden_state)


@mistake(
    "step_jacobian",
    "You multiplied the slopes by the matrix, which adds up over units; each "
    "slope must multiply its own row.",
)
def matrix_product_of_the_slope(hidden_state, weight_hh):
    """Use @ for the diagonal."""
    return _slope(hidden_state) @ weight_hh


@mistake(
    "step_jacobian",
    "torch.diag of a (batch, hidden_size) tensor takes its diagonal; "
    "torch.diag_embed makes a matrix for each sequence.",
)
def diagonal_taken_instead_of_made(hidden_state, weight_hh):
    """Use torch.diag on a batch."""
    return torch.diag(_slope(hidden_state)) @ weight_hh


@mistake(
    "step_jacobian",
    "You averaged over the batch; each sequence has a Jacobian of its own.",
)
def averaged_over_the_batch(hidden_state, weight_hh):
    """Return the mean Jacobian."""
    return step_jacobian(hidden_state, weight_hh).mean(0)


@mistake(
    "step_jacobian",
    "You added up over the batch; each sequence has a Jacobian of its own.",
)
def summed_over_the_batch(hidden_state, weight_hh):
    """Return the sum of all Jacobians."""
    return step_jacobian(hidden_state, weight_hh).sum(0)


@mistake(
    "step_jacobian",
    "You return the Jacobian of the first sequence alone.",
)
def first_sequence_alone(hidden_state, weight_hh):
    """Leave the other sequences out."""
    return step_jacobian(hidden_state, weight_hh)[0]


@mistake(
    "step_jacobian",
    "Your numbers are right with the batch as the last axis; it is the first.",
)
def batch_last(hidden_state, weight_hh):
    """Put the batch at the end."""
    return step_jacobian(hidden_state, weight_hh).movedim(0, -1)


@mistake(
    "step_jacobian",
    "You squeeze the result, which takes an axis away wherever a size is 1; "
    "it always has three axes.",
)
def squeezed(hidden_state, weight_hh):
    """Drop the axes of size 1."""
    return step_jacobian(hidden_state, weight_hh).squeeze()
