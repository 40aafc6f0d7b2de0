"""Mistakes in lecture_gru_step: the two places where the forms differ."""

import torch

from reference.catalogue import mistake
from reference.gru import lecture_gru_step
from reference.mistakes.gru_parts import (
    kept_by_one,
    kept_by_zero,
    lecture_form,
    step,
)


def _after_the_product(wires):
    """Reset as torch does, with the one bias outside."""
    heard = wires.state @ wires.weight.T
    return wires.from_input + wires.reset_gate * heard


@mistake(
    "lecture_gru_step",
    "Your reset gate multiplies W_hn h, as in torch; in the lecture's form "
    "it multiplies h, and the matrix comes after.",
)
def reset_after_the_product(*arguments):
    """Reset as torch does, keep as the lecture does."""
    return step(arguments, combine=_after_the_product)


@mistake(
    "lecture_gru_step",
    "Your update gate keeps where it is 1, as in torch; in the lecture's form "
    "it stands before the candidate.",
)
def update_gate_inverted(*arguments):
    """Keep with u."""
    return step(arguments, mix=kept_by_one)


@mistake(
    "lecture_gru_step",
    "This is torch's form from end to end: reset after the matrix, an update "
    "gate of 1 keeps. The lecture does both the other way.",
)
def form_of_torch(*arguments):
    """Write torch's form with one bias."""
    return step(arguments, combine=_after_the_product, mix=kept_by_one)


@mistake(
    "lecture_gru_step",
    "Your reset gate multiplies the product and the bias; in the lecture's "
    "form it multiplies h alone.",
)
def reset_on_product_and_bias(*arguments):
    """Put the one bias behind the gate."""
    x, state, weight_ih, weight_hh, bias = arguments
    units = state.shape[1]
    outside = torch.cat([bias[: 2 * units], 0 * bias[2 * units :]])

    def behind(wires):
        heard = wires.state @ wires.weight.T + bias[2 * units :]
        return wires.from_input + wires.reset_gate * heard

    arguments = x, state, weight_ih, weight_hh, outside
    return step(arguments, combine=behind)


@mistake("lecture_gru_step", "Your candidate lacks the reset gate.")
def reset_gate_left_out(*arguments):
    """Multiply the matrix by the whole hidden state."""
    return step(
        arguments, combine=lambda w: w.from_input + w.state @ w.weight.T
    )


@mistake(
    "lecture_gru_step",
    "Your candidate uses 1 - reset gate; a reset gate of 1 lets the hidden "
    "state through.",
)
def reset_gate_inverted(*arguments):
    """Take the name of the gate at its word."""
    return step(
        arguments,
        combine=lambda w: lecture_form(w._replace(reset_gate=1 - w[0])),
    )


@mistake(
    "lecture_gru_step",
    "Your reset gate multiplies the input's part of the candidate too; it "
    "belongs to the hidden state alone.",
)
def reset_gate_on_everything(*arguments):
    """Reset the whole pre-activation."""
    return step(
        arguments,
        combine=lambda w: w.reset_gate * (w.from_input + w.state @ w.weight.T),
    )


@mistake(
    "lecture_gru_step",
    "Your reset gate stands in front of tanh; it belongs inside, on the "
    "hidden state.",
)
def reset_gate_outside_tanh(*arguments):
    """Scale the candidate in place of what it reads."""
    return step(
        arguments,
        combine=lambda w: w.from_input + w.state @ w.weight.T,
        mix=lambda w: kept_by_zero(
            w._replace(candidate=w.reset_gate * w.candidate)
        ),
    )


@mistake(
    "lecture_gru_step",
    "Your candidate uses the update gate where the reset gate belongs.",
)
def update_gate_in_the_candidate(*arguments):
    """Use one gate in both places."""
    return step(
        arguments,
        combine=lambda w: lecture_form(w._replace(reset_gate=w.update_gate)),
    )


@mistake(
    "lecture_gru_step",
    "Your hidden state mixes with the reset gate; that is the update gate's "
    "work.",
)
def reset_gate_in_the_mixture(*arguments):
    """Use the reset gate in both places."""
    return step(
        arguments,
        mix=lambda w: kept_by_zero(w._replace(update_gate=w.reset_gate)),
    )


@mistake(
    "lecture_gru_step",
    "You mix the reset state r * h with the candidate; 1 - u keeps the "
    "previous hidden state itself.",
)
def reset_state_mixed(*arguments):
    """Overwrite the state by the reset one."""
    return step(
        arguments,
        mix=lambda w: kept_by_zero(w._replace(state=w.reset_gate * w.state)),
    )


@mistake(
    "lecture_gru_step",
    "Your update gate reads the reset state r * h; the candidate alone reads "
    "that, both gates read h itself.",
)
def update_gate_reads_the_reset_state(*arguments):
    """Compute the update gate after the state has been reset."""
    x, state, weight_ih, weight_hh, bias = arguments
    units = state.shape[1]
    sums = x @ weight_ih.T + bias
    reset_gate = torch.sigmoid(sums[:, :units] + state @ weight_hh[:units].T)
    late = sums[:, units:] + (reset_gate * state) @ weight_hh[units:].T
    update_gate = torch.sigmoid(late[:, :units])
    return (1 - update_gate) * state + update_gate * torch.tanh(
        late[:, units:]
    )


@mistake(
    "lecture_gru_step",
    "Your values are right, but you detached the previous hidden state: no "
    "gradient can go further back than this step.",
)
def previous_state_detached(x, prev_hidden_state, *parameters):
    """Cut the graph before the step."""
    return lecture_gru_step(x, prev_hidden_state.detach(), *parameters)
