"""Mistakes in clip_by_value."""

import torch

from reference.catalogue import mistake
from reference.mistakes.clipping_parts import clip, gradients

_NAME = "clip_by_value"


@mistake(_NAME, "You limit from above alone; entries below -clip_value stay.")
def limited_from_above(parameters, clip_value):
    """Forget the negative side."""
    for gradient in gradients(parameters):
        gradient.clamp_(max=clip_value)


@mistake(_NAME, "You limit from below alone; entries above clip_value stay.")
def limited_from_below(parameters, clip_value):
    """Forget the positive side."""
    for gradient in gradients(parameters):
        gradient.clamp_(min=-clip_value)


@mistake(_NAME, "Your interval is [0, clip_value]: every negative entry is 0.")
def interval_from_zero(parameters, clip_value):
    """Clip to [0, clip_value]."""
    for gradient in gradients(parameters):
        gradient.clamp_(0, clip_value)


@mistake(
    _NAME,
    "You limit absolute values and lose the signs: no entry is negative.",
)
def signs_lost(parameters, clip_value):
    """Clip the absolute value and keep it."""
    for gradient in gradients(parameters):
        gradient.abs_().clamp_(max=clip_value)


@mistake(
    _NAME, "You scale by the norm; each entry is clipped on its own here."
)
def clipped_by_norm(parameters, clip_value):
    """Write the other task."""
    clip(parameters, clip_value, strict=False)


@mistake(
    _NAME,
    "You scale each tensor so that its largest entry is clip_value.",
)
def scaled_by_largest_entry(parameters, clip_value):
    """Keep the direction of each tensor."""
    for gradient in gradients(parameters):
        largest = gradient.abs().max()
        if largest > clip_value:
            gradient.mul_(clip_value / largest)


@mistake(
    _NAME, "You set entries outside the interval to 0; set them to its end."
)
def outside_set_to_zero(parameters, clip_value):
    """Drop what is too large."""
    for gradient in gradients(parameters):
        gradient[gradient.abs() > clip_value] = 0


@mistake(
    _NAME,
    "Every entry becomes clip_value with its sign, also those inside.",
)
def sign_times_value(parameters, clip_value):
    """Move every entry to an end of the interval."""
    for gradient in gradients(parameters):
        gradient.copy_(clip_value * torch.sign(gradient))


@mistake(
    _NAME,
    "Entries below -clip_value become +clip_value; the sign is lost there.",
)
def same_end_for_both_sides(parameters, clip_value):
    """Put in clip_value wherever the absolute value exceeds it."""
    for gradient in gradients(parameters):
        gradient[gradient.abs() > clip_value] = clip_value


@mistake(_NAME, "Your interval is [-1, 1], whatever clip_value is.")
def interval_fixed(parameters, clip_value):
    """Ignore the threshold."""
    del clip_value
    for gradient in gradients(parameters):
        gradient.clamp_(-1, 1)


@mistake(_NAME, "You multiply by clip_value before you limit the entries.")
def scaled_before_limiting(parameters, clip_value):
    """Scale first."""
    for gradient in gradients(parameters):
        gradient.mul_(clip_value).clamp_(-clip_value, clip_value)


@mistake(
    _NAME,
    "The gradients do not change: nothing is written into p.grad.",
)
def gradients_unchanged(parameters, clip_value):
    """Compute and drop the result."""
    for gradient in gradients(parameters):
        gradient.clamp(-clip_value, clip_value)


@mistake(_NAME, "You assign new tensors to p.grad in place of changing them.")
def gradient_replaced(parameters, clip_value):
    """Give every parameter a new gradient."""
    for parameter in parameters:
        if parameter.grad is not None:
            parameter.grad = parameter.grad.clamp(-clip_value, clip_value)


@mistake(_NAME, "You clip the weights; the gradients are left alone.")
def weights_clipped(parameters, clip_value):
    """Clip the wrong tensors."""
    for parameter in parameters:
        parameter.data.clamp_(-clip_value, clip_value)


@mistake(
    _NAME,
    "You clip the weights along with the gradients; leave the weights alone.",
)
def weights_clipped_too(parameters, clip_value):
    """Clip both tensors of a parameter."""
    for parameter in parameters:
        if parameter.grad is not None:
            parameter.data.clamp_(-clip_value, clip_value)
            parameter.grad.clamp_(-clip_value, clip_value)


@mistake(
    _NAME,
    "You work with a gradient that is None. Skip the parameters without one.",
)
def none_not_skipped(parameters, clip_value):
    """Call a method of None."""
    for parameter in parameters:
        parameter.grad.clamp_(-clip_value, clip_value)


@mistake(_NAME, "A gradient that was None is now a tensor of zeros.")
def none_becomes_zeros(parameters, clip_value):
    """Fill in what is missing."""
    for parameter in parameters:
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
        parameter.grad.clamp_(-clip_value, clip_value)


@mistake(
    _NAME,
    "The loop ends at the first parameter without a gradient; skip it only.",
)
def stops_at_none(parameters, clip_value):
    """Write return or break where continue belongs."""
    for parameter in parameters:
        if parameter.grad is None:
            return
        parameter.grad.clamp_(-clip_value, clip_value)


@mistake(_NAME, "Only the first gradient is clipped; go on with the others.")
def returns_inside_the_loop(parameters, clip_value):
    """Indent the return by one level too many."""
    for gradient in gradients(parameters):
        gradient.clamp_(-clip_value, clip_value)
        return


@mistake(
    _NAME,
    "You walk through `parameters` twice; a generator is empty by then.",
)
def generator_used_up(parameters, clip_value):
    """Count first, clip afterwards."""
    if sum(1 for _ in parameters):
        for gradient in gradients(parameters):
            gradient.clamp_(-clip_value, clip_value)
