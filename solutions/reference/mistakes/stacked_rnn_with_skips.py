"""Mistakes in stacked_rnn_with_skips: where the addition is."""

import torch

from reference.catalogue import mistake
from reference.mistakes.stack_parts import above_with_skip, added_inside, run
from reference.stacks import stacked_rnn
from reference.vanishing import rnn_unroll


@mistake(
    "stacked_rnn_with_skips",
    "Nothing is added here: these are the numbers of the stack without skips.",
)
def no_skips(*arguments):
    """Do the task before."""
    return stacked_rnn(*arguments)


@mistake(
    "stacked_rnn_with_skips",
    "You add inside the recurrence: the sum goes to the layer's next step. "
    "Add after the layer has run.",
)
def inside_the_recurrence(*arguments):
    """Carry the sum from step to step."""
    layers = arguments[2]

    def unroll(read, state, *parameters):
        lowest = parameters is layers[0] or all(
            a is b for a, b in zip(parameters, layers[0], strict=True)
        )
        how = rnn_unroll if lowest else added_inside
        return how(read, state, *parameters)

    return run(arguments, unroll=unroll)


@mistake(
    "stacked_rnn_with_skips",
    "You add the first layer's hidden states to every layer; add what that "
    "layer itself read.",
)
def first_layer_added_everywhere(*arguments):
    """Take all skips from the lowest layer."""
    kept = []

    def above(layer, _read, states):
        kept.append(states)
        return states if layer == 0 else states + kept[0]

    return run(arguments, above=above)


@mistake(
    "stacked_rnn_with_skips",
    "Your skips reach the result alone: each layer reads the plain hidden "
    "states of the one below, without the sum.",
)
def summed_at_the_end(*arguments):
    """Add all layers up, with no layer reading a sum."""
    total = []

    def above(_layer, _read, states):
        total.append(states)
        return states

    _, lasts = run(arguments, above=above)
    return sum(total), lasts


@mistake(
    "stacked_rnn_with_skips",
    "Your outputs are right; last_hidden_states must hold the hidden states "
    "themselves, not the sums.",
)
def sums_as_last_states(inputs, initial, layers):
    """Return the last output of each layer as its state."""
    sums = []

    def above(layer, read, states):
        sums.append(above_with_skip(layer, read, states))
        return sums[-1]

    outputs, _ = run((inputs, initial, layers), above=above)
    return outputs, torch.stack([each[-1] for each in sums])


@mistake(
    "stacked_rnn_with_skips",
    "Your outputs are averages; what a layer read and its hidden states are "
    "added up as they are.",
)
def averaged(*arguments):
    """Divide each sum by 2."""
    return run(
        arguments,
        above=lambda layer, read, states: (
            states if layer == 0 else (read + states) / 2
        ),
    )


@mistake(
    "stacked_rnn_with_skips",
    "You put tanh around the sum; nothing comes after the addition.",
)
def squashed(*arguments):
    """Apply tanh to the sum."""
    return run(
        arguments,
        above=lambda layer, read, states: (
            states if layer == 0 else torch.tanh(read + states)
        ),
    )


@mistake(
    "stacked_rnn_with_skips",
    "Your numbers are right, but the skip is detached: its gradient, the "
    "short way down, is lost.",
)
def skip_detached(*arguments):
    """Cut the graph in the skip."""
    return run(
        arguments,
        above=lambda layer, read, states: (
            states if layer == 0 else read.detach() + states
        ),
    )


@mistake(
    "stacked_rnn_with_skips",
    "Your first layer adds its inputs where the sizes allow it; it never "
    "adds.",
)
def first_layer_adds_where_it_fits(*arguments):
    """Decide by the shapes."""
    return run(
        arguments,
        above=lambda _layer, read, states: (
            read + states if read.shape == states.shape else states
        ),
    )


@mistake(
    "stacked_rnn_with_skips",
    "You return the last layer's hidden states; its output is the sum of "
    "what it read and of these.",
)
def states_of_the_top_returned(*arguments):
    """Return the hidden states before the last addition."""
    kept = []

    def above(layer, read, states):
        kept.append(states)
        return above_with_skip(layer, read, states)

    _, lasts = run(arguments, above=above)
    return 1 * kept[-1], lasts


@mistake(
    "stacked_rnn_with_skips",
    "Every layer of yours starts from layer 0's initial hidden state; each "
    "has its own.",
)
def one_start_for_all(*arguments):
    """Take initial_hidden_states[0] throughout."""
    return run(
        arguments, above=above_with_skip, start=lambda initial, _: initial[0]
    )
