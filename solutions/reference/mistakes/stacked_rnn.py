"""Mistakes in stacked_rnn: who reads what, and what is returned."""

import torch

from reference.catalogue import mistake
from reference.mistakes.stack_parts import above_with_skip, run
from reference.stacks import stacked_rnn


@mistake(
    "stacked_rnn",
    "Every layer of yours starts from layer 0's initial hidden state; each "
    "has its own in initial_hidden_states.",
)
def one_start_for_all(*arguments):
    """Take initial_hidden_states[0] throughout."""
    return run(arguments, start=lambda initial, _: initial[0])


@mistake(
    "stacked_rnn",
    "A layer of yours starts where the layer below ended; it starts from its "
    "own initial hidden state.",
)
def started_from_the_layer_below(inputs, initial, layers):
    """Hand the last hidden state upwards."""
    state, read, lasts = initial[0], inputs, []
    for layer in layers:
        read, state = _one(read, state, layer)
        lasts.append(state)
    return read, torch.stack(lasts)


def _one(read, state, layer):
    states, lasts = stacked_rnn(read, state[None], [layer])
    return states, lasts[0]


@mistake(
    "stacked_rnn",
    "Your layers start from zeros; each starts from its entry of "
    "initial_hidden_states.",
)
def starts_ignored(*arguments):
    """Start every layer at 0."""
    return run(arguments, start=lambda initial, layer: 0 * initial[layer])


@mistake(
    "stacked_rnn",
    "You go through layers from the last to the first; the first entry is "
    "the lowest layer.",
)
def upside_down(inputs, initial, layers):
    """Begin at the highest layer."""
    return stacked_rnn(inputs, initial.flip(0), layers[::-1])


@mistake(
    "stacked_rnn",
    "You leave the highest layer out.",
)
def highest_layer_missing(inputs, initial, layers):
    """Stop one layer early."""
    return run((inputs, initial, layers[:-1] or layers * 0))


@mistake(
    "stacked_rnn",
    "Your layers add what they read to their hidden states; that is the "
    "stack with skips, the next task.",
)
def with_skips(*arguments):
    """Do the next task."""
    return run(arguments, above=above_with_skip)


@mistake(
    "stacked_rnn",
    "A layer of yours reads only the last hidden state of the one below, at "
    "every step; it reads the state of the same step.",
)
def last_state_read_throughout(*arguments):
    """Feed the last hidden state at every step."""

    def repeated(layer, _read, states):
        top = layer == len(arguments[2]) - 1
        return states if top else states[-1:].expand(states.shape)

    return run(arguments, above=repeated)


@mistake(
    "stacked_rnn",
    "A layer of yours reads the state below of the step before; it reads that "
    "of the same step.",
)
def one_step_late(inputs, initial, layers):
    """Delay each layer by one step."""

    def late(layer, _read, states):
        top = layer == len(layers) - 1
        before = torch.cat([initial[layer][None], states[:-1]])
        return states if top else before

    return run((inputs, initial, layers), above=late)


@mistake(
    "stacked_rnn",
    "Your hidden_states are right; last_hidden_states must have an entry for "
    "every layer, not for the highest alone.",
)
def last_layer_alone(*arguments):
    """Return one last hidden state."""
    hidden_states, lasts = stacked_rnn(*arguments)
    return hidden_states, lasts[-1]


@mistake(
    "stacked_rnn",
    "Your hidden_states are right; last_hidden_states runs from the highest "
    "layer to the lowest and must begin with the lowest.",
)
def lasts_upside_down(*arguments):
    """Insert every last hidden state in front."""
    hidden_states, lasts = stacked_rnn(*arguments)
    return hidden_states, lasts.flip(0)


@mistake(
    "stacked_rnn",
    "Your numbers are right, but the graph is cut between the layers: the "
    "lower ones would never learn.",
)
def detached_between_layers(*arguments):
    """Detach what the next layer reads."""

    def cut(layer, _read, states):
        top = layer == len(arguments[2]) - 1
        return states if top else states.detach()

    return run(arguments, above=cut)


@mistake(
    "stacked_rnn",
    "You return the hidden states of all layers; hidden_states are those of "
    "the highest alone.",
)
def all_layers_returned(inputs, initial, layers):
    """Return the whole grid."""
    grid = []

    def keep(_layer, _read, states):
        grid.append(states)
        return states

    _, lasts = run((inputs, initial, layers), above=keep)
    return torch.stack(grid), lasts
