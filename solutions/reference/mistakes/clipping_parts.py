"""What the mistakes of chapter 3 are put together from."""

import torch


def gradients(parameters):
    """Return the gradients that are there."""
    return [p.grad for p in parameters if p.grad is not None]


def length(tensors):
    """Return the norm of all tensors together; 0 where there are none."""
    return root(sum_of(tensors, lambda t: (t * t).sum()))


def root(number):
    """Return the square root."""
    return number.sqrt()


def sum_of(tensors, size):
    """Return the sum of a size over all tensors, a tensor without axes."""
    return sum(map(size, tensors), start=torch.zeros(()))


def clip(parameters, max_norm, strict, *, norm=length, factor=None):
    """Clip by a norm and with a factor of one's own; else as it should be.

    Args:
        parameters: Parameters, read once.
        max_norm: Threshold.
        strict: Whether to refuse what is not finite.
        norm: Maps the gradients to their norm.
        factor: Maps norm and threshold to the factor, or to None for none.
    """
    held = gradients(parameters)
    total = norm(held)
    refuse(total, strict)
    number = (factor or needed)(total, max_norm)
    if number is not None:
        for gradient in held:
            gradient.mul_(number)
    return total


def needed(total, max_norm):
    """Return the right factor, or None."""
    return max_norm / total if total > max_norm else None


def refuse(total, strict):
    """Raise as the task asks."""
    if strict and not torch.isfinite(total):
        raise RuntimeError("the gradient norm is not finite")
