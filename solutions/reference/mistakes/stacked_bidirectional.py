"""Mistakes in stacked_bidirectional: order in time, of directions, layers."""

import torch

from reference.catalogue import mistake
from reference.mistakes.stack_parts import both_ways
from reference.stacks import stacked_bidirectional


@mistake(
    "stacked_bidirectional",
    "Your backward states are not turned round again: entry t is joined with "
    "the state of another step.",
)
def not_turned_back(*arguments):
    """Leave the backward states in their own order."""
    return both_ways(arguments, turned=lambda states: states)


@mistake(
    "stacked_bidirectional",
    "Your backward direction reads the sequence forwards, with its own "
    "weights.",
)
def never_turned(*arguments):
    """Run both directions forwards."""
    return both_ways(
        arguments, seen=lambda read: read, turned=lambda states: states
    )


@mistake(
    "stacked_bidirectional",
    "Your backward direction reads the sequence forwards and only its states "
    "are turned round.",
)
def turned_after_alone(*arguments):
    """Flip the states and not what is read."""
    return both_ways(arguments, seen=lambda read: read)


@mistake(
    "stacked_bidirectional",
    "You join backward states first; the forward ones come first.",
)
def backward_first(*arguments):
    """Join in the wrong order."""
    return both_ways(arguments, join=lambda f, b: torch.cat([b, f], dim=2))


@mistake(
    "stacked_bidirectional",
    "You use the forward parameters in both directions; each direction has "
    "its own.",
)
def shared_parameters(*arguments):
    """Take the first of the pair twice."""
    return both_ways(arguments, order=lambda pair: (pair[0], pair[0]))


@mistake(
    "stacked_bidirectional",
    "You exchanged the two directions' parameters: the first of a pair "
    "belongs to the forward direction.",
)
def parameters_exchanged(*arguments):
    """Take the pair the other way round."""
    return both_ways(arguments, order=lambda pair: pair[::-1])


@mistake(
    "stacked_bidirectional",
    "You take initial_hidden_states for all forward ones followed by all "
    "backward ones; layer k has entries 2k and 2k + 1.",
)
def starts_by_direction(*arguments):
    """Read the initial states direction by direction."""
    return both_ways(
        arguments, place=lambda layer, way, count: way * count + layer
    )


@mistake(
    "stacked_bidirectional",
    "Your last_hidden_states are right but in another order: layer by layer, "
    "forward and backward of each.",
)
def lasts_by_direction(*arguments):
    """Return the last states direction by direction."""
    outputs, lasts = stacked_bidirectional(*arguments)
    return outputs, torch.cat([lasts[::2], lasts[1::2]])


@mistake(
    "stacked_bidirectional",
    "Your last backward state is taken at the last time step, where that "
    "direction has read one input; it ends at the first.",
)
def backward_state_at_the_wrong_end(*arguments):
    """Take the backward state at the last time step."""
    return both_ways(arguments, ends=lambda f, _, backward: [f, backward[-1]])


@mistake(
    "stacked_bidirectional",
    "Both directions of yours start from the forward one's initial hidden "
    "state.",
)
def one_start_for_both(*arguments):
    """Use one initial state a layer."""
    return both_ways(arguments, place=lambda layer, _way, _count: 2 * layer)


@mistake(
    "stacked_bidirectional",
    "You return the last hidden states of the highest layer alone; every "
    "layer has two.",
)
def highest_layer_alone(*arguments):
    """Return two last states."""
    outputs, lasts = stacked_bidirectional(*arguments)
    return outputs, lasts[-2:]


@mistake(
    "stacked_bidirectional",
    "You add the two directions up; they are joined, side by side.",
)
def added_up(inputs, initial, layers):
    """Add the directions of the highest layer."""
    outputs, lasts = stacked_bidirectional(inputs, initial, layers)
    half = outputs.shape[2] // 2
    return outputs[..., :half] + outputs[..., half:], lasts
