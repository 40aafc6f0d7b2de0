"""Mistakes in convert_gru_parameters: which numbers change their sign."""

import torch

from reference.catalogue import mistake
from reference.gru import convert_gru_parameters
from reference.mistakes.gru_step_blocks import interleaved
from rnnlab.layout import GRU_GATES, gate_slices


def rows_of(tensor, gate):
    """Return where a gate's rows lie in a parameter."""
    return gate_slices(len(tensor) // len(GRU_GATES), GRU_GATES)[gate]


def changed(tensor, change, gate="update"):
    """Return a parameter with something done to one block."""
    tensor = tensor.clone()
    rows = rows_of(tensor, gate)
    tensor[rows] = change(tensor[rows])
    return tensor


def _convert(parameters, *changes):
    """Convert, then undo or redo something with each of the results."""
    converted = convert_gru_parameters(*parameters)
    return tuple(
        change(tensor)
        for change, tensor in zip(changes, converted, strict=True)
    )


def _same(tensor):
    return tensor


def flip(tensor):
    """Change the sign of the update block."""
    return changed(tensor, torch.neg)


@mistake(
    "convert_gru_parameters",
    "The biases are added, but no sign has changed: u = sigmoid(-a) where "
    "z = sigmoid(a).",
)
def nothing_negated(*parameters):
    """Merge the biases only."""
    return _convert(parameters, flip, flip, flip)


@mistake(
    "convert_gru_parameters",
    "You negated the update block of both weights and not that of the bias.",
)
def bias_not_negated(*parameters):
    """Leave the bias."""
    return _convert(parameters, _same, _same, flip)


@mistake(
    "convert_gru_parameters",
    "You negated the update block of the bias and not those of the weights.",
)
def weights_not_negated(*parameters):
    """Leave the weights."""
    return _convert(parameters, flip, flip, _same)


@mistake(
    "convert_gru_parameters",
    "The update block of weight_hh has kept its sign.",
)
def weight_hh_not_negated(*parameters):
    """Leave the weights of the hidden state."""
    return _convert(parameters, _same, flip, _same)


@mistake(
    "convert_gru_parameters",
    "The update block of weight_ih has kept its sign.",
)
def weight_ih_not_negated(*parameters):
    """Leave the weights of the input."""
    return _convert(parameters, flip, _same, _same)


@mistake(
    "convert_gru_parameters",
    "Only the update block of weight_ih has changed its sign.",
)
def weight_ih_alone_negated(*parameters):
    """Leave the other two."""
    return _convert(parameters, _same, flip, flip)


@mistake(
    "convert_gru_parameters",
    "Only the update block of weight_hh has changed its sign.",
)
def weight_hh_alone_negated(*parameters):
    """Leave the other two."""
    return _convert(parameters, flip, _same, flip)


@mistake(
    "convert_gru_parameters",
    "You put 1 - a where -a belongs: 1 - sigmoid(a) is sigmoid(-a), not "
    "sigmoid(1 - a).",
)
def one_minus_every_number(*parameters):
    """Apply u = 1 - z to the parameters themselves."""
    one_minus = [lambda tensor: changed(tensor, lambda rows: 1 + rows)] * 3
    return _convert(parameters, *one_minus)


@mistake(
    "convert_gru_parameters",
    "You put 1 - b into the update block of the bias; 1 - sigmoid(a) is "
    "sigmoid(-a): -b.",
)
def one_minus_the_bias(*parameters):
    """Apply u = 1 - z to the bias."""
    return _convert(
        parameters,
        _same,
        _same,
        lambda bias: changed(bias, lambda rows: 1 + rows),
    )


@mistake(
    "convert_gru_parameters",
    "You negated the reset block, which is the first; the update gate's is "
    "the second.",
)
def reset_block_negated(*parameters):
    """Negate the first block."""

    def other(tensor):
        return changed(flip(tensor), torch.neg, "reset")

    return _convert(parameters, other, other, other)


@mistake(
    "convert_gru_parameters",
    "You negated the candidate's block, which is the last; the update gate's "
    "is the second.",
)
def candidate_block_negated(*parameters):
    """Negate the last block."""

    def other(tensor):
        return changed(flip(tensor), torch.neg, "new")

    return _convert(parameters, other, other, other)


@mistake(
    "convert_gru_parameters",
    "You negated the blocks of both gates; the reset gate means the same in "
    "both forms.",
)
def both_gates_negated(*parameters):
    """Negate the first two blocks."""

    def more(tensor):
        return changed(tensor, torch.neg, "reset")

    return _convert(parameters, more, more, more)


@mistake(
    "convert_gru_parameters",
    "You negated every row; the update block alone changes its sign.",
)
def everything_negated(*parameters):
    """Negate all parameters."""

    def all_of_it(tensor):
        return -flip(tensor)

    return _convert(parameters, all_of_it, all_of_it, all_of_it)


@mistake(
    "convert_gru_parameters",
    "You negated every third row; a gate's rows lie side by side.",
)
def every_third_row_negated(*parameters):
    """Take the blocks for interleaved."""

    def third(tensor):
        sign = flip(torch.ones_like(tensor))
        positions = interleaved(torch.arange(len(tensor)))
        scattered = torch.empty_like(sign)
        scattered[positions] = sign
        return flip(tensor) * scattered

    return _convert(parameters, third, third, third)
