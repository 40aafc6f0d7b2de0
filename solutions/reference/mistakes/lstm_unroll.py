"""Mistakes in lstm_unroll: which input, which state, at which step."""

import torch

from reference.catalogue import mistake
from reference.lstm import lstm_step, lstm_unroll
from rnnlab.layout import LSTMState


def _loop(inputs, state, parameters, carry):
    """Unroll with a wrong rule for the state that the next step gets."""
    hidden_states = []
    for x in inputs:
        new_state = lstm_step(x, state, *parameters)
        hidden_states.append(new_state.hidden_state)
        state = carry(new_state)
    return torch.stack(hidden_states), new_state


@mistake(
    "lstm_unroll",
    "Every step of yours starts from initial_state; the state is not carried "
    "from step to step.",
)
def state_not_carried(inputs, initial_state, *parameters):
    """Start every step from the initial state."""
    return _loop(inputs, initial_state, parameters, lambda _: initial_state)


@mistake(
    "lstm_unroll",
    "You carry the hidden state from step to step, but every step gets the "
    "initial cell state.",
)
def cell_state_not_carried(inputs, initial_state, *parameters):
    """Carry the hidden state alone."""
    return _loop(
        inputs,
        initial_state,
        parameters,
        lambda new: LSTMState(new.hidden_state, initial_state.cell_state),
    )


@mistake(
    "lstm_unroll",
    "You carry the cell state from step to step, but every step gets the "
    "initial hidden state.",
)
def hidden_state_not_carried(inputs, initial_state, *parameters):
    """Carry the cell state alone."""
    return _loop(
        inputs,
        initial_state,
        parameters,
        lambda new: LSTMState(initial_state.hidden_state, new.cell_state),
    )


@mistake(
    "lstm_unroll",
    "You hand the two halves of the state on in each other's place.",
)
def halves_exchanged_between_steps(inputs, initial_state, *parameters):
    """Take the state apart in the wrong order after each step."""
    return _loop(
        inputs,
        initial_state,
        parameters,
        lambda new: LSTMState(*reversed(new)),
    )


@mistake(
    "lstm_unroll",
    "Your values are right, but the state is detached between the steps: the "
    "gradient goes back one step and no further.",
)
def state_detached_between_steps(inputs, initial_state, *parameters):
    """Truncate backpropagation through time to one step."""
    return _loop(
        inputs,
        initial_state,
        parameters,
        lambda new: LSTMState(*(half.detach() for half in new)),
    )


@mistake(
    "lstm_unroll",
    "You start from zeros; the first step must start from initial_state.",
)
def initial_state_ignored(inputs, initial_state, *parameters):
    """Start from zeros."""
    zeros = LSTMState(*(0 * half for half in initial_state))
    return lstm_unroll(inputs, zeros, *parameters)


@mistake(
    "lstm_unroll",
    "Every step of yours reads the first input; step t reads inputs[t].",
)
def first_input_at_every_step(inputs, initial_state, *parameters):
    """Read inputs[0] over and over."""
    repeated = inputs[:1].expand(inputs.shape)
    return lstm_unroll(repeated, initial_state, *parameters)


@mistake(
    "lstm_unroll",
    "You go through the sequence backwards and return the hidden states in "
    "that order.",
)
def reversed_in_time(inputs, initial_state, *parameters):
    """Read the last input first."""
    return lstm_unroll(inputs.flip(0), initial_state, *parameters)


@mistake(
    "lstm_unroll",
    "You go through the sequence backwards, as the backward half of a "
    "bidirectional layer does.",
)
def backward_direction(inputs, initial_state, *parameters):
    """Read the last input first and put the outputs back in order."""
    hidden_states, state = reversed_in_time(inputs, initial_state, *parameters)
    return hidden_states.flip(0), state


@mistake(
    "lstm_unroll",
    "You read inputs as (batch, seq_len, input_size), but stack the hidden "
    "states along time; time is axis 0.",
)
def batch_first_inputs(inputs, initial_state, *parameters):
    """Take axis 1 for time when reading."""
    return lstm_unroll(inputs.transpose(0, 1), initial_state, *parameters)


@mistake(
    "lstm_unroll",
    "You take axis 1 for time, in inputs and in hidden_states; time is axis 0 "
    "in both.",
)
def batch_first(inputs, initial_state, *parameters):
    """Work with the batch first throughout."""
    hidden_states, state = batch_first_inputs(
        inputs, initial_state, *parameters
    )
    return hidden_states.transpose(0, 1), state


@mistake(
    "lstm_unroll",
    "Your numbers are right, stacked along the wrong axis; time is axis 0 of "
    "hidden_states.",
)
def stacked_along_the_wrong_axis(inputs, initial_state, *parameters):
    """Stack along axis 1."""
    hidden_states, state = lstm_unroll(inputs, initial_state, *parameters)
    return hidden_states.transpose(0, 1), state
