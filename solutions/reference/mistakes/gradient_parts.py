"""The gradient's way back with replaceable parts, to build wrong ones."""

import torch

from reference.vanishing import rnn_unroll, step_jacobian


def back(gradient, jacobian):
    """Return the gradient one step earlier."""
    return (gradient.unsqueeze(1) @ jacobian).squeeze(1)


def visited(arguments):
    """Return the hidden states whose Jacobians are needed, last first."""
    return rnn_unroll(*arguments[:-1])[0][1:].flip(0)


def gradients(arguments, **parts):
    """Return the gradient at each lag, from 0 on.

    Args:
        arguments: Those of ``gradient_by_lag``.
        **parts: ``states`` to take the Jacobians at, ``jacobian`` of one
            state, ``back`` by one step, ``start``.
    """
    _, _, _, weight_hh, _, _, grad_hidden_state = arguments
    states = parts.get("states", visited)(arguments)
    jacobian = parts.get("jacobian", step_jacobian)
    found = [parts.get("start", grad_hidden_state)]
    for state in states:
        factor = jacobian(state, weight_hh)
        found.append(parts.get("back", back)(found[-1], factor))
    return found


def way_back(arguments, measure=torch.Tensor.norm, **parts):
    """Return one number for each gradient on the way back."""
    found = gradients(arguments, **parts)
    return torch.stack([measure(gradient) for gradient in found])
