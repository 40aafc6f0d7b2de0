"""Instruments: what a far past adds to a gradient, and what it tells."""

from typing import NamedTuple

import torch
from torch.func import functional_call

#: So many sequences, with either bit, are enough to measure a spread.
_SPREAD = 4


def ordered_fraction(gradient_norms):
    """Return how many sequences have gradients that fall at every step back.

    Args:
        gradient_norms: Norm of the gradient by each hidden state.

    Equations:
        eq-ordering

    Shapes:
        gradient_norms: (seq_len, batch), entry k belongs to lag k

    Returns:
        float: the fraction of the batch in which each entry is smaller than
        the one before it.

    Example:
        >>> ordered_fraction(torch.tensor([[3.0, 3.0], [2.0, 4.0]]))
        0.5
    """
    falls = gradient_norms[1:] < gradient_norms[:-1]
    return falls.all(dim=0).double().mean().item()


def weight_gradient_parts(layer, inputs, loss_fn):
    """Split the gradient of the recurrent weights by the step it came from.

    Every step gets a copy of the recurrent weights of its own. The gradient
    by a copy is what that step adds to the gradient of the weights.

    Args:
        layer: torch.nn.RNN, GRU or LSTM with one layer, one direction.
        inputs: What it reads; the state before it is 0.
        loss_fn: Maps the last hidden states to a loss.

    Equations:
        eq-weight-parts

    Shapes:
        inputs:  (seq_len, batch, input_size)
        loss_fn: (batch, hidden_size) -> ()
        returns: (seq_len, rows, hidden_size), entry k belongs to lag k

    Returns:
        Tensor: the parts; their sum is the gradient of the weights.
    """
    copies, state = [], None
    for x in inputs:
        weight = layer.weight_hh_l0.detach().clone().requires_grad_()
        copies.append(weight)
        arguments = (x[None],) if state is None else (x[None], state)
        hidden_states, state = functional_call(
            layer, {"weight_hh_l0": weight}, arguments
        )
    parts = torch.autograd.grad(loss_fn(hidden_states[-1]), copies)
    return torch.stack(parts).flip(0)


class Telling(NamedTuple):
    """How well a gradient tells whether there is a dependency.

    Attributes:
        signal: Norm of the difference of two expected gradients: where the
            last target is the first bit, and where it is a coin's.
        noise: Root mean square deviation of one sequence's gradient from
            the mean of all, where the target is the bit; measured on the
            first four sequences with either bit.
        sequences: How many sequences a batch must hold before the sampling
            error of its mean gradient is no larger than the signal.
    """

    signal: float
    noise: float
    sequences: float


def tell_apart(layer, readout, inputs):
    """Compare the gradients of a task with and one without a dependency.

    Both tasks have the same inputs, whose first step carries a bit in
    feature 0, and a binary target at the end with the cross-entropy as its
    loss. In one task the target is the bit, in the other one a fair coin.
    That gradient is linear in the target, so the difference of the two
    expectations needs no sampling of targets: it is a quarter of the
    difference that the bit makes to the gradient of the logit.

    Args:
        layer: torch.nn.RNN, GRU or LSTM, time-major.
        readout: Maps the last hidden states to logits.
        inputs: The sequences; feature 0 of the first step is replaced.

    Equations:
        eq-tell-apart

    Shapes:
        inputs:  (seq_len, batch, input_size)
        readout: (batch, hidden_size) -> (batch, 1)

    Returns:
        Telling: floats; the gradient is that by all parameters of the layer.
    """
    parameters = list(layer.parameters())
    logits = {}
    for bit in (0, 1):
        given = inputs.clone()
        given[0, :, 0] = 2.0 * bit - 1.0
        logits[bit] = readout(layer(given)[0][-1])[:, 0]
    effect = _gradient((logits[1] - logits[0]).mean(), parameters) / 4
    each = [
        ((logit.sigmoid() - bit).detach() * logit)[:_SPREAD]
        for bit, logit in logits.items()
    ]
    gradients = torch.stack(
        [_gradient(loss, parameters) for loss in torch.cat(each)]
    )
    apart = gradients - gradients.mean(dim=0)
    noise = float(apart.square().sum(dim=1).mean().sqrt())
    signal = float(effect.norm())
    needed = (noise / signal) ** 2 if signal else float("inf")
    return Telling(signal, noise, needed)


def _gradient(scalar, parameters):
    """Return a gradient by all parameters as one vector; keep the graph."""
    parts = torch.autograd.grad(scalar, parameters, retain_graph=True)
    return torch.cat([part.flatten() for part in parts])
