"""Mistakes in lstm_step, after the pre-activations: gates and states."""

import torch

from reference.catalogue import mistake
from reference.mistakes.lstm_parts import cell, hidden, step


@mistake(
    "lstm_step",
    "Your candidate goes through a sigmoid; it needs tanh, since what is "
    "written may be negative.",
)
def sigmoid_on_the_candidate(*arguments):
    """Treat the candidate as a fourth gate."""
    return step(arguments, candidate=torch.sigmoid)


@mistake("lstm_step", "The tanh of your candidate is missing.")
def tanh_missing_on_the_candidate(*arguments):
    """Use the candidate's pre-activation."""
    return step(arguments, candidate=lambda block: block)


@mistake("lstm_step", "The sigmoids of your three gates are missing.")
def sigmoid_missing_on_the_gates(*arguments):
    """Use the gates' pre-activations."""
    return step(arguments, gate=lambda block: block)


@mistake(
    "lstm_step",
    "Your three gates go through tanh; they need a sigmoid, since a gate lies "
    "between 0 and 1.",
)
def tanh_on_the_gates(*arguments):
    """Squash the gates to (-1, 1)."""
    return step(arguments, gate=torch.tanh)


@mistake(
    "lstm_step",
    "Your cell state is right; your hidden state lacks the tanh of it.",
)
def tanh_missing_on_the_cell_state(*arguments):
    """Show the cell state itself."""
    return step(arguments, hidden=lambda w: w.output_gate * w.cell_state)


@mistake(
    "lstm_step",
    "Your cell state is right; your hidden state takes a sigmoid of it where "
    "tanh belongs.",
)
def sigmoid_on_the_cell_state(*arguments):
    """Squash the cell state to (0, 1)."""
    return step(
        arguments,
        hidden=lambda w: w.output_gate * torch.sigmoid(w.cell_state),
    )


@mistake(
    "lstm_step",
    "Your cell state is right; your hidden state has the output gate inside "
    "tanh, not in front of it.",
)
def output_gate_inside_tanh(*arguments):
    """Take tanh of the gated cell state."""
    return step(
        arguments,
        hidden=lambda w: torch.tanh(w.output_gate * w.cell_state),
    )


@mistake(
    "lstm_step",
    "Your cell state is right; your hidden state lacks the output gate.",
)
def output_gate_left_out(*arguments):
    """Show all of the cell state."""
    return step(arguments, hidden=lambda w: torch.tanh(w.cell_state))


@mistake(
    "lstm_step",
    "Your cell state is right; your hidden state reads the previous cell "
    "state instead of the new one.",
)
def hidden_state_reads_the_previous_cell_state(*arguments):
    """Show what was remembered before this step."""
    return step(
        arguments,
        hidden=lambda w: hidden(w._replace(cell_state=w.prev_cell_state)),
    )


@mistake(
    "lstm_step",
    "Your cell state is right; your hidden state is the candidate behind the "
    "output gate instead of the cell state.",
)
def hidden_state_shows_the_candidate(*arguments):
    """Show what would be written."""
    return step(arguments, hidden=lambda w: w.output_gate * w.candidate)


@mistake(
    "lstm_step",
    "Your forget gate scales the previous hidden state; it belongs to the "
    "previous cell state.",
)
def previous_hidden_state_used_for_the_cell(*arguments):
    """Keep the hidden state in place of the cell state."""
    return step(
        arguments,
        cell=lambda w: cell(w._replace(prev_cell_state=w.prev_hidden_state)),
    )


@mistake(
    "lstm_step",
    "Your cell state holds only what is kept; input gate * candidate is not "
    "added.",
)
def nothing_written(*arguments):
    """Leave the second term out."""
    return step(arguments, cell=lambda w: w.forget_gate * w.prev_cell_state)


@mistake(
    "lstm_step",
    "Your cell state holds only what is written; forget gate * previous cell "
    "state is not added.",
)
def nothing_kept(*arguments):
    """Leave the first term out."""
    return step(arguments, cell=lambda w: w.input_gate * w.candidate)


@mistake(
    "lstm_step",
    "Your cell state multiplies what is kept by what is written; the two are "
    "added.",
)
def multiplied_instead_of_added(*arguments):
    """Multiply both terms."""
    return step(
        arguments,
        cell=lambda w: (
            w.forget_gate * w.prev_cell_state * w.input_gate * w.candidate
        ),
    )


@mistake(
    "lstm_step",
    "Your cell state subtracts what is written; it is added.",
)
def subtracted_instead_of_added(*arguments):
    """Subtract the second term."""
    return step(
        arguments, cell=lambda w: cell(w._replace(candidate=-w.candidate))
    )


@mistake(
    "lstm_step",
    "Your candidate is written without the input gate in front of it.",
)
def input_gate_left_out(*arguments):
    """Write the whole candidate."""
    return step(
        arguments,
        cell=lambda w: w.forget_gate * w.prev_cell_state + w.candidate,
    )


@mistake(
    "lstm_step",
    "Your cell keeps all of the previous cell state: the forget gate is "
    "missing, as in the cell of 1997.",
)
def forget_gate_left_out(*arguments):
    """Build the cell of 1997."""
    return step(
        arguments,
        cell=lambda w: w.prev_cell_state + w.input_gate * w.candidate,
    )


@mistake(
    "lstm_step",
    "You write (1 - forget gate) * candidate; the input gate is a gate of its "
    "own.",
)
def input_gate_tied_to_the_forget_gate(*arguments):
    """Couple the gates by way of the forget gate."""
    return step(
        arguments, cell=lambda w: cell(w._replace(input_gate=1 - w[1]))
    )


@mistake(
    "lstm_step",
    "You keep (1 - input gate) * previous cell state, like a GRU; the forget "
    "gate is a gate of its own.",
)
def forget_gate_tied_to_the_input_gate(*arguments):
    """Couple the gates by way of the input gate."""
    return step(
        arguments, cell=lambda w: cell(w._replace(forget_gate=1 - w[0]))
    )


@mistake(
    "lstm_step",
    "You keep (1 - forget gate) * previous cell state; a forget gate of 1 "
    "keeps all of it.",
)
def forget_gate_inverted(*arguments):
    """Take the name of the gate at its word."""
    return step(
        arguments, cell=lambda w: cell(w._replace(forget_gate=1 - w[1]))
    )
