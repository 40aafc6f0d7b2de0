"""Mistakes in gru_step, after the pre-activations: gates and states."""

import torch

from reference.catalogue import mistake
from reference.mistakes.gru_parts import (
    kept_by_one,
    kept_by_zero,
    lecture_form,
    step,
    torch_form,
)


@mistake(
    "gru_step",
    "Your update gate stands before the candidate, as in the lecture; in "
    "torch's form a gate of 1 keeps the hidden state.",
)
def update_gate_inverted(*arguments):
    """Keep with 1 - z."""
    return step(arguments, mix=kept_by_zero)


@mistake(
    "gru_step",
    "Your reset gate multiplies the hidden state before the matrix, as in "
    "the lecture; torch's multiplies W_hn h + b_hn.",
)
def reset_before_the_product(*arguments):
    """Reset as the lecture does, keep as torch does."""
    return step(arguments, combine=lecture_form)


@mistake(
    "gru_step",
    "This is the lecture's form from end to end: reset before the matrix, an "
    "update gate of 0 keeps. torch does both the other way.",
)
def form_of_the_lecture(*arguments):
    """Write the lecture's form with two biases."""
    return step(arguments, combine=lecture_form, mix=kept_by_zero)


@mistake(
    "gru_step",
    "Your reset gate multiplies W_hn h alone; b_hn stands inside the bracket "
    "with it.",
)
def bias_outside_the_reset_gate(*arguments):
    """Add both biases of the candidate outside."""
    return step(
        arguments,
        combine=lambda w: (
            w.from_input + w.reset_gate * (w.state @ w.weight.T) + w.bias
        ),
    )


@mistake(
    "gru_step",
    "Your reset gate multiplies b_hn, but not W_hn h.",
)
def reset_gate_on_the_bias_alone(*arguments):
    """Lose the brackets after the gate."""
    return step(
        arguments,
        combine=lambda w: (
            w.from_input + w.state @ w.weight.T + w.reset_gate * w.bias
        ),
    )


@mistake("gru_step", "Your candidate lacks the reset gate.")
def reset_gate_left_out(*arguments):
    """Add up all terms of the candidate."""
    return step(
        arguments,
        combine=lambda w: torch_form(
            w._replace(reset_gate=torch.ones_like(w.reset_gate))
        ),
    )


@mistake(
    "gru_step",
    "Your reset gate multiplies the input's part of the candidate too; it "
    "belongs to the hidden state's part alone.",
)
def reset_gate_on_everything(*arguments):
    """Reset the whole pre-activation."""
    return step(
        arguments,
        combine=lambda w: (
            w.reset_gate * (w.from_input + w.state @ w.weight.T + w.bias)
        ),
    )


@mistake(
    "gru_step",
    "Your reset gate multiplies the input's part of the candidate; it "
    "belongs to the hidden state's part.",
)
def reset_gate_on_the_input(*arguments):
    """Reset the wrong half."""
    return step(
        arguments,
        combine=lambda w: (
            w.reset_gate * w.from_input + w.state @ w.weight.T + w.bias
        ),
    )


@mistake(
    "gru_step",
    "Your candidate uses 1 - reset gate; a reset gate of 1 lets the hidden "
    "state through.",
)
def reset_gate_inverted(*arguments):
    """Take the name of the gate at its word."""
    return step(
        arguments,
        combine=lambda w: torch_form(w._replace(reset_gate=1 - w[0])),
    )


@mistake(
    "gru_step",
    "Your reset gate stands in front of tanh; it belongs inside, before "
    "W_hn h + b_hn.",
)
def reset_gate_outside_tanh(*arguments):
    """Scale the candidate in place of what it reads."""
    return step(
        arguments,
        combine=lambda w: w.from_input + w.state @ w.weight.T + w.bias,
        mix=lambda w: kept_by_one(
            w._replace(candidate=w.reset_gate * w.candidate)
        ),
    )


@mistake(
    "gru_step",
    "Your candidate uses the update gate where the reset gate belongs.",
)
def update_gate_in_the_candidate(*arguments):
    """Use one gate in both places."""
    return step(
        arguments,
        combine=lambda w: torch_form(w._replace(reset_gate=w.update_gate)),
    )


@mistake(
    "gru_step",
    "Your hidden state mixes with the reset gate; that is the update gate's "
    "work.",
)
def reset_gate_in_the_mixture(*arguments):
    """Use the reset gate in both places."""
    return step(
        arguments,
        mix=lambda w: kept_by_one(w._replace(update_gate=w.reset_gate)),
    )


@mistake(
    "gru_step",
    "Your candidate goes through a sigmoid; it needs tanh, since what is "
    "written may be negative.",
)
def sigmoid_on_the_candidate(*arguments):
    """Treat the candidate as a third gate."""
    return step(arguments, squash=torch.sigmoid)


@mistake("gru_step", "The tanh of your candidate is missing.")
def tanh_missing_on_the_candidate(*arguments):
    """Use the candidate's pre-activation."""
    return step(arguments, squash=lambda block: block)


@mistake("gru_step", "The sigmoids of your two gates are missing.")
def sigmoid_missing_on_the_gates(*arguments):
    """Use the gates' pre-activations."""
    return step(arguments, gate=lambda block: block)


@mistake(
    "gru_step",
    "Your two gates go through tanh; they need a sigmoid, since a gate lies "
    "between 0 and 1.",
)
def tanh_on_the_gates(*arguments):
    """Squash the gates to (-1, 1)."""
    return step(arguments, gate=torch.tanh)
