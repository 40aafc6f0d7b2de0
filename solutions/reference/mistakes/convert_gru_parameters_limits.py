"""Mistakes in convert_gru_parameters: one bias, refusals, what comes back."""

import torch

from reference.catalogue import mistake
from reference.gru import convert_gru_parameters
from reference.mistakes.convert_gru_parameters import (
    changed,
    flip,
    rows_of,
)


def _negate(weight_ih, weight_hh, bias_ih, bias_hh):
    """Convert without asking whether there is a conversion."""
    tensors = weight_ih, weight_hh, bias_ih + bias_hh
    return tuple(changed(tensor, torch.neg) for tensor in tensors)


def _refuse(wrong):
    """Raise what the task asks for, if something is wrong."""
    if wrong:
        raise ValueError("there is no conversion")


def _off_diagonal(block):
    return block - torch.diag(block.diagonal())


@mistake(
    "convert_gru_parameters",
    "The conversion is right, but you refuse nothing: ask first whether W_hn "
    "is diagonal and b_hn is 0.",
)
def nothing_refused(*parameters):
    """Convert whatever comes."""
    return _negate(*parameters)


@mistake(
    "convert_gru_parameters",
    "The conversion is right and b_hn is looked at; W_hn is not.",
)
def diagonal_not_asked_for(*parameters):
    """Look at the bias alone."""
    _refuse(parameters[3][rows_of(parameters[3], "new")].any())
    return _negate(*parameters)


@mistake(
    "convert_gru_parameters",
    "The conversion is right and W_hn is looked at; b_hn is not.",
)
def bias_not_asked_for(*parameters):
    """Look at the weights alone."""
    block = parameters[1][rows_of(parameters[1], "new")]
    _refuse(_off_diagonal(block).any())
    return _negate(*parameters)


@mistake(
    "convert_gru_parameters",
    "You add up the entries of b_hn to see whether they are 0; entries of "
    "opposite sign cancel.",
)
def sum_of_the_bias_asked_for(*parameters):
    """Compare the sum of the bias with 0."""
    block = parameters[1][rows_of(parameters[1], "new")]
    _refuse(_off_diagonal(block).any())
    bias = parameters[3][rows_of(parameters[3], "new")]
    _refuse(bias.sum().abs() > 1e-6)
    return _negate(*parameters)


@mistake(
    "convert_gru_parameters",
    "You add up the entries off the diagonal of W_hn to see whether they are "
    "0; entries of opposite sign cancel.",
)
def sum_off_the_diagonal_asked_for(*parameters):
    """Compare the sum off the diagonal with 0."""
    block = parameters[1][rows_of(parameters[1], "new")]
    _refuse(_off_diagonal(block).sum().abs() > 1e-6)
    _refuse(parameters[3][rows_of(parameters[3], "new")].any())
    return _negate(*parameters)


@mistake(
    "convert_gru_parameters",
    "You refuse unless hidden_size is 1; a larger W_hn that is diagonal is "
    "convertible too.",
)
def every_larger_size_refused(*parameters):
    """Take the simplest case for the only one."""
    if parameters[1].shape[1] > 1:
        raise ValueError("only hidden_size 1 can be converted")
    return convert_gru_parameters(*parameters)


@mistake(
    "convert_gru_parameters",
    "You refuse every GRU; where W_hn, the last block of weight_hh alone, is "
    "diagonal and b_hn is 0 there is a conversion.",
)
def everything_refused(*parameters):
    """Refuse always."""
    del parameters
    raise ValueError("these forms cannot be converted")


@mistake(
    "convert_gru_parameters",
    "You return two biases; the lecture's form has one. Add them up.",
)
def two_biases_returned(*parameters):
    """Keep torch's layout."""
    convert_gru_parameters(*parameters)
    return tuple(changed(tensor, torch.neg) for tensor in parameters)


@mistake(
    "convert_gru_parameters",
    "You wrote into the weights you were given; the GRU they belong to is "
    "now another one. Work on clones.",
)
def weights_changed_in_place(*parameters):
    """Negate the caller's own update block."""
    converted = convert_gru_parameters(*parameters)
    for tensor in parameters[:2]:
        tensor[rows_of(tensor, "update")] *= -1
    return *parameters[:2], converted[2]


@mistake(
    "convert_gru_parameters",
    "You refuse by an assertion; python -O takes assertions out. Raise a "
    "ValueError.",
)
def refused_by_assertion(*parameters):
    """Assert that there is a conversion."""
    block = parameters[1][rows_of(parameters[1], "new")]
    assert not _off_diagonal(block).any()
    assert not parameters[3][rows_of(parameters[3], "new")].any()
    return _negate(*parameters)


@mistake(
    "convert_gru_parameters",
    "You return None where there is no conversion; a caller would not "
    "notice. Raise a ValueError.",
)
def none_returned(*parameters):
    """Return None in place of raising."""
    try:
        return convert_gru_parameters(*parameters)
    except ValueError:
        return None


@mistake(
    "convert_gru_parameters",
    "You refuse without a message; say in the ValueError why there is no "
    "conversion.",
)
def no_message(*parameters):
    """Raise an empty ValueError."""
    try:
        return convert_gru_parameters(*parameters)
    except ValueError:
        raise ValueError from None


@mistake(
    "convert_gru_parameters",
    "The one bias is bias_ih, with its update block negated; bias_hh is not "
    "in it.",
)
def bias_hh_dropped(weight_ih, weight_hh, bias_ih, bias_hh):
    """Keep the first bias."""
    *weights, _ = convert_gru_parameters(
        weight_ih, weight_hh, bias_ih, bias_hh
    )
    return *weights, flip(bias_ih)


@mistake(
    "convert_gru_parameters",
    "The one bias is bias_hh, with its update block negated; bias_ih is not "
    "in it.",
)
def bias_ih_dropped(weight_ih, weight_hh, bias_ih, bias_hh):
    """Keep the second bias."""
    *weights, _ = convert_gru_parameters(
        weight_ih, weight_hh, bias_ih, bias_hh
    )
    return *weights, flip(bias_hh)


@mistake(
    "convert_gru_parameters",
    "You negated the update block of one bias and then added the other, "
    "which kept its sign.",
)
def bias_hh_kept_its_sign(weight_ih, weight_hh, bias_ih, bias_hh):
    """Negate the first bias only."""
    *weights, _ = convert_gru_parameters(
        weight_ih, weight_hh, bias_ih, bias_hh
    )
    return *weights, flip(bias_ih) + bias_hh


@mistake(
    "convert_gru_parameters",
    "You negated the update block of bias_hh and then added bias_ih, which "
    "kept its sign.",
)
def bias_ih_kept_its_sign(weight_ih, weight_hh, bias_ih, bias_hh):
    """Negate the second bias only."""
    *weights, _ = convert_gru_parameters(
        weight_ih, weight_hh, bias_ih, bias_hh
    )
    return *weights, bias_ih + flip(bias_hh)
