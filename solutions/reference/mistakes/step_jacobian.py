"""Mistakes in step_jacobian."""

import torch

from reference.catalogue import mistake
from reference.vanishing import step_jacobian


def _slope(hidden_state):
    return 1 - hidden_state.square()


def _from(slope, weight_hh):
    """Return the Jacobian that a slope gives for each sequence."""
    return slope.unsqueeze(2) * weight_hh


@mistake(
    "step_jacobian",
    "You multiplied column j of weight_hh by the slope of unit j; the slope "
    "of unit i belongs to row i.",
)
def slope_on_the_columns(hidden_state, weight_hh):
    """Put the diagonal on the right of the weights."""
    return weight_hh * _slope(hidden_state).unsqueeze(1)


@mistake(
    "step_jacobian",
    "Your Jacobian is transposed: the row is the unit after the step, the "
    "column the unit before it.",
)
def transposed(hidden_state, weight_hh):
    """Exchange rows and columns."""
    return step_jacobian(hidden_state, weight_hh).mT


@mistake(
    "step_jacobian",
    "You transposed weight_hh, as in the step; in the Jacobian it stands as "
    "it is.",
)
def weight_transposed(hidden_state, weight_hh):
    """Transpose the weights and keep the slope on the rows."""
    return step_jacobian(hidden_state, weight_hh.T)


@mistake(
    "step_jacobian",
    "Your Jacobian is weight_hh: the slope of tanh is missing.",
)
def slope_missing(hidden_state, weight_hh):
    """Differentiate a linear step."""
    return _from(torch.ones_like(hidden_state), weight_hh)


@mistake(
    "step_jacobian",
    "Your Jacobian holds the slopes alone: weight_hh is missing.",
)
def weight_missing(hidden_state, weight_hh):
    """Return the diagonal alone."""
    del weight_hh
    return torch.diag_embed(_slope(hidden_state))


@mistake(
    "step_jacobian",
    "You took tanh of hidden_state, which has been through tanh already: the "
    "slope is 1 - hidden_state ** 2.",
)
def tanh_once_more(hidden_state, weight_hh):
    """Take the hidden state for the pre-activation."""
    return step_jacobian(torch.tanh(hidden_state), weight_hh)


@mistake(
    "step_jacobian",
    "h * (1 - h) is the slope of a sigmoid; that of tanh is 1 - h ** 2.",
)
def slope_of_a_sigmoid(hidden_state, weight_hh):
    """Use another nonlinearity's slope."""
    return _from(hidden_state * (1 - hidden_state), weight_hh)


@mistake(
    "step_jacobian",
    "Your slope is 1 or 0, as ReLU has it; that of tanh is 1 - h ** 2.",
)
def slope_of_relu(hidden_state, weight_hh):
    """Use ReLU's slope."""
    return _from((hidden_state > 0).to(weight_hh.dtype), weight_hh)


@mistake(
    "step_jacobian",
    "Your slope is 1 - h; the square is missing.",
)
def square_missing(hidden_state, weight_hh):
    """Forget the square."""
    return _from(1 - hidden_state, weight_hh)


@mistake(
    "step_jacobian",
    "Your slope is (1 - h) ** 2; the square belongs to h alone.",
)
def square_around_the_difference(hidden_state, weight_hh):
    """Set the brackets wrong."""
    return _from((1 - hidden_state).square(), weight_hh)


@mistake(
    "step_jacobian",
    "Your slope is h ** 2; it is 1 minus that.",
)
def one_missing(hidden_state, weight_hh):
    """Forget the 1."""
    return _from(hidden_state.square(), weight_hh)


@mistake(
    "step_jacobian",
    "Your slope is 1 + h ** 2, which is never below 1; that of tanh is 1 - h "
    "** 2.",
)
def wrong_sign(hidden_state, weight_hh):
    """Turn a sign."""
    return _from(1 + hidden_state.square(), weight_hh)


@mistake(
    "step_jacobian",
    "All signs are turned: the slope is 1 - h ** 2, not h ** 2 - 1.",
)
def all_signs_turned(hidden_state, weight_hh):
    """Subtract the wrong way round."""
    return -step_jacobian(hidden_state, weight_hh)


@mistake(
    "step_jacobian",
    "You multiplied rows and columns by the slope; it belongs to the rows "
    "alone.",
)
def slope_on_both_sides(hidden_state, weight_hh):
    """Put the diagonal on both sides."""
    after = step_jacobian(hidden_state, weight_hh)
    return after * _slope(hidden_state).unsqueeze(1)
