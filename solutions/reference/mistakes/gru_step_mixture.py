"""Mistakes in gru_step at its last line: how old and new are mixed."""

import torch

from reference.catalogue import mistake
from reference.gru import gru_step
from reference.mistakes.gru_parts import kept_by_one, step
from rnnlab.layout import LSTMState


@mistake(
    "gru_step",
    "Your hidden state holds only what is kept; (1 - z) * candidate is not "
    "added.",
)
def nothing_written(*arguments):
    """Leave the first term out."""
    return step(arguments, mix=lambda w: w.update_gate * w.state)


@mistake(
    "gru_step",
    "Your hidden state holds only what is written; z * previous hidden state "
    "is not added.",
)
def nothing_kept(*arguments):
    """Leave the second term out."""
    return step(arguments, mix=lambda w: (1 - w.update_gate) * w.candidate)


@mistake(
    "gru_step",
    "You return the candidate; the hidden state mixes it with the previous "
    "one.",
)
def candidate_returned(*arguments):
    """Leave the last equation out."""
    return step(arguments, mix=lambda w: w.candidate)


@mistake(
    "gru_step",
    "Your candidate is written whole; its share is 1 - update gate.",
)
def candidate_written_whole(*arguments):
    """Leave 1 - z out."""
    return step(arguments, mix=lambda w: w.candidate + w.update_gate * w.state)


@mistake(
    "gru_step",
    "The previous hidden state is kept whole; its share is the update gate.",
)
def state_kept_whole(*arguments):
    """Add to the state, as in a residual connection."""
    return step(
        arguments, mix=lambda w: w.state + (1 - w.update_gate) * w.candidate
    )


@mistake(
    "gru_step",
    "The update gate stands before both terms; the candidate's share is 1 "
    "minus it.",
)
def same_share_for_both(*arguments):
    """Weigh both terms by z."""
    return step(
        arguments, mix=lambda w: w.update_gate * (w.candidate + w.state)
    )


@mistake(
    "gru_step",
    "Your hidden state subtracts what is written; it is added.",
)
def subtracted_instead_of_added(*arguments):
    """Subtract the candidate's share."""
    return step(
        arguments,
        mix=lambda w: kept_by_one(w._replace(candidate=-w.candidate)),
    )


@mistake(
    "gru_step",
    "Your hidden state multiplies what is kept by what is written; the two "
    "are added.",
)
def multiplied_instead_of_added(*arguments):
    """Multiply both terms."""
    return step(
        arguments,
        mix=lambda w: (
            (1 - w.update_gate) * w.candidate * w.update_gate * w.state
        ),
    )


@mistake(
    "gru_step",
    "Your hidden state has a tanh around it; a mixture of two numbers below "
    "1 needs none.",
)
def tanh_around_the_mixture(*arguments):
    """Squash once more, as an LSTM does."""
    return torch.tanh(gru_step(*arguments))


@mistake(
    "gru_step",
    "You mix the reset state r * h with the candidate; the update gate keeps "
    "the previous hidden state itself.",
)
def reset_state_mixed(*arguments):
    """Overwrite the state by the reset one."""
    return step(
        arguments,
        mix=lambda w: kept_by_one(w._replace(state=w.reset_gate * w.state)),
    )


@mistake(
    "gru_step",
    "Your values are right, but you detached the previous hidden state: no "
    "gradient can go further back than this step.",
)
def previous_state_detached(x, prev_hidden_state, *parameters):
    """Cut the graph before the step."""
    return gru_step(x, prev_hidden_state.detach(), *parameters)


@mistake(
    "gru_step",
    "You return a state of two halves, as an LSTM has; a GRU has the hidden "
    "state alone.",
)
def lstm_state_returned(*arguments):
    """Return an LSTMState."""
    hidden_state = gru_step(*arguments)
    return LSTMState(hidden_state, hidden_state)
