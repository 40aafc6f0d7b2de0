"""Mistakes in rnn_unroll: which input, which hidden state, at which step."""

import torch

from reference.catalogue import MISTAKES, Mistake, mistake
from reference.vanishing import rnn_step, rnn_unroll


def _loop(inputs, state, parameters, carry):
    """Unroll with a wrong rule for what the next step gets."""
    hidden_states = []
    for x in inputs:
        hidden_states.append(rnn_step(x, state, *parameters))
        state = carry(hidden_states[-1])
    return torch.stack(hidden_states), hidden_states[-1]


@mistake(
    "rnn_unroll",
    "Every step of yours starts from initial_hidden_state; the hidden state "
    "is not carried from step to step.",
)
def state_not_carried(inputs, initial, *parameters):
    """Start every step from the initial hidden state."""
    return _loop(inputs, initial, parameters, lambda _: initial)


@mistake(
    "rnn_unroll",
    "Your values are right, but the hidden state is detached between the "
    "steps: the gradient goes back one step and no further.",
)
def state_detached_between_steps(inputs, initial, *parameters):
    """Truncate backpropagation through time to one step."""
    return _loop(inputs, initial, parameters, torch.Tensor.detach)


@mistake(
    "rnn_unroll",
    "Your states are added up from step to step; each step replaces the "
    "hidden state.",
)
def states_added_up(inputs, initial, *parameters):
    """Add the new hidden state to the old one."""
    hidden_states, state = [], initial
    for x in inputs:
        state = state + rnn_step(x, state, *parameters)
        hidden_states.append(state)
    return torch.stack(hidden_states), state


@mistake(
    "rnn_unroll",
    "You start from zeros; the first step must start from "
    "initial_hidden_state.",
)
def initial_state_ignored(inputs, initial, *parameters):
    """Start from zeros."""
    return rnn_unroll(inputs, 0 * initial, *parameters)


@mistake(
    "rnn_unroll",
    "Every step of yours reads the first input; step t reads inputs[t].",
)
def first_input_at_every_step(inputs, initial, *parameters):
    """Read inputs[0] over and over."""
    repeated = inputs[:1].expand(inputs.shape)
    return rnn_unroll(repeated, initial, *parameters)


@mistake(
    "rnn_unroll",
    "You go through the sequence backwards and return the hidden states in "
    "that order.",
)
def reversed_in_time(inputs, initial, *parameters):
    """Read the last input first."""
    return rnn_unroll(inputs.flip(0), initial, *parameters)


@mistake(
    "rnn_unroll",
    "You go through the sequence backwards, as the backward half of a "
    "bidirectional layer does.",
)
def backward_direction(inputs, initial, *parameters):
    """Read the last input first and put the outputs back in order."""
    hidden_states, state = reversed_in_time(inputs, initial, *parameters)
    return hidden_states.flip(0), state


@mistake(
    "rnn_unroll",
    "You read inputs as (batch, seq_len, input_size), but stack the hidden "
    "states along time; time is axis 0.",
)
def batch_first_inputs(inputs, initial, *parameters):
    """Take axis 1 for time when reading."""
    return rnn_unroll(inputs.transpose(0, 1), initial, *parameters)


@mistake(
    "rnn_unroll",
    "You take axis 1 for time, in inputs and in hidden_states; time is axis 0 "
    "in both.",
)
def batch_first(inputs, initial, *parameters):
    """Work with the batch first throughout."""
    hidden_states, state = batch_first_inputs(inputs, initial, *parameters)
    return hidden_states.transpose(0, 1), state


def _inherited(variant):
    """Return the right loop over a wrong step."""

    def unroll(inputs, state, *parameters):
        hidden_states = []
        for x in inputs:
            state = variant(x, state, *parameters)
            hidden_states.append(state)
        return torch.stack(hidden_states), state

    return unroll


#: The same here as there: "detached" is the loop's mistake as well.
_OURS_TOO = {"hidden-state-detached", "residual"}

# Whoever builds rnn_unroll on a wrong rnn_step is sent back to that one.
MISTAKES.extend(
    Mistake(
        "rnn_unroll",
        f"rnn-step-{wrong.id}",
        "The loop is right; the step inside it is not. Check rnn_step, which "
        "names the mistake, and mend that first.",
        _inherited(wrong.variant),
    )
    for wrong in tuple(MISTAKES)
    if wrong.check == "rnn_step" and wrong.id not in _OURS_TOO
)
