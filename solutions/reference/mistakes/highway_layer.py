"""Mistakes in highway_layer: which way the gate opens, and what it reads."""

import torch

from reference.catalogue import mistake


def _layer(x, weights, gate=torch.sigmoid, squash=torch.tanh, mix=None):
    """Return the mixture; gate, squash and mix can be replaced."""
    weight_transform, bias_transform, weight_gate, bias_gate = weights
    opened = gate(x @ weight_gate.T + bias_gate)
    candidate = squash(x @ weight_transform.T + bias_transform)
    mix = mix or (lambda tau, new, old: tau * new + (1 - tau) * old)
    return mix(opened, candidate, x)


@mistake(
    "highway_layer",
    "Your gate is the wrong way round: where the transform gate is 0, x must "
    "come back.",
)
def gate_inverted(x, *weights):
    """Keep with the transform gate."""
    return _layer(
        x, weights, mix=lambda tau, new, old: (1 - tau) * new + tau * old
    )


@mistake(
    "highway_layer",
    "You add the whole of x; the carry gate, 1 minus the transform gate, "
    "stands before it.",
)
def carry_gate_left_out(x, *weights):
    """Write a residual layer with a gate."""
    return _layer(x, weights, mix=lambda tau, new, old: tau * new + old)


@mistake(
    "highway_layer",
    "You return the gated candidate alone; nothing of x is carried.",
)
def carry_left_out(x, *weights):
    """Forget the second half."""
    return _layer(x, weights, mix=lambda tau, new, old: tau * new + 0 * old)


@mistake(
    "highway_layer",
    "Your candidate is not gated: the transform gate stands before it.",
)
def candidate_without_gate(x, *weights):
    """Gate the input alone."""
    return _layer(x, weights, mix=lambda tau, new, old: new + (1 - tau) * old)


@mistake(
    "highway_layer",
    "Your gate reads the candidate; it reads x.",
)
def gate_reads_the_candidate(x, *weights):
    """Compute the gate from what it gates."""
    weight_transform, bias_transform, weight_gate, bias_gate = weights
    candidate = torch.tanh(x @ weight_transform.T + bias_transform)
    opened = torch.sigmoid(candidate @ weight_gate.T + bias_gate)
    return opened * candidate + (1 - opened) * x


@mistake(
    "highway_layer",
    "Your gate is a tanh, which runs from -1 to 1; a gate is a sigmoid.",
)
def gate_is_tanh(x, *weights):
    """Squash the gate like the candidate."""
    return _layer(x, weights, gate=torch.tanh)


@mistake(
    "highway_layer",
    "Your gate lacks the sigmoid.",
)
def gate_not_squashed(x, *weights):
    """Leave the gate linear."""
    return _layer(x, weights, gate=lambda opened: opened)


@mistake("highway_layer", "Your candidate lacks the tanh.")
def candidate_not_squashed(x, *weights):
    """Leave the candidate linear."""
    return _layer(x, weights, squash=lambda new: new)


@mistake("highway_layer", "Your candidate has ReLU where tanh belongs.")
def relu_for_tanh(x, *weights):
    """Take the other blocks' nonlinearity."""
    return _layer(x, weights, squash=torch.relu)


@mistake(
    "highway_layer",
    "You use the gate's parameters for the candidate and the candidate's for "
    "the gate.",
)
def parameters_swapped(x, *weights):
    """Mix up the two pairs."""
    return _layer(x, (*weights[2:], *weights[:2]))


@mistake("highway_layer", "Your gate lacks its bias.")
def gate_bias_left_out(x, *weights):
    """Forget what keeps the gate shut at first."""
    return _layer(x, (*weights[:3], 0 * weights[3]))


@mistake(
    "highway_layer",
    "Your bias_gate has the wrong sign: a negative one must carry.",
)
def gate_bias_subtracted(x, *weights):
    """Take the bias for the carry gate's."""
    return _layer(x, (*weights[:3], -weights[3]))
