"""Mistakes in rnn_unroll: the loop is right, what it returns is not."""

import torch

from reference.catalogue import mistake
from reference.vanishing import rnn_step, rnn_unroll


def _trace(inputs, state, parameters):
    """Return the hidden states before the first and after every step."""
    states = [state]
    for x in inputs:
        states.append(rnn_step(x, states[-1], *parameters))
    return states


@mistake(
    "rnn_unroll",
    "Your numbers are right, stacked along the wrong axis; time is axis 0 of "
    "hidden_states.",
)
def stacked_along_the_wrong_axis(*arguments):
    """Stack along axis 1."""
    hidden_states, state = rnn_unroll(*arguments)
    return hidden_states.transpose(0, 1), state


@mistake(
    "rnn_unroll",
    "You put the initial hidden state in front; hidden_states begins after "
    "the first step.",
)
def initial_hidden_state_in_front(inputs, initial, *parameters):
    """Return one hidden state too many."""
    states = _trace(inputs, initial, parameters)
    return torch.stack(states), states[-1]


@mistake(
    "rnn_unroll",
    "Your hidden_states are one step late: entry t holds the hidden state "
    "before step t, not after it.",
)
def one_step_late(inputs, initial, *parameters):
    """Append before the step instead of after it."""
    states = _trace(inputs, initial, parameters)
    return torch.stack(states[:-1]), states[-1]


@mistake(
    "rnn_unroll",
    "Your loop leaves the last input out: one step is missing.",
)
def last_step_left_out(inputs, initial, *parameters):
    """Stop one step early."""
    states = _trace(inputs[:-1], initial, parameters)
    return torch.stack(states[1:]), states[-1]


@mistake(
    "rnn_unroll",
    "Your loop leaves the first input out: it begins with inputs[1].",
)
def first_step_left_out(inputs, initial, *parameters):
    """Begin one step late."""
    states = _trace(inputs[1:], initial, parameters)
    return torch.stack(states[1:]), states[-1]


@mistake(
    "rnn_unroll",
    "You return the last hidden state twice; hidden_states holds that of "
    "every step.",
)
def last_hidden_state_twice(*arguments):
    """Return one hidden state in both places."""
    _, state = rnn_unroll(*arguments)
    return state, state


@mistake(
    "rnn_unroll",
    "You return all hidden states twice; hidden_state is the last of them "
    "alone.",
)
def all_hidden_states_twice(*arguments):
    """Return all hidden states in both places."""
    hidden_states, _ = rnn_unroll(*arguments)
    return hidden_states, hidden_states


@mistake(
    "rnn_unroll",
    "All your hidden_states are the last one; every step must keep its own.",
)
def last_hidden_state_repeated(*arguments):
    """Store the same hidden state everywhere."""
    hidden_states, state = rnn_unroll(*arguments)
    return hidden_states[-1:].expand(hidden_states.shape), state


@mistake(
    "rnn_unroll",
    "You joined the hidden states along the batch; they are stacked along a "
    "new first axis.",
)
def joined_instead_of_stacked(*arguments):
    """Use torch.cat for torch.stack."""
    hidden_states, state = rnn_unroll(*arguments)
    return hidden_states.flatten(0, 1), state


@mistake(
    "rnn_unroll",
    "You squeeze hidden_states, which takes an axis away wherever a size is "
    "1; the shape always has three axes.",
)
def squeezed(*arguments):
    """Drop the axes of size 1."""
    hidden_states, state = rnn_unroll(*arguments)
    return hidden_states.squeeze(), state


@mistake(
    "rnn_unroll",
    "Your hidden_states run backwards: the last step stands first.",
)
def hidden_states_run_backwards(*arguments):
    """Insert every hidden state in front."""
    hidden_states, state = rnn_unroll(*arguments)
    return hidden_states.flip(0), state


@mistake(
    "rnn_unroll",
    "Your two results are right, in the wrong order: hidden_states comes "
    "first.",
)
def results_in_the_wrong_order(*arguments):
    """Return the last hidden state first."""
    return tuple(reversed(rnn_unroll(*arguments)))


@mistake(
    "rnn_unroll",
    "Your hidden_states are right; the hidden state you return is "
    "initial_hidden_state, not the last one.",
)
def initial_state_returned(inputs, initial, *parameters):
    """Return the hidden state that came in."""
    hidden_states, _ = rnn_unroll(inputs, initial, *parameters)
    return hidden_states, 1 * initial


@mistake(
    "rnn_unroll",
    "Your hidden_states are right; the hidden state you return is the first "
    "of them, not the last.",
)
def first_state_returned(*arguments):
    """Return the hidden state after the first step."""
    hidden_states, _ = rnn_unroll(*arguments)
    return hidden_states, hidden_states[0]


@mistake(
    "rnn_unroll",
    "Your hidden_state has an axis of size 1 in front, as torch.nn.RNN has "
    "one for its layers; return (batch, hidden_size).",
)
def last_state_with_an_axis_for_layers(*arguments):
    """Return the shape that torch returns."""
    hidden_states, state = rnn_unroll(*arguments)
    return hidden_states, state[None]


@mistake(
    "rnn_unroll",
    "Your values are right, but hidden_states is detached from the graph: a "
    "loss on it would train nothing.",
)
def hidden_states_detached(*arguments):
    """Fill hidden_states with numbers that have no history."""
    hidden_states, state = rnn_unroll(*arguments)
    return hidden_states.detach(), state
