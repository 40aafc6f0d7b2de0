"""Mistakes in clip_by_norm: the norm and the factor."""

import math

import torch

from reference.catalogue import mistake
from reference.mistakes.clipping_parts import (
    clip,
    gradients,
    length,
    needed,
    refuse,
    sum_of,
)

_NAME = "clip_by_norm"


@mistake(
    _NAME,
    "You clip each tensor by its own norm; one norm of all is asked for.",
)
def each_tensor_alone(parameters, max_norm, error_if_nonfinite=False):
    """Turn the gradient by shortening some tensors more than others."""
    held = gradients(parameters)
    total = length(held)
    refuse(total, error_if_nonfinite)
    for gradient in held:
        clip([_with(gradient)], max_norm, strict=False)
    return total


@mistake(
    _NAME,
    "You decide by the norm of all, but divide each tensor by its own norm.",
)
def each_tensor_by_its_own_norm(
    parameters, max_norm, error_if_nonfinite=False
):
    """Use the right norm for the question and a wrong one for the answer."""
    held = gradients(parameters)
    total = length(held)
    refuse(total, error_if_nonfinite)
    if total > max_norm:
        for gradient in held:
            gradient.mul_(max_norm / gradient.norm())
    return total


@mistake(
    _NAME, "You limit each entry: that is clipping by value, not by norm."
)
def clipped_by_value(parameters, max_norm, error_if_nonfinite=False):
    """Write the other task."""
    held = gradients(parameters)
    total = length(held)
    refuse(total, error_if_nonfinite)
    for gradient in held:
        gradient.clamp_(-max_norm, max_norm)
    return total


@mistake(
    _NAME, "Your norm is the sum of the squares: the square root is missing."
)
def square_root_missing(parameters, max_norm, error_if_nonfinite=False):
    """Use the square of the norm."""
    return clip(
        parameters,
        max_norm,
        error_if_nonfinite,
        norm=lambda held: sum_of(held, lambda g: (g * g).sum()),
    )


@mistake(_NAME, "Your norm adds up absolute values: that is L1, not L2.")
def absolute_values_summed(parameters, max_norm, error_if_nonfinite=False):
    """Use the L1 norm."""
    return clip(
        parameters,
        max_norm,
        error_if_nonfinite,
        norm=lambda held: sum_of(held, lambda g: g.abs().sum()),
    )


@mistake(_NAME, "Your norm is the largest absolute value: the maximum norm.")
def largest_entry(parameters, max_norm, error_if_nonfinite=False):
    """Use the maximum norm."""
    return clip(
        parameters,
        max_norm,
        error_if_nonfinite,
        norm=lambda held: torch.stack([g.abs().max() for g in held]).max(),
    )


@mistake(
    _NAME, "Your norm adds up the norms of the tensors, not their squares."
)
def sum_of_norms(parameters, max_norm, error_if_nonfinite=False):
    """Add lengths that point in different directions."""
    return clip(
        parameters,
        max_norm,
        error_if_nonfinite,
        norm=lambda held: sum_of(held, torch.linalg.vector_norm),
    )


@mistake(_NAME, "Your norm takes the mean of the squares over all entries.")
def root_mean_square(parameters, max_norm, error_if_nonfinite=False):
    """Use a mean where a sum belongs."""

    def norm(held):
        return length(held) / math.sqrt(sum(g.numel() for g in held))

    return clip(parameters, max_norm, error_if_nonfinite, norm=norm)


@mistake(
    _NAME,
    "You scale to max_norm always, also a gradient that is shorter than that.",
)
def always_scaled(parameters, max_norm, error_if_nonfinite=False):
    """Normalize every gradient."""
    return clip(
        parameters,
        max_norm,
        error_if_nonfinite,
        factor=lambda norm, threshold: threshold / norm,
    )


@mistake(
    _NAME,
    "max_norm / (norm + 1e-6) is used as it is. Where it exceeds 1, use 1.",
)
def factor_not_limited(parameters, max_norm, error_if_nonfinite=False):
    """Forget the clamp that belongs to torch's form."""
    return clip(
        parameters,
        max_norm,
        error_if_nonfinite,
        factor=lambda norm, threshold: threshold / (norm + 1e-6),
    )


@mistake(
    _NAME,
    "You clip where the norm is smaller than max_norm: the comparison is "
    "reversed.",
)
def comparison_reversed(parameters, max_norm, error_if_nonfinite=False):
    """Write < where > belongs."""

    def factor(norm, threshold):
        return threshold / norm if norm < threshold else None

    return clip(parameters, max_norm, error_if_nonfinite, factor=factor)


@mistake(_NAME, "Your factor is norm / max_norm; it is the other way round.")
def factor_upside_down(parameters, max_norm, error_if_nonfinite=False):
    """Make long gradients longer."""

    def factor(norm, threshold):
        return norm / threshold if norm > threshold else None

    return clip(parameters, max_norm, error_if_nonfinite, factor=factor)


@mistake(_NAME, "You multiply by max_norm without dividing by the norm.")
def not_divided(parameters, max_norm, error_if_nonfinite=False):
    """Forget the denominator."""

    def factor(norm, threshold):
        return threshold if norm > threshold else None

    return clip(parameters, max_norm, error_if_nonfinite, factor=factor)


@mistake(_NAME, "You divide by the norm without multiplying by max_norm.")
def not_multiplied(parameters, max_norm, error_if_nonfinite=False):
    """Always scale to norm 1."""

    def factor(norm, threshold):
        return 1 / norm if norm > threshold else None

    return clip(parameters, max_norm, error_if_nonfinite, factor=factor)


@mistake(
    _NAME,
    "You divide by the norm and multiply again: it rounds, and 0 / 0 is NaN.",
)
def divided_by_zero(parameters, max_norm, error_if_nonfinite=False):
    """Compute 0 / 0 where nothing was to be done."""
    held = gradients(parameters)
    total = length(held)
    refuse(total, error_if_nonfinite)
    for gradient in held:
        gradient.div_(total).mul_(torch.clamp(total, max=max_norm))
    return total


@mistake(_NAME, "Your threshold is max_norm divided by the number of tensors.")
def threshold_per_tensor(parameters, max_norm, error_if_nonfinite=False):
    """Share the threshold out among the tensors."""
    held = gradients(parameters)
    total = length(held)
    refuse(total, error_if_nonfinite)
    number = needed(total, max_norm / len(held))
    if number is not None:
        for gradient in held:
            gradient.mul_(number)
    return total


@mistake(
    _NAME,
    "You measure the norm anew for each tensor, after others were scaled.",
)
def norm_inside_the_loop(parameters, max_norm, error_if_nonfinite=False):
    """Compute the factor inside the loop that changes the norm."""
    held = gradients(parameters)
    total = length(held)
    refuse(total, error_if_nonfinite)
    for gradient in held:
        now = length(held)
        if now > max_norm:
            gradient.mul_(max_norm / now)
    return total


def _with(gradient):
    """Return a parameter that holds a gradient."""
    parameter = torch.nn.Parameter(torch.empty_like(gradient))
    parameter.grad = gradient
    return parameter
