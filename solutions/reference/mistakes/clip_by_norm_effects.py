"""Mistakes in clip_by_norm: what is changed, returned and refused."""

import torch

from reference.catalogue import mistake
from reference.mistakes.clipping_parts import (
    clip,
    gradients,
    length,
    needed,
    refuse,
)

_NAME = "clip_by_norm"


@mistake(
    _NAME,
    "The gradients do not change: nothing is written into p.grad.",
)
def gradients_unchanged(parameters, max_norm, error_if_nonfinite=False):
    """Compute and drop the result."""
    del max_norm
    total = length(gradients(parameters))
    refuse(total, error_if_nonfinite)
    return total


@mistake(_NAME, "You assign new tensors to p.grad in place of changing them.")
def gradient_replaced(parameters, max_norm, error_if_nonfinite=False):
    """Give every parameter a new gradient."""
    parameters = [p for p in parameters if p.grad is not None]
    total = length([p.grad for p in parameters])
    refuse(total, error_if_nonfinite)
    number = needed(total, max_norm)
    if number is not None:
        for parameter in parameters:
            parameter.grad = parameter.grad * number
    return total


@mistake(_NAME, "You scale the weights; the gradients are left alone.")
def weights_scaled(parameters, max_norm, error_if_nonfinite=False):
    """Change the wrong tensors."""
    parameters = list(parameters)
    total = length(gradients(parameters))
    refuse(total, error_if_nonfinite)
    number = needed(total, max_norm)
    if number is not None:
        for parameter in parameters:
            parameter.data.mul_(number)
    return total


@mistake(_NAME, "You measure and scale the weights, not the gradients.")
def weights_clipped(parameters, max_norm, error_if_nonfinite=False):
    """Read and change the wrong tensors."""
    weights = [parameter.data for parameter in parameters]
    total = length(weights)
    refuse(total, error_if_nonfinite)
    number = needed(total, max_norm)
    if number is not None:
        for weight in weights:
            weight.mul_(number)
    return total


@mistake(
    _NAME, "You return the norm after clipping; the norm before is asked for."
)
def norm_after_clipping(parameters, max_norm, error_if_nonfinite=False):
    """Measure again at the end."""
    held = gradients(parameters)
    clip([*_shells(held)], max_norm, error_if_nonfinite)
    return length(held)


@mistake(_NAME, "Your function ends without `return norm`.")
def returns_nothing(parameters, max_norm, error_if_nonfinite=False):
    """Clip in silence."""
    clip(parameters, max_norm, error_if_nonfinite)


@mistake(
    _NAME,
    "You return the factor that you scaled by; the norm is asked for.",
)
def returns_the_factor(parameters, max_norm, error_if_nonfinite=False):
    """Return the wrong one of two numbers."""
    total = clip(parameters, max_norm, error_if_nonfinite)
    return torch.clamp(max_norm / (total + 1e-6), max=1.0)


@mistake(
    _NAME,
    "You work with a gradient that is None. Skip the parameters without one.",
)
def none_not_skipped(parameters, max_norm, error_if_nonfinite=False):
    """Call a method of None."""
    parameters = list(parameters)
    total = torch.stack([p.grad.norm() for p in parameters]).norm()
    refuse(total, error_if_nonfinite)
    number = needed(total, max_norm)
    if number is not None:
        for parameter in parameters:
            parameter.grad.mul_(number)
    return total


@mistake(_NAME, "A gradient that was None is now a tensor of zeros.")
def none_becomes_zeros(parameters, max_norm, error_if_nonfinite=False):
    """Fill in what is missing."""
    parameters = list(parameters)
    for parameter in parameters:
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
    return clip(parameters, max_norm, error_if_nonfinite)


@mistake(
    _NAME,
    "You walk through `parameters` twice; a generator is empty by then.",
)
def generator_used_up(parameters, max_norm, error_if_nonfinite=False):
    """Measure first, scale afterwards, without a list between."""
    total = length(gradients(parameters))
    refuse(total, error_if_nonfinite)
    number = needed(total, max_norm)
    if number is not None:
        for gradient in gradients(parameters):
            gradient.mul_(number)
    return total


@mistake(_NAME, "error_if_nonfinite has no effect: nothing is ever raised.")
def never_refuses(parameters, max_norm, error_if_nonfinite=False):
    """Ignore the argument."""
    del error_if_nonfinite
    return clip(parameters, max_norm, strict=False)


@mistake(
    _NAME, "You raise for Inf and NaN also where error_if_nonfinite is False."
)
def always_refuses(parameters, max_norm, error_if_nonfinite=False):
    """Ignore the argument the other way."""
    del error_if_nonfinite
    return clip(parameters, max_norm, strict=True)


@mistake(_NAME, "You refuse NaN but let Inf through; isfinite covers both.")
def inf_overlooked(parameters, max_norm, error_if_nonfinite=False):
    """Ask isnan alone."""
    held = gradients(parameters)
    total = length(held)
    refuse(total, error_if_nonfinite and bool(total.isnan()))
    return clip(_shells(held), max_norm, strict=False)


@mistake(_NAME, "You refuse Inf but let NaN through; isfinite covers both.")
def nan_overlooked(parameters, max_norm, error_if_nonfinite=False):
    """Ask isinf alone."""
    held = gradients(parameters)
    total = length(held)
    refuse(total, error_if_nonfinite and bool(total.isinf()))
    return clip(_shells(held), max_norm, strict=False)


@mistake(
    _NAME, "You raise after you changed the gradients. Ask first, then scale."
)
def refuses_too_late(parameters, max_norm, error_if_nonfinite=False):
    """Scale by max_norm / Inf = 0, which turns Inf into NaN, then raise."""
    total = clip(parameters, max_norm, strict=False, factor=_limited)
    refuse(total, error_if_nonfinite)
    return total


def _limited(norm, max_norm):
    """Return torch's factor: at most 1, and NaN where the norm is."""
    return torch.clamp(max_norm / (norm + 1e-6), max=1.0)


def _shells(held):
    """Return parameters around gradients that were read already."""
    shells = []
    for gradient in held:
        shell = torch.nn.Parameter(torch.empty_like(gradient))
        shell.grad = gradient
        shells.append(shell)
    return shells
