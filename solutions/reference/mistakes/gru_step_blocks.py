"""Mistakes in gru_step, up to the pre-activations: blocks and parameters."""

import torch

from reference.catalogue import mistake
from reference.gru import gru_step
from reference.mistakes.gru_parts import step
from rnnlab.layout import GRU_GATES

_READS = "Your numbers are exactly those of a cell "


def interleaved(tensor):
    """Lay the rows of a parameter as if every third one were a gate's."""
    units = len(tensor) // len(GRU_GATES)
    parts = tensor.unflatten(0, (units, len(GRU_GATES)))
    return parts.transpose(0, 1).flatten(0, 1)


@mistake(
    "gru_step",
    _READS + "whose reset and update blocks are swapped: the order of Keras "
    "and ONNX, not torch's.",
)
def reset_and_update_swapped(*arguments):
    """Read the blocks in the order of Keras."""
    return step(arguments, order=("update", "reset", "new"))


@mistake(
    "gru_step",
    _READS + "whose update gate and candidate have each other's blocks.",
)
def update_and_candidate_swapped(*arguments):
    """Read the second block as the candidate."""
    return step(arguments, order=("reset", "new", "update"))


@mistake(
    "gru_step",
    _READS + "whose reset gate and candidate have each other's blocks.",
)
def reset_and_candidate_swapped(*arguments):
    """Read the first block as the candidate."""
    return step(arguments, order=("new", "update", "reset"))


@mistake(
    "gru_step",
    _READS + "that reads the blocks as candidate, reset, update; torch's "
    "candidate is last.",
)
def candidate_first(*arguments):
    """Read the candidate before the gates."""
    return step(arguments, order=("new", "reset", "update"))


@mistake(
    "gru_step",
    _READS + "that reads the blocks as update, candidate, reset; torch's "
    "order is reset, update, new.",
)
def reset_last(*arguments):
    """Read the reset gate after the candidate."""
    return step(arguments, order=("update", "new", "reset"))


@mistake(
    "gru_step",
    "You took every third row for a gate; a gate's rows lie side by side.",
)
def blocks_interleaved(x, state, *parameters):
    """Take the blocks for interleaved."""
    return gru_step(x, state, *map(interleaved, parameters))


@mistake("gru_step", "Your numbers lack bias_ih; both biases are added.")
def bias_ih_dropped(*arguments):
    """Add the second bias only."""
    *others, bias_ih, bias_hh = arguments
    return gru_step(*others, 0 * bias_ih, bias_hh)


@mistake("gru_step", "Your numbers lack bias_hh; both biases are added.")
def bias_hh_dropped(*arguments):
    """Add the first bias only."""
    *others, bias_ih, bias_hh = arguments
    return gru_step(*others, bias_ih, 0 * bias_hh)


@mistake("gru_step", "Your numbers lack both biases.")
def both_biases_dropped(*arguments):
    """Add no bias."""
    *others, bias_ih, bias_hh = arguments
    return gru_step(*others, 0 * bias_ih, 0 * bias_hh)


@mistake(
    "gru_step",
    "You exchanged the two biases: bias_hh goes with weight_hh, since the "
    "reset gate multiplies its last block.",
)
def biases_exchanged(*arguments):
    """Take the biases in the wrong order."""
    *others, bias_ih, bias_hh = arguments
    return gru_step(*others, bias_hh, bias_ih)


@mistake("gru_step", "You added bias_ih twice and bias_hh never.")
def bias_ih_added_twice(*arguments):
    """Add the first bias in both places."""
    *others, bias_ih, _ = arguments
    return gru_step(*others, bias_ih, bias_ih)


@mistake(
    "gru_step",
    "The reset gate multiplies both biases of the candidate; b_in stays "
    "outside, with the input.",
)
def both_biases_behind_the_reset_gate(*arguments):
    """Add both biases to the state's part."""
    *others, bias_ih, bias_hh = arguments
    return gru_step(*others, 0 * bias_ih, bias_ih + bias_hh)


@mistake(
    "gru_step",
    "The shapes say that weight_ih was not transposed: its rows are gates, "
    "its columns features of x.",
)
def weight_ih_not_transposed(x, prev_hidden_state, weight_ih, *others):
    """Multiply x by weight_ih as it is."""
    del prev_hidden_state, others
    return x @ weight_ih


@mistake(
    "gru_step",
    "The shapes say that weight_hh was not transposed: its rows are gates, "
    "its columns hidden units.",
)
def weight_hh_not_transposed(
    x, prev_hidden_state, weight_ih, weight_hh, *others
):
    """Multiply the hidden state by weight_hh as it is."""
    del x, weight_ih, others
    return prev_hidden_state @ weight_hh


@mistake(
    "gru_step",
    "You reshaped the weights where they must be transposed: the shape is "
    "right, the numbers are in other places.",
)
def weights_reshaped(x, state, weight_ih, weight_hh, *biases):
    """Reshape the weights to the shape of their transpose."""
    weight_ih = weight_ih.reshape(weight_ih.shape[::-1]).T
    weight_hh = weight_hh.reshape(weight_hh.shape[::-1]).T
    return gru_step(x, state, weight_ih, weight_hh, *biases)


@mistake(
    "gru_step",
    "The shapes say that x was multiplied by weight_hh, which belongs to the "
    "hidden state.",
)
def weights_exchanged(x, state, weight_ih, weight_hh, *biases):
    """Multiply x by weight_hh and the hidden state by weight_ih."""
    return gru_step(x, state, weight_hh, weight_ih, *biases)


@mistake(
    "gru_step",
    "Neither gates nor candidate of yours see the previous hidden state; it "
    "enters the last line alone.",
)
def hidden_state_ignored(x, state, weight_ih, weight_hh, *biases):
    """Leave weight_hh out."""
    return gru_step(x, state, weight_ih, 0 * weight_hh, *biases)


@mistake(
    "gru_step",
    "Your two gates do not see the previous hidden state; the candidate does.",
)
def gates_without_the_hidden_state(*arguments):
    """Compute the gates from the input alone."""
    return step(arguments, gate_state=torch.zeros_like)
