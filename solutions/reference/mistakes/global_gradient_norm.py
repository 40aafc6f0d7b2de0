"""Mistakes in global_gradient_norm."""

import torch

from reference.catalogue import mistake
from reference.mistakes.clipping_parts import gradients, length, sum_of

_NAME = "global_gradient_norm"


@mistake(_NAME, "You return the sum of the squares, without the square root.")
def square_root_missing(parameters):
    """Stop before the root."""
    return length(gradients(parameters)) ** 2


@mistake(
    _NAME,
    "You add up the norms of the tensors; it is their squares that add up.",
)
def sum_of_norms(parameters):
    """Add lengths that point in different directions."""
    return sum_of(gradients(parameters), torch.linalg.vector_norm)


@mistake(_NAME, "You average the norms of the tensors.")
def mean_of_norms(parameters):
    """Average the lengths of the pieces."""
    held = gradients(parameters)
    return sum_of(held, torch.linalg.vector_norm) / max(len(held), 1)


@mistake(_NAME, "You return the largest of the tensors' own norms.")
def largest_tensor_norm(parameters):
    """Return the norm of the longest piece."""
    norms = [g.norm() for g in gradients(parameters)]
    return max(norms, default=torch.zeros(()))


@mistake(_NAME, "You add up absolute values: that is the L1 norm, not L2.")
def absolute_values_summed(parameters):
    """Return the L1 norm."""
    return sum_of(gradients(parameters), lambda g: g.abs().sum())


@mistake(_NAME, "You return the largest absolute value: the maximum norm.")
def largest_entry(parameters):
    """Return the maximum norm."""
    sizes = [g.abs().max() for g in gradients(parameters)]
    return max(sizes, default=torch.zeros(()))


@mistake(
    _NAME,
    "You take the mean of the squares over all entries; the norm has no mean.",
)
def root_mean_square(parameters):
    """Divide by the number of entries."""
    held = gradients(parameters)
    return length(held) / max(sum(g.numel() for g in held), 1) ** 0.5


@mistake(
    _NAME,
    "You take the mean of the squares in each tensor; the norm has no mean.",
)
def mean_square_per_tensor(parameters):
    """Use mean() where sum() belongs."""
    held = gradients(parameters)
    return sum_of(held, lambda g: (g * g).mean()).sqrt()


@mistake(
    _NAME,
    "You square the sum of each tensor's entries. Square first, then sum.",
)
def squares_of_sums(parameters):
    """Let positive and negative entries cancel."""
    return sum_of(gradients(parameters), lambda g: g.sum() ** 2).sqrt()


@mistake(_NAME, "You measure the parameters themselves, not their gradients.")
def norm_of_the_weights(parameters):
    """Return the norm of the weights."""
    return length([p for p in parameters if p.grad is not None])


@mistake(
    _NAME,
    "Only the first gradient counts; go on with the others.",
)
def returns_inside_the_loop(parameters):
    """Indent the return by one level too many."""
    return length(gradients(parameters)[:1])


@mistake(
    _NAME,
    "Only the last gradient counts; add up over all of them.",
)
def sum_starts_anew(parameters):
    """Write = where += belongs."""
    return length(gradients(parameters)[-1:])


@mistake(
    _NAME,
    "You work with a gradient that is None. Skip the parameters without one.",
)
def none_not_skipped(parameters):
    """Call a method of None where nothing was computed yet."""
    return length([p.grad.detach() for p in parameters])


@mistake(
    _NAME,
    "You walk through `parameters` twice; a generator is empty by then.",
)
def generator_used_up(parameters):
    """Count first, sum afterwards."""
    if sum(1 for _ in parameters) == 0:
        return torch.zeros(())
    return length(gradients(parameters))


@mistake(
    _NAME,
    "`next` takes the first parameter out of the generator, so it is missing.",
)
def first_one_taken_out(parameters):
    """Look at the first parameter to learn the device."""
    iterator = iter(parameters)
    held = next(iterator)
    again = iterator if iterator is parameters else parameters
    return length(gradients(again)).to(held.device)


@mistake(
    _NAME,
    "torch.stack needs at least one tensor. Return a 0 where there is none.",
)
def nothing_to_stack(parameters):
    """Forget that there may be no gradient."""
    norms = [g.norm() for g in gradients(parameters)]
    return torch.stack(norms).norm()


@mistake(
    _NAME,
    "torch.cat needs at least one tensor. Return a 0 where there is none.",
)
def nothing_to_join(parameters):
    """Forget the same with torch.cat."""
    return torch.cat([g.flatten() for g in gradients(parameters)]).norm()


@mistake(
    _NAME,
    "The sum of nothing is the integer 0, not a tensor. Start at a tensor.",
)
def sum_of_nothing_is_a_number(parameters):
    """Rely on sum()'s start value."""
    return sum((g * g).sum() for g in gradients(parameters)) ** 0.5


@mistake(
    _NAME,
    "The number is right, its shape is not: torch.zeros(1) has an axis.",
)
def sum_with_an_axis(parameters):
    """Start the sum at a tensor of shape (1,)."""
    return length(gradients(parameters)).reshape(1)


@mistake(
    _NAME,
    "You divide the gradients by their norm as well. Only measure them.",
)
def gradients_normalized(parameters):
    """Change what should only be read."""
    held = gradients(parameters)
    total = length(held)
    for gradient in held:
        gradient.div_(total)
    return total
