"""Mistakes in lstm_step around the states: order, names, gradients."""

from reference.catalogue import mistake
from reference.lstm import lstm_step
from rnnlab.layout import LSTMState


@mistake(
    "lstm_step",
    "Both states are right, in the wrong places: LSTMState takes the hidden "
    "state first.",
)
def states_returned_in_the_wrong_order(*arguments):
    """Return the cell state first."""
    return LSTMState(*reversed(lstm_step(*arguments)))


@mistake(
    "lstm_step",
    "You took prev_state apart in the wrong order: the hidden state comes "
    "first.",
)
def state_unpacked_in_the_wrong_order(x, prev_state, *parameters):
    """Take the hidden state for the cell state."""
    return lstm_step(x, LSTMState(*reversed(prev_state)), *parameters)


@mistake(
    "lstm_step",
    "You take prev_state apart and put the new one together with the cell "
    "state first; the hidden state comes first.",
)
def state_in_the_wrong_order_throughout(x, prev_state, *parameters):
    """Have the cell state first on both sides."""
    swapped = LSTMState(*reversed(prev_state))
    return LSTMState(*reversed(lstm_step(x, swapped, *parameters)))


@mistake(
    "lstm_step",
    "Your hidden state is right and stands in both places; the cell state is "
    "not returned.",
)
def hidden_state_returned_twice(*arguments):
    """Return the hidden state twice."""
    hidden_state, _ = lstm_step(*arguments)
    return LSTMState(hidden_state, hidden_state)


@mistake(
    "lstm_step",
    "Your values are right, but you detached the previous state: no gradient "
    "can go further back than this step.",
)
def previous_state_detached(x, prev_state, *parameters):
    """Cut the graph before the step."""
    detached = LSTMState(*(half.detach() for half in prev_state))
    return lstm_step(x, detached, *parameters)
