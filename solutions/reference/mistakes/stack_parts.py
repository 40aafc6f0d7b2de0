"""A stack with replaceable parts, to build wrong ones from."""

import torch

from reference.vanishing import rnn_step, rnn_unroll


def above_plain(_layer, _read, states):
    """Return what the next layer reads: the hidden states."""
    return states


def above_with_skip(layer, read, states):
    """Return what the next layer reads: a sum from the second layer on."""
    return states if layer == 0 else read + states


def run(arguments, **parts):
    """Run a stack of which some parts are replaced.

    Args:
        arguments: Those of ``stacked_rnn``.
        **parts: ``above`` (what the next layer reads, of layer, read and
            states), ``start`` (initial hidden state of a layer),
            ``parameters`` (of a layer), ``unroll``.
    """
    inputs, initial, layers = arguments
    start = parts.get("start", lambda initial, layer: initial[layer])
    pick = parts.get("parameters", lambda layers, layer: layers[layer])
    above = parts.get("above", above_plain)
    unroll = parts.get("unroll", rnn_unroll)
    read, lasts = inputs, []
    for layer in range(len(layers)):
        states, last = unroll(
            read, start(initial, layer), *pick(layers, layer)
        )
        lasts.append(last)
        read = above(layer, read, states)
    return read, torch.stack(lasts)


def added_inside(read, state, *parameters):
    """Unroll with the input added to the state that is carried on."""
    states = []
    for x in read:
        new = rnn_step(x, state, *parameters)
        state = new + x if x.shape == new.shape else new
        states.append(state)
    return torch.stack(states), state


def both_ways(arguments, **parts):
    """Run a bidirectional stack of which some parts are replaced.

    Args:
        arguments: Those of ``stacked_bidirectional``.
        **parts: ``join`` (forward and backward states, in time order),
            ``seen`` (what the backward direction reads), ``turned`` (its
            states, put in time order), ``place`` of a direction's initial
            hidden state, ``order`` of the parameters, ``ends`` of a layer.
    """
    inputs, initial, layers = arguments
    join = parts.get("join", lambda f, b: torch.cat([f, b], dim=2))
    seen = parts.get("seen", lambda read: read.flip(0))
    turned = parts.get("turned", lambda states: states.flip(0))
    place = parts.get("place", lambda layer, way, _: 2 * layer + way)
    order = parts.get("order", lambda pair: pair)
    ends = parts.get("ends", lambda f, b, _: [f, b])
    read, lasts = inputs, []
    for layer, pair in enumerate(layers):
        ahead, behind = order(pair)
        starts = [initial[place(layer, way, len(layers))] for way in range(2)]
        forward, first = rnn_unroll(read, starts[0], *ahead)
        backward, second = rnn_unroll(seen(read), starts[1], *behind)
        backward = turned(backward)
        lasts += ends(first, second, backward)
        read = join(forward, backward)
    return read, torch.stack(lasts)
