"""Mistakes in lecture_gru_step that one can make in either form."""

import torch

from reference.catalogue import mistake
from reference.gru import lecture_gru_step
from reference.mistakes.gru_parts import kept_by_zero, step
from reference.mistakes.gru_step_blocks import interleaved

_READS = "Your numbers are exactly those of a cell "


@mistake(
    "lecture_gru_step",
    "Your candidate goes through a sigmoid; it needs tanh, since what is "
    "written may be negative.",
)
def sigmoid_on_the_candidate(*arguments):
    """Treat the candidate as a third gate."""
    return step(arguments, squash=torch.sigmoid)


@mistake("lecture_gru_step", "The tanh of your candidate is missing.")
def tanh_missing_on_the_candidate(*arguments):
    """Use the candidate's pre-activation."""
    return step(arguments, squash=lambda block: block)


@mistake("lecture_gru_step", "The sigmoids of your two gates are missing.")
def sigmoid_missing_on_the_gates(*arguments):
    """Use the gates' pre-activations."""
    return step(arguments, gate=lambda block: block)


@mistake(
    "lecture_gru_step",
    "Your two gates go through tanh; they need a sigmoid, since a gate lies "
    "between 0 and 1.",
)
def tanh_on_the_gates(*arguments):
    """Squash the gates to (-1, 1)."""
    return step(arguments, gate=torch.tanh)


@mistake(
    "lecture_gru_step",
    "Your hidden state holds only what is kept; u * candidate is not added.",
)
def nothing_written(*arguments):
    """Leave the second term out."""
    return step(arguments, mix=lambda w: (1 - w.update_gate) * w.state)


@mistake(
    "lecture_gru_step",
    "Your hidden state holds only what is written; (1 - u) * previous hidden "
    "state is not added.",
)
def nothing_kept(*arguments):
    """Leave the first term out."""
    return step(arguments, mix=lambda w: w.update_gate * w.candidate)


@mistake(
    "lecture_gru_step",
    "You return the candidate; the hidden state mixes it with the previous "
    "one.",
)
def candidate_returned(*arguments):
    """Leave the last equation out."""
    return step(arguments, mix=lambda w: w.candidate)


@mistake(
    "lecture_gru_step",
    "The previous hidden state is kept whole; its share is 1 - update gate.",
)
def state_kept_whole(*arguments):
    """Add to the state, as in a residual connection."""
    return step(arguments, mix=lambda w: w.state + w.update_gate * w.candidate)


@mistake(
    "lecture_gru_step",
    "The update gate stands before both terms; the previous hidden state's "
    "share is 1 minus it.",
)
def same_share_for_both(*arguments):
    """Weigh both terms by u."""
    return step(
        arguments, mix=lambda w: w.update_gate * (w.candidate + w.state)
    )


@mistake(
    "lecture_gru_step",
    "Your hidden state subtracts what is written; it is added.",
)
def subtracted_instead_of_added(*arguments):
    """Subtract the candidate's share."""
    return step(
        arguments,
        mix=lambda w: kept_by_zero(w._replace(candidate=-w.candidate)),
    )


@mistake(
    "lecture_gru_step",
    _READS + "whose reset and update blocks are swapped; the task's order is "
    "torch's: reset, update, new.",
)
def reset_and_update_swapped(*arguments):
    """Read the blocks in the order in which the lecture has the gates."""
    return step(arguments, order=("update", "reset", "new"))


@mistake(
    "lecture_gru_step",
    _READS + "whose update gate and candidate have each other's blocks.",
)
def update_and_candidate_swapped(*arguments):
    """Read the second block as the candidate."""
    return step(arguments, order=("reset", "new", "update"))


@mistake(
    "lecture_gru_step",
    _READS + "whose reset gate and candidate have each other's blocks.",
)
def reset_and_candidate_swapped(*arguments):
    """Read the first block as the candidate."""
    return step(arguments, order=("new", "update", "reset"))


@mistake(
    "lecture_gru_step",
    "You took every third row for a gate; a gate's rows lie side by side.",
)
def blocks_interleaved(x, state, *parameters):
    """Take the blocks for interleaved."""
    return lecture_gru_step(x, state, *map(interleaved, parameters))


@mistake("lecture_gru_step", "Your numbers lack the bias.")
def bias_dropped(*arguments):
    """Add no bias."""
    *others, bias = arguments
    return lecture_gru_step(*others, 0 * bias)


@mistake(
    "lecture_gru_step",
    "You added the bias twice: once with the input, once with the hidden "
    "state.",
)
def bias_added_twice(*arguments):
    """Treat the one bias as torch's two."""
    *others, bias = arguments
    return lecture_gru_step(*others, 2 * bias)


@mistake(
    "lecture_gru_step",
    "Your gates have the bias, your candidate has not.",
)
def bias_missing_in_the_candidate(*arguments):
    """Add the bias of the gates only."""
    *others, bias = arguments
    units = len(bias) // 3
    gates = torch.cat([bias[: 2 * units], 0 * bias[2 * units :]])
    return lecture_gru_step(*others, gates)


@mistake(
    "lecture_gru_step",
    "The shapes say that weight_ih was not transposed: its rows are gates, "
    "its columns features of x.",
)
def weight_ih_not_transposed(x, prev_hidden_state, weight_ih, *others):
    """Multiply x by weight_ih as it is."""
    del prev_hidden_state, others
    return x @ weight_ih


@mistake(
    "lecture_gru_step",
    "Your two gates do not see the previous hidden state; the candidate does.",
)
def gates_without_the_hidden_state(*arguments):
    """Compute the gates from the input alone."""
    return step(arguments, gate_state=torch.zeros_like)
