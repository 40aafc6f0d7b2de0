"""Mistakes in lstm_unroll: the loop is right, what it returns is not."""

import torch

from reference.catalogue import MISTAKES, Mistake, mistake
from reference.lstm import lstm_step, lstm_unroll
from rnnlab.layout import LSTMState


def _trace(inputs, state, parameters):
    """Return the states before the first and after every step."""
    states = [state]
    for x in inputs:
        states.append(lstm_step(x, states[-1], *parameters))
    return states


def _hidden(states):
    return torch.stack([state.hidden_state for state in states])


@mistake(
    "lstm_unroll",
    "You put the initial hidden state in front; hidden_states begins after "
    "the first step.",
)
def initial_hidden_state_in_front(inputs, initial_state, *parameters):
    """Return one hidden state too many."""
    states = _trace(inputs, initial_state, parameters)
    return _hidden(states), states[-1]


@mistake(
    "lstm_unroll",
    "Your hidden_states are one step late: entry t holds the state before "
    "step t, not after it.",
)
def one_step_late(inputs, initial_state, *parameters):
    """Append before the step instead of after it."""
    states = _trace(inputs, initial_state, parameters)
    return _hidden(states[:-1]), states[-1]


@mistake(
    "lstm_unroll",
    "Your loop leaves the last input out: one step is missing.",
)
def last_step_left_out(inputs, initial_state, *parameters):
    """Stop one step early."""
    states = _trace(inputs[:-1], initial_state, parameters)
    return _hidden(states[1:]), states[-1]


@mistake(
    "lstm_unroll",
    "Your loop leaves the first input out: it begins with inputs[1].",
)
def first_step_left_out(inputs, initial_state, *parameters):
    """Begin one step late."""
    states = _trace(inputs[1:], initial_state, parameters)
    return _hidden(states[1:]), states[-1]


@mistake(
    "lstm_unroll",
    "What you return as hidden_states are the cell states.",
)
def cell_states_returned(inputs, initial_state, *parameters):
    """Collect the other half of the state."""
    states = _trace(inputs, initial_state, parameters)
    cell_states = torch.stack([state.cell_state for state in states[1:]])
    return cell_states, states[-1]


@mistake(
    "lstm_unroll",
    "You return the last hidden state alone; hidden_states holds that of "
    "every step.",
)
def last_hidden_state_alone(inputs, initial_state, *parameters):
    """Return one hidden state."""
    hidden_states, state = lstm_unroll(inputs, initial_state, *parameters)
    return hidden_states[-1], state


@mistake(
    "lstm_unroll",
    "All your hidden_states are the last one; every step must keep its own.",
)
def last_hidden_state_repeated(inputs, initial_state, *parameters):
    """Store the same state everywhere."""
    hidden_states, state = lstm_unroll(inputs, initial_state, *parameters)
    return hidden_states[-1:].expand(hidden_states.shape), state


@mistake(
    "lstm_unroll",
    "You joined the hidden states along the batch; they are stacked along a "
    "new first axis.",
)
def joined_instead_of_stacked(inputs, initial_state, *parameters):
    """Use torch.cat for torch.stack."""
    hidden_states, state = lstm_unroll(inputs, initial_state, *parameters)
    return hidden_states.flatten(0, 1), state


@mistake(
    "lstm_unroll",
    "You squeeze hidden_states, which takes an axis away wherever a size is "
    "1; the shape always has three axes.",
)
def squeezed(inputs, initial_state, *parameters):
    """Drop the axes of size 1."""
    hidden_states, state = lstm_unroll(inputs, initial_state, *parameters)
    return hidden_states.squeeze(), state


@mistake(
    "lstm_unroll",
    "Your hidden_states run backwards: the last step stands first.",
)
def hidden_states_run_backwards(inputs, initial_state, *parameters):
    """Insert every hidden state in front."""
    hidden_states, state = lstm_unroll(inputs, initial_state, *parameters)
    return hidden_states.flip(0), state


@mistake(
    "lstm_unroll",
    "Your hidden_states are right; the state you return is initial_state, not "
    "the state after the last step.",
)
def initial_state_returned(inputs, initial_state, *parameters):
    """Return the state that came in."""
    hidden_states, _ = lstm_unroll(inputs, initial_state, *parameters)
    return hidden_states, initial_state


@mistake(
    "lstm_unroll",
    "Your hidden_states are right; the state you return is that after the "
    "first step, not after the last.",
)
def first_state_returned(inputs, initial_state, *parameters):
    """Return the state after the first step."""
    states = _trace(inputs, initial_state, parameters)
    return _hidden(states[1:]), states[1]


@mistake(
    "lstm_unroll",
    "Your hidden_states are right; the two halves of the final state are in "
    "each other's place.",
)
def final_halves_exchanged(inputs, initial_state, *parameters):
    """Return the final state with the cell state first."""
    hidden_states, state = lstm_unroll(inputs, initial_state, *parameters)
    return hidden_states, LSTMState(*reversed(state))


@mistake(
    "lstm_unroll",
    "Your values are right, but hidden_states is detached from the graph: a "
    "loss on it would train nothing.",
)
def hidden_states_detached(inputs, initial_state, *parameters):
    """Fill hidden_states with numbers that have no history."""
    hidden_states, state = lstm_unroll(inputs, initial_state, *parameters)
    return hidden_states.detach(), state


def _inherited(variant):
    """Return the right loop over a wrong step."""

    def unroll(inputs, state, *parameters):
        hidden_states = []
        for x in inputs:
            state = variant(x, state, *parameters)
            hidden_states.append(state.hidden_state)
        return torch.stack(hidden_states), state

    return unroll


# Whoever builds lstm_unroll on a wrong lstm_step is sent back to that one.
MISTAKES.extend(
    Mistake(
        "lstm_unroll",
        f"lstm-step-{wrong.id}",
        "The loop is right; the step inside it is not. Check lstm_step, which "
        "names the mistake, and mend that first.",
        _inherited(wrong.variant),
    )
    for wrong in tuple(MISTAKES)
    if wrong.check == "lstm_step" and "detached" not in wrong.id
)
